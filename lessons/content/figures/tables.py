"""What a figure shows, as numbers: the table that a reader downloads."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass

ROWS = 250  # of one panel; a longer series is thinned evenly, its shape is kept


@dataclass(frozen=True)
class Table:
    """One drawn series. `x_name` is what its horizontal axis is called."""

    panel: str
    x_name: str
    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]


def as_csv(tables: list[Table]) -> str:
    """One block a panel, a blank line between: a column of x, then one for each series."""
    panels: dict[str, list[Table]] = {}
    for table in tables:
        panels.setdefault(table.panel, []).append(table)
    return "\n".join(_block(panel, series) for panel, series in panels.items())


def _block(panel: str, series: list[Table]) -> str:
    names = _names([table.label for table in series])
    columns = [dict(zip(table.x, table.y, strict=True)) for table in series]
    rows = sorted({x for column in columns for x in column if math.isfinite(x)})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if panel:
        writer.writerow([panel])
    writer.writerow([series[0].x_name or "x", *names])
    stride = max(1, math.ceil(len(rows) / ROWS))
    kept = rows[::stride] + ([rows[-1]] if rows and (len(rows) - 1) % stride else [])
    for x in kept:
        writer.writerow([_number(x), *(_number(column.get(x)) for column in columns)])
    return out.getvalue()


def _names(labels: list[str]) -> list[str]:
    """Each label once; a repeated one gets a number."""
    seen: dict[str, int] = {}
    names = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        names.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return names


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.4g}"
