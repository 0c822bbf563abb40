"""The result of a submission as the page shows it: one box, whatever its state.

The box is made from `selectors.state_of`, so the page, the submission page and the piece of page that
the script fetches after each event are the same template over the same facts.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import selectors as asked
from exercises.models import Exercise
from grading.judge.spanish import number
from grading.models import Kind, State, Submission, Verdict
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
SLOW_SECONDS = 60
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


@dataclass(frozen=True)
class Panel:
    """The box of a submission. An empty `state` is the box at rest, before anything was tried."""

    exercise: Exercise
    state: dict[str, Any] = field(default_factory=dict)
    best: float | None = None
    reference_curves: list[dict[str, Any]] = field(default_factory=list)
    reference_axes: chart.Axes = field(default_factory=chart.Axes)

    @cached_property
    def groups(self) -> list[GroupBox]:
        """The groups: what failed, what was not run, what passed; the first that failed is unfolded."""
        states = self.state.get("groups", [])
        first = next((s["slug"] for s in states if failed(s)), None)
        return [GroupBox(state, open=state["slug"] == first) for state in sorted(states, key=urgency)]

    @property
    def in_order(self) -> list[GroupBox]:
        """The groups in the order of the exercise, as the history marks them."""
        return [GroupBox(state) for state in self.state.get("groups", [])]

    @property
    def is_run(self) -> bool:
        return self.state.get("kind") == Kind.RUN

    @property
    def first_failure(self) -> GroupBox | None:
        return next((group for group in self.groups if group.open), None)

    @property
    def all_passed(self) -> bool:
        return bool(self.groups) and all(group.passed for group in self.groups)

    @cached_property
    def tone(self) -> str:
        """Which box it is: idle, queued, running, passed, seen, failed, diverged, system, cancelled."""
        if not self.state:
            return "idle"
        match self.state["state"]:
            case State.QUEUED:
                return "system" if self.state["faults"] else "queued"
            case State.RUNNING:
                return "running"
            case State.CANCELLED:
                return "cancelled"
            case State.SYSTEM_ERROR:
                return "system"
        if self.all_passed:
            return "seen" if self.is_run else "passed"
        failure = self.first_failure
        return "diverged" if failure and failure.tone == "diverged" else "failed"

    @property
    def icon(self) -> str:
        return {
            "idle": "circle",
            "queued": "clock",
            "running": "activity",
            "passed": "circle-check",
            "seen": "check",
            "failed": "circle-x",
            "diverged": "trending-up",
            "system": "server-crash",
            "cancelled": "circle-dashed",
        }[self.tone]

    @cached_property
    def heading(self) -> str:
        """The line on top of the box."""
        if not self.state:
            return _("Aún no has probado esta versión.")
        match self.tone:
            case "queued":
                return _("En cola")
            case "running":
                return _("Ejecutando")
            case "cancelled":
                return self.ended_early
            case "system":
                return _("Fallo nuestro, no tuyo · no gasta intento")
            case "seen":
                return self.seen
            case "passed":
                return _("Superado · 100/100 · %(groups)s") % {"groups": self.group_count}
            case "diverged":
                return f"{self.diverged} · {self.points}"
        if self.is_run:
            return self.seen
        return _("No superado · %(groups)s · %(points)s") % {
            "groups": self.group_count,
            "points": self.points,
        }

    @property
    def ended_early(self) -> str:
        """Why there is no result: stopped, replaced or taken back."""
        if self.state["started_at"]:
            return _("Paraste la prueba")
        return _("Sustituida por tu prueba más nueva") if self.superseded else _("Cancelada antes de empezar")

    @property
    def superseded(self) -> bool:
        return bool(self.state["superseded"])

    @property
    def waiting(self) -> str:
        """What is known of the wait: how many at most come first, and about how long it takes."""
        if self.tone != "queued":
            return ""
        ahead, seconds = self.state["ahead"], self.state["eta_seconds"]
        parts = [_("a lo sumo %(n)d delante") % {"n": ahead} if ahead else _("eres el siguiente")]
        if seconds is not None:
            parts.append(about(seconds))
        return " · ".join(parts)

    @property
    def slow(self) -> str:
        """How long the wait is, where it is long enough to go away meanwhile."""
        seconds = self.state.get("eta_seconds")
        return about(seconds) if seconds is not None and seconds >= SLOW_SECONDS else ""

    @property
    def seen(self) -> str:
        return _("Comprobaciones visibles: %(passed)d de %(total)d") % {
            "passed": self.state["passed_groups"],
            "total": self.state["total_groups"],
        }

    @property
    def diverged(self) -> str:
        step = self.first_failure.state["evidence"].get("step") if self.first_failure else None
        return _("Divergió en el paso %(step)s") % {"step": step} if step is not None else _("Divergió")

    @property
    def group_count(self) -> str:
        total = self.state["total_groups"]
        return ngettext("%(passed)d de %(total)d grupo", "%(passed)d de %(total)d grupos", total) % {
            "passed": self.state["passed_groups"],
            "total": total,
        }

    @property
    def points(self) -> str:
        if self.is_run:
            return f"{self.state['passed_groups']}/{self.state['total_groups']}"
        return f"{round(self.state['score'] or 0)}/100"

    @cached_property
    def slot(self) -> str:
        """The state in at most 22 characters, for the slot between the two buttons."""
        if not self.state:
            return _("sin probar")
        match self.tone:
            case "queued":
                return _("en cola")
            case "running":
                return _("ejecutando")
            case "cancelled":
                return _("cancelada")
            case "system":
                return _("fallo nuestro")
        passed = f"{self.state['passed_groups']}/{self.state['total_groups']}"
        if self.is_run:
            return _("prueba: %(passed)s") % {"passed": passed}
        return f"{passed} · {round(self.state['score'] or 0)}"

    @property
    def title_mark(self) -> str:
        """What stands before the exercise's name in the title of the window."""
        if not self.state:
            return ""
        mark = {
            "passed": "✓",
            "seen": "✓",
            "failed": "✗",
            "diverged": "↗",
            "running": "∿",
            "queued": "◷",
        }.get(self.tone, "")
        if self.state["state"] == State.GRADED:
            mark = f"{mark} {self.state['passed_groups']}/{self.state['total_groups']}"
        return mark

    @property
    def announcement(self) -> str:
        """The sentence for the status region."""
        return self.state["headline"] if self.state else ""

    @property
    def is_final(self) -> bool:
        return not self.state or self.state["state"] in {
            State.GRADED,
            State.SYSTEM_ERROR,
            State.CANCELLED,
        }

    @property
    def can_cancel(self) -> bool:
        return self.state.get("state") == State.QUEUED or self.can_stop

    @property
    def can_stop(self) -> bool:
        """Whether it is a run under way: a hand-in that has started counts."""
        return self.is_run and self.state.get("state") == State.RUNNING

    @property
    def hidden_groups(self) -> int:
        """How many groups a run did not measure."""
        return asked.version_of(self.exercise).groups.filter(visible=False).count() if self.is_run else 0

    @property
    def shown_group(self) -> GroupBox | None:
        """The group whose curve is in the box: the first failure that has one, else the last that has one."""
        drawn = [group for group in self.groups if group.chart]
        failing = [group for group in drawn if not group.passed]
        return next(iter(failing or reversed(drawn)), None)

    @property
    def chart(self) -> Chart | None:
        """The curve of the box; at rest and while waiting, the best attempt's in grey."""
        if self.shown_group:
            return self.shown_group.zoom or self.shown_group.chart
        lines = chart.series_of(self.reference_curves, role="reference", student=_("tu mejor"))
        return chart.draw(lines, self.reference_axes)

    @property
    def whole_curve(self) -> Chart | None:
        """All of the curve, where the box shows a part of it."""
        shown = self.shown_group
        return shown.chart if shown and shown.zoom else None

    @property
    def draws_curves(self) -> bool:
        return asked.draws_curves(asked.version_of(self.exercise)) or any(
            group.state["curves"] for group in self.groups
        )

    @property
    def mark(self) -> GroupBox | None:
        """The group whose line the editor marks."""
        return next((group for group in self.groups if group.line and not group.passed), None)

    @property
    def next_exercise(self) -> Exercise | None:
        return asked.next_exercise(self.exercise) if self.tone == "passed" else None

    @property
    def fragment_url(self) -> str:
        return reverse("grading:panel", args=[self.state["id"]]) if self.state else ""


def about(seconds: float) -> str:
    """A time to wait, roughly: "≈ 8 s" or "≈ 2 min"."""
    if seconds < SLOW_SECONDS:
        return _("≈ %(n)d s") % {"n": max(1, round(seconds))}
    return _("≈ %(n)d min") % {"n": max(1, round(seconds / 60))}


def failed(state: dict[str, Any]) -> bool:
    """Whether a group failed by itself, rather than for want of another."""
    return state["verdict"] not in {Verdict.PASSED, Verdict.NOT_RUN}


def urgency(state: dict[str, Any]) -> int:
    """How early a group wants to be read: the failed first, the passed last."""
    return 0 if failed(state) else 1 if state["verdict"] == Verdict.NOT_RUN else 2


def panel_of(submission: Submission, state: dict[str, Any], **known: Any) -> Panel:
    """The box of a submission whose `state_of` is known."""
    return Panel(exercise=submission.exercise, state=state, **known)
