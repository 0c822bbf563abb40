"""One group of a result as the page shows it: a fold with the idea, what happened, the hint and the cost."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grading.judge.spanish import number
from grading.models import Verdict
from grading.pages import chart
from grading.pages.chart import Axes, Chart

ICONS = {
    Verdict.PASSED: "circle-check",
    Verdict.DIVERGED: "trending-up",
    Verdict.OVER_BUDGET: "gauge",
    Verdict.TIME_LIMIT: "hourglass",
    Verdict.MEMORY_LIMIT: "cpu",
    Verdict.FORBIDDEN: "ban",
    Verdict.NOT_RUN: "circle-dashed",
}
TONES = {Verdict.PASSED: "passed", Verdict.DIVERGED: "diverged", Verdict.NOT_RUN: "queued"}
WORTH_ZOOMING = 1.5  # how many times the steps of a divergence go into the whole curve
CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class GroupBox:
    """One group of a result: a fold with the idea, what happened, the hint and the measured cost."""

    state: dict[str, Any]
    open: bool = False

    @property
    def icon(self) -> str:
        return ICONS.get(self.state["verdict"], "circle-x")

    @property
    def tone(self) -> str:
        return TONES.get(self.state["verdict"], "failed")

    @property
    def passed(self) -> bool:
        return bool(self.state["verdict"] == Verdict.PASSED)

    @property
    def not_run(self) -> bool:
        return bool(self.state["verdict"] == Verdict.NOT_RUN)

    @property
    def points(self) -> str:
        """What it earned of what it is worth, as in "6,4/10"; rounded down, for 9,96 of 10 is not 10."""
        earned = math.floor(10 * self.state["fraction"] * self.state["points"] + 1e-9) / 10
        return f"{number(earned)}/{self.state['points']}"

    @property
    def line(self) -> int | None:
        """The line of the student's file where it stopped."""
        found = self.state["evidence"].get("line")
        return found if isinstance(found, int) and found > 0 else None

    @property
    def column(self) -> int | None:
        """Where in that line, counted from 1; known for a syntax error only."""
        found = self.state["evidence"].get("offset")
        return found if isinstance(found, int) and found > 0 else None

    @property
    def caret(self) -> str:
        """The line that could not be read with a caret under its column; empty for other endings."""
        text = self.state["evidence"].get("text")
        return f"{text}\n{' ' * (self.column - 1)}^" if isinstance(text, str) and self.column else ""

    @property
    def traceback(self) -> list[dict[str, Any]]:
        """The calls through the student's own lines, outermost first: `line`, `name`, `text`."""
        found = self.state["evidence"].get("traceback")
        return found if isinstance(found, list) else []

    @property
    def message(self) -> SafeString:
        """What happened, with the names between backticks set as code."""
        return mark_safe(CODE.sub(r"<code>\1</code>", escape(self.state["message"])))  # noqa: S308 (escaped)

    @property
    def cost(self) -> str:
        """What was measured: calls, seconds, memory."""
        parts = []
        if calls := self.state["calls"]:
            parts.append(ngettext("%(n)s llamada", "%(n)s llamadas", calls) % {"n": number(calls)})
        if self.state["seconds"]:
            parts.append(_("%(n)s s") % {"n": number(float(self.state["seconds"]), 2)})
        if peak := self.state["peak_memory_bytes"]:
            parts.append(_("%(n)s MB") % {"n": number(peak / 2**20, 2)})
        if isinstance(gpu := self.state["evidence"].get("gpu_mb"), int | float):
            parts.append(_("%(n)s MB de GPU") % {"n": number(gpu, 2)})
        return " · ".join(parts)

    @cached_property
    def axes(self) -> Axes:
        return chart.axes_of(self.state["evidence"])

    @cached_property
    def chart(self) -> Chart | None:
        lines = chart.series_of(self.state["curves"])
        return chart.draw(lines, self.axes) if any(line.role != "target" for line in lines) else None

    @cached_property
    def growth(self) -> tuple[int, int] | None:
        """The first and last step of a divergence's growth, where it is worth a picture of its own."""
        since, step = (self.state["evidence"].get(name) for name in ("since", "step"))
        if not (isinstance(since, int) and isinstance(step, int)):
            return None
        own = [line for line in chart.series_of(self.state["curves"]) if line.role == "student"]
        xs = [x for line in own for x, _y in line.points]
        in_steps = bool(xs) and abs(max(xs) - step) <= 1
        return (since, step) if in_steps and (step - since) * WORTH_ZOOMING <= max(xs) - min(xs) else None

    @cached_property
    def zoom(self) -> Chart | None:
        """The divergence from close by."""
        if self.growth is None:
            return None
        first, last = self.growth
        name = _("%(name)s (ampliado: %(first)s–%(last)s)") % {
            "name": self.axes.x,
            "first": number(first),
            "last": number(last),
        }
        lines = chart.zoomed(chart.series_of(self.state["curves"]), first, last)
        return chart.draw(lines, replace(self.axes, x=name))
