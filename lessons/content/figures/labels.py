"""Labels at the ends of lines: in the right margin, or inside where a line ends early."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from . import style

GAP = 16.0  # px between the middles of two labels, one line of 13 px text
EDGE = 0.93  # a line that ends beyond this fraction of the axis is labelled in the margin


@dataclass(frozen=True)
class EndLabel:
    """A label for the line that ends at `x`, `y`; `x` None: at the right edge, as for a level."""

    ax: Axes
    text: str
    x: float | None
    y: float
    colour: str | None


def place(figure: Any, labels: list[EndLabel]) -> None:
    """Draw every label, the ones of one place moved apart so that none covers another."""
    by_axes: dict[Axes, list[EndLabel]] = defaultdict(list)
    for label in labels:
        by_axes[label.ax].append(label)
    margin = {ax: [item for item in items if _at_edge(item)] for ax, items in by_axes.items()}
    drawn = {
        (ax, index): ax.annotate(
            item.text,
            (1, 0.5),
            (8, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            color=style.COLOURS["text"] if item.colour else style.COLOURS["muted"],
            annotation_clip=False,
        )
        for ax, items in margin.items()
        for index, item in enumerate(items)
    }
    figure.draw_without_rendering()  # the margins get their widths; heights can be asked for from here on
    for ax, items in margin.items():
        height = ax.bbox.height
        wanted = [min(max(_fraction(item)[1], 0.0), 1.0) * height for item in items]
        for index, middle in enumerate(spread(wanted, GAP, height)):
            drawn[ax, index].xy = (1, middle / height)
            if abs(middle - wanted[index]) > 3 and items[index].colour:
                _lead(items[index], middle - wanted[index])
    for ax, items in by_axes.items():
        inside = [item for item in items if not _at_edge(item)]
        height = ax.bbox.height
        wanted = [_fraction(item)[1] * height for item in inside]
        for item, middle, end in zip(inside, spread(wanted, GAP, height), wanted, strict=True):
            ax.annotate(
                item.text,
                (item.x or 0.0, item.y),
                (7, middle - end),
                textcoords="offset points",
                va="center",
                gid="halo",
            )


def spread(wanted: list[float], gap: float, height: float) -> list[float]:
    """`wanted` moved as little as needed so that neighbours are `gap` apart, kept within `height`."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[list[float]] = []  # [sum of (wanted - own offset), count]
    for index in order:
        groups.append([wanted[index], 1])
        while len(groups) > 1 and _middle(groups[-2]) + gap * groups[-2][1] > _middle(groups[-1]):
            total, count = groups.pop()
            groups[-1][0] += total - gap * groups[-1][1] * count
            groups[-1][1] += count
    placed: list[float] = []
    for group in groups:
        low = min(max(_middle(group), 0.0), max(height - gap * (group[1] - 1), 0.0))
        placed += [low + gap * step for step in range(int(group[1]))]
    for back in range(len(placed) - 2, -1, -1):  # the clamp at the top may have made two groups touch
        placed[back] = min(placed[back], placed[back + 1] - gap)
    result = [0.0] * len(wanted)
    for index, value in zip(order, placed, strict=True):
        result[index] = value
    return result


def _middle(group: list[float]) -> float:
    return group[0] / group[1]


def _fraction(label: EndLabel) -> tuple[float, float]:
    x = label.ax.get_xlim()[1] if label.x is None else label.x
    across, up = label.ax.transAxes.inverted().transform(label.ax.transData.transform((x, label.y)))
    return float(across), float(up)


def _at_edge(label: EndLabel) -> bool:
    return label.x is None or _fraction(label)[0] > EDGE


def _lead(label: EndLabel, rise: float) -> None:
    """A hairline from where the line ends to its label, which stands `rise` px higher."""
    ax, across = label.ax, min(_fraction(label)[0], 1.0)
    gap = (1 - across) * ax.bbox.width + 7
    ax.annotate(
        "",
        (across, min(max(_fraction(label)[1], 0.0), 1.0)),
        (gap, rise),
        xycoords="axes fraction",
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": label.colour, "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
        annotation_clip=False,
    )
