"""The sheet on which an author's `draw(data, canvas)` draws: axes already in the course's style.

One canvas is one width: `draw` is called twice, with a wide one (680 px) and a narrow one (350 px).
What it draws is also kept as a table, which becomes the figure's CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from . import style
from .labels import EndLabel, place
from .tables import Table

WIDE, NARROW = 680, 350


@dataclass
class Canvas:
    """`width` in CSS pixels. Ask once for `axes` or `panels`, then draw with the other methods."""

    width: int
    tables: list[Table] = field(default_factory=list)
    _figure: Any = None
    _labels: list[EndLabel] = field(default_factory=list)

    @property
    def wide(self) -> bool:
        """Whether this is the wide drawing; a narrow one wants fewer ticks and shorter labels."""
        return self.width >= WIDE

    def axes(self, *, height: int | None = None, **look: Any) -> Axes:
        """One set of axes, `height` px high; `look` goes to `axis`."""
        return self.panels(1, height=height, **look)[0]

    def panels(
        self,
        count: int,
        *,
        columns: int | None = None,
        narrow_columns: int = 1,
        height: int | None = None,
        share_x: bool = False,
        share_y: bool = False,
        **look: Any,
    ) -> list[Axes]:
        """`count` axes in a grid, each `height` px high: small multiples, stacked when narrow."""
        across = min(count, (columns or count) if self.wide else narrow_columns)
        down = -(-count // across)
        each = height or (320 if across == 1 and self.wide else 260)
        self._figure, grid = plt.subplots(
            down,
            across,
            figsize=(self.width / 72, down * each / 72),
            squeeze=False,
            sharex=share_x,
            sharey=share_y,
        )
        found = list(grid.flat)
        for spare in found[count:]:
            spare.remove()
        for ax in found[:count]:
            self.axis(ax, **look)
        return found[:count]

    def axis(
        self,
        ax: Axes,
        *,
        x: str | None = None,
        y: str | None = None,
        title: str | None = None,
        x_log: bool | None = None,
        y_log: bool | None = None,
        x_range: tuple[float | None, float | None] | None = None,
        y_range: tuple[float | None, float | None] | None = None,
    ) -> None:
        """Name and scale the axes. `y` stands level above the axis; `title` is the panel's, over it."""
        for axis, log, scale, limits in (
            (ax.xaxis, x_log, ax.set_xscale, ax.get_xlim),
            (ax.yaxis, y_log, ax.set_yscale, ax.get_ylim),
        ):
            if log:
                scale("log")
                axis.set_major_locator(LogLocator(numticks=7 if self.wide else 5))
                axis.set_minor_formatter(NullFormatter())
                axis.set_major_formatter(FuncFormatter(lambda v, _, at=limits: style.decade(v, *at())))
            elif axis.get_scale() == "linear":
                axis.set_major_locator(MaxNLocator(6 if self.wide else 4))
                axis.set_major_formatter(FuncFormatter(lambda v, _: style.spanish(v)))
        if x is not None:
            ax.set_xlabel(x)
        if title is not None:
            ax._panel_title = title
        if y is not None:
            ax._y_name = y
        self._write_titles(ax)
        if x_range:
            ax.set_xlim(*x_range)
        if y_range:
            ax.set_ylim(*y_range)

    @staticmethod
    def _write_titles(ax: Axes) -> None:
        title, y = getattr(ax, "_panel_title", ""), getattr(ax, "_y_name", "")
        muted = style.COLOURS["muted"]
        if title and y:
            ax.set_title(title, loc="left", fontweight=600, pad=22)
            for old in [text for text in ax.texts if text.get_gid() == "y-name"]:
                old.remove()
            ax.annotate(
                y,
                (0, 1),
                (0, 6),
                xycoords="axes fraction",
                textcoords="offset points",
                color=muted,
                gid="y-name",
                annotation_clip=False,
            )
        elif title:
            ax.set_title(title, loc="left", fontweight=600)
        elif y:
            ax.set_title(y, loc="left", color=muted)

    def line(
        self,
        ax: Axes,
        x: Iterable[float],
        y: Iterable[float],
        *,
        series: str = "c1",
        label: str | None = None,
        dash: Sequence[float] | None = None,
        width: float | None = None,
        alpha: float = 1.0,
        labelled: bool = True,
        label_at: float | None = None,
    ) -> None:
        """A line in the style of `series`, its `label` at its end, or beside it at x = `label_at`.

        With `labelled=False` the label is only the line's name in the CSV.
        """
        xs, ys = np.asarray(list(x), dtype=float), np.asarray(list(y), dtype=float)
        look = style.stroke(series)
        dashes = look.dash if dash is None else tuple(dash)
        (drawn,) = ax.plot(xs, ys, color=look.colour, linewidth=width or look.width, alpha=alpha)
        if dashes:
            drawn.set_dashes(dashes)
        self._keep(ax, label or series, xs, ys)
        if label and labelled:
            upto = xs if label_at is None else np.where(xs <= label_at, xs, np.nan)
            if not np.isfinite(upto).any():
                raise ValueError(
                    f"the label {label!r} is to stand at x = {label_at:g}, before its line begins"
                )
            self._label(ax, label, upto, ys, look.colour)

    def points(
        self,
        ax: Axes,
        x: Iterable[float],
        y: Iterable[float],
        *,
        series: str = "c1",
        label: str | None = None,
        size: float = 7.0,
        hollow: bool = False,
    ) -> None:
        """Dots `size` px across, with a hair of background around each; `hollow` for a second kind."""
        xs, ys = np.asarray(list(x), dtype=float), np.asarray(list(y), dtype=float)
        colour, ground = style.stroke(series).colour, style.COLOURS["bg"]
        ax.plot(
            xs,
            ys,
            linestyle="none",
            marker="o",
            markersize=size,
            markerfacecolor=ground if hollow else colour,
            markeredgecolor=colour if hollow else ground,
            markeredgewidth=1.5 if hollow else 1,
        )
        self._keep(ax, label or series, xs, ys)
        if label:
            self._label(ax, label, xs, ys, colour)

    def band(
        self,
        ax: Axes,
        x: Iterable[float],
        low: Iterable[float],
        high: Iterable[float],
        *,
        series: str = "c1",
        label: str | None = None,
    ) -> None:
        """The interval between `low` and `high` (of the seeds, say) behind a line of the same series."""
        xs, lows, highs = (np.asarray(list(values), dtype=float) for values in (x, low, high))
        ax.fill_between(xs, lows, highs, color=style.stroke(series).colour, alpha=0.18, linewidth=0)
        self._keep(ax, f"{label or series} (mín)", xs, lows)
        self._keep(ax, f"{label or series} (máx)", xs, highs)

    def bars(
        self,
        ax: Axes,
        names: Sequence[str],
        values: Iterable[float],
        *,
        series: str | Sequence[str] = "c1",
        texts: Sequence[str] | None = None,
    ) -> None:
        """Horizontal bars from the top down, each with its number (or `texts`) at its end."""
        lengths = [float(value) for value in values]
        chosen = [series] * len(lengths) if isinstance(series, str) else list(series)
        rows = list(range(len(lengths)))
        ax.barh(rows, lengths, height=0.62, color=[style.stroke(name).colour for name in chosen])
        ax.set_yticks(rows, names)
        ax.set_ylim(len(lengths) - 0.4, -0.6)
        ax.grid(visible=False, axis="y")
        for row, length in enumerate(lengths):
            text = texts[row] if texts else style.spanish(length, 3)
            ax.annotate(text, (length, row), (6, 0), textcoords="offset points", va="center")
        self._keep(ax, "valor", np.asarray(rows, dtype=float), np.asarray(lengths))

    def reference(
        self,
        ax: Axes,
        label: str,
        *,
        x: float | None = None,
        y: float | None = None,
        xs: Iterable[float] | None = None,
        ys: Iterable[float] | None = None,
        left: bool = False,
    ) -> None:
        """A dotted, labelled line at `x`, at `y`, or along `xs`, `ys`: what theory says, a target.

        The label of an upright one stands to its right, or to its `left`.
        """
        look = {"color": style.COLOURS["reference"], "linewidth": 1.5, "dashes": (1, 2)}
        grey = style.COLOURS["muted"]
        if x is not None:
            ax.axvline(x, **look)
            ax.annotate(
                label,
                (x, 1),
                (-5 if left else 5, -2),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="right" if left else "left",
                va="top",
                color=grey,
                gid="halo",
            )
        elif y is not None:
            ax.axhline(y, **look)
            self._labels.append(EndLabel(ax, label, None, float(y), None))
        elif xs is not None and ys is not None:
            across, up = np.asarray(list(xs), dtype=float), np.asarray(list(ys), dtype=float)
            ax.plot(across, up, **look)
            self._keep(ax, label, across, up)
            self._label(ax, label, across, up, style.COLOURS["reference"])
        else:
            raise ValueError("a reference needs x=, y=, or xs= and ys=")

    def note(
        self,
        ax: Axes,
        text: str,
        at: tuple[float, float],
        *,
        offset: tuple[float, float] = (24, 24),
        align: str = "left",
    ) -> None:
        """`text` beside the point `at` (in data), `offset` px away, joined to it by a hairline."""
        muted = style.COLOURS["muted"]
        ax.annotate(
            text,
            at,
            offset,
            textcoords="offset points",
            ha=align,
            va="center",
            gid="halo",
            arrowprops={"arrowstyle": "-", "color": muted, "linewidth": 1, "shrinkA": 2, "shrinkB": 3},
        )

    def surface(
        self,
        ax: Axes,
        x: Sequence[float],
        y: Sequence[float],
        z: Any,
        *,
        log: bool = False,
        signed: bool = False,
        levels: int = 14,
    ) -> None:
        """Level sets of `z` (rows are y): cividis, or PuOr around zero when `signed`."""
        heights = np.asarray(z, dtype=float)
        if signed:
            reach = float(np.nanmax(np.abs(heights)))
            edges, colours = np.linspace(-reach, reach, levels + 1), "PuOr"
        elif log:
            low, high = np.nanmin(heights[heights > 0]), np.nanmax(heights)
            edges, colours = np.geomspace(low, high, levels + 1), "cividis"
        else:
            edges, colours = np.linspace(np.nanmin(heights), np.nanmax(heights), levels + 1), "cividis"
        ax.contourf(x, y, heights, levels=edges, cmap=colours, norm="log" if log else None, extend="both")
        ax.grid(visible=False)

    def path(self, ax: Axes, x: Iterable[float], y: Iterable[float], *, label: str = "camino") -> None:
        """A trajectory over a surface: 2 px black with a 4 px white halo, in both themes."""
        xs, ys = np.asarray(list(x), dtype=float), np.asarray(list(y), dtype=float)
        halo = [patheffects.withStroke(linewidth=4, foreground="#ffffff")]
        ax.plot(xs, ys, color="#000000", linewidth=2, path_effects=halo)
        ax.plot(xs[-1:], ys[-1:], color="#000000", marker="o", markersize=6, markeredgecolor="#ffffff")
        self._keep(ax, label, xs, ys)

    def heat(
        self, ax: Axes, values: Any, *, rows: Sequence[str], columns: Sequence[str], texts: Any = None
    ) -> None:
        """A table whose cells are tinted in five steps; the number is always printed in its cell."""
        cells = np.asarray(values, dtype=float)
        low, high = float(np.nanmin(cells)), float(np.nanmax(cells))
        steps = np.clip(np.floor((cells - low) / ((high - low) or 1) * 5), 0, 4)
        for row, column in np.ndindex(*cells.shape):
            step = int(steps[row, column])
            box = plt.Rectangle((column - 0.5, row - 0.5), 1, 1, color=style.HEAT[step], linewidth=0)
            ax.add_patch(box)
            text = (
                str(texts[row][column]) if texts is not None else style.spanish(float(cells[row, column]), 3)
            )
            ink = f"heat-{step}-ink"
            ax.text(column, row, text, ha="center", va="center", gid=ink)
            self._keep(ax, rows[row], np.array([float(column)]), np.array([cells[row, column]]))
        ax.set(xlim=(-0.5, cells.shape[1] - 0.5), ylim=(cells.shape[0] - 0.5, -0.5))
        ax.set_xticks(range(cells.shape[1]), columns)
        ax.set_yticks(range(cells.shape[0]), rows)
        ax.grid(visible=False)

    def save(self, path: Path) -> None:
        """Place the labels, then write the SVG as matplotlib makes it; `svg.shrink` does the rest."""
        if self._figure is None:
            raise ValueError("draw() asked for no axes")
        place(self._figure, self._labels)
        self._figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(self._figure)

    def _keep(self, ax: Axes, label: str, xs: np.ndarray, ys: np.ndarray) -> None:
        panel = getattr(ax, "_panel_title", "")
        self.tables.append(Table(panel, ax.get_xlabel(), label, tuple(xs.tolist()), tuple(ys.tolist())))

    def _label(self, ax: Axes, label: str, xs: np.ndarray, ys: np.ndarray, colour: str) -> None:
        drawn = np.flatnonzero(np.isfinite(xs) & np.isfinite(ys))
        if drawn.size:
            self._labels.append(EndLabel(ax, label, float(xs[drawn[-1]]), float(ys[drawn[-1]]), colour))
