"""What the figures of a grading have to come to, and the table that says whether they do."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

TARGETS: dict[str, tuple[str, float]] = {
    "wall_over_bare_fork": ("≤", 1.5),
    "wall_over_bare_in_a_row": ("≤", 1.5),
    "wall_p99_over_median": ("≤", 3.0),
    "end_to_end_p99_over_median": ("≤", 3.0),
    "end_to_end_minus_work_ms": ("≤", 60.0),
    "cold_over_wall": ("≥", 20.0),
    "oracle_call_us": ("≤", 60.0),
    "oracle_10000_calls_s": ("≤", 0.6),
    "burst_efficiency": ("≥", 0.9),
    "burst_of_seconds_efficiency": ("≥", 0.9),
    "burst_wait_worst_over_median": ("≤", 1.5),
    "burst_of_seconds_wait_worst_over_median": ("≤", 1.5),
    "idle_over_imports": ("≤", 1.1),
    "forged": ("≤", 0.0),
}
HOLDS = {"≤": operator.le, "≥": operator.ge}


def verdict(name: str, value: object) -> str:
    """`≤ 60 met`, `≤ 60 missed`; nothing where no target is set."""
    if name not in TARGETS or not isinstance(value, int | float):
        return ""
    sign, bound = TARGETS[name]
    return f"{sign} {bound:g} {'met' if HOLDS[sign](value, bound) else 'missed'}"


def table(figures: Mapping[str, Any]) -> str:
    """Every figure on its line, with its target."""
    lines = []
    for name, value in figures.items():
        inner = value.items() if isinstance(value, Mapping) else [("", value)]
        for key, number in inner:
            shown = f"{name}.{key}" if key else name
            lines.append(f"{shown:<36} {number!s:>10}  {verdict(key or name, number)}".rstrip())
    return "\n".join(lines)


def markdown(figures: Mapping[str, Any]) -> str:
    """The same for a document: a row a figure, a column a runtime, targets that were missed in bold."""
    runtimes = [name for name, value in figures.items() if isinstance(value, Mapping)]
    rows = list(dict.fromkeys(key for name in runtimes for key in figures[name]))
    lines = [f"| | {' | '.join(runtimes)} | target |", "|---" * (len(runtimes) + 2) + "|"]
    for row in rows:
        values = [figures[name].get(row, "") for name in runtimes]
        lines.append(f"| `{row}` | {' | '.join(map(str, values))} | {_judged(row, values)} |")
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            lines.append(f"| `{name}` | {value} |{' |' * (len(runtimes) - 1)} {_judged(name, [value])} |")
    return "\n".join(lines)


def _judged(name: str, values: list[Any]) -> str:
    said = [one for value in values if (one := verdict(name, value))]
    if not said:
        return ""
    bound = said[0].rpartition(" ")[0]
    return f"{bound}, **missed**" if any(one.endswith("missed") for one in said) else bound
