"""The result of a submission as the page shows it: one box, whatever its state.

The box is made from `selectors.state_of`, so the page, the submission page and the piece of page that
the script fetches after each event are the same template over the same facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import selectors as asked
from exercises.models import Exercise
from grading.models import Kind, State, Submission, Verdict
from grading.pages import chart
from grading.pages.chart import Chart
from grading.pages.group import GroupBox

SLOW_SECONDS = 60


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
