"""A student's attempts at an exercise, the comparison of two, and taking one back up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from exercises import selectors as asked
from exercises import services as drafts
from exercises.access import Request, for_student_of_exercise
from exercises.models import Exercise, KeepReason
from grading import selectors
from grading.models import Submission
from grading.pages import chart, difference
from grading.pages.panel import Panel

DRAFT = "borrador"


@require_GET
@never_cache
@for_student_of_exercise
def history(request: Request, exercise: Exercise) -> HttpResponse:
    """The attempts, newest first, with their marks by group; below, the drafts that were put aside."""
    attempts = list(selectors.attempts(student=request.user, exercise=exercise))
    context = {
        "course": exercise.course,
        "exercise": exercise,
        "attempts": [(attempt, Panel(exercise, selectors.state_of(attempt))) for attempt in attempts],
        "choices": choices(
            attempts, has_draft=asked.draft_of(student=request.user, exercise=exercise) is not None
        ),
        "kept": asked.kept_drafts(student=request.user, exercise=exercise),
        "pair": newest_pair(attempts),
    }
    return render(request, "grading/history.html", context)


def choices(attempts: list[Submission], *, has_draft: bool) -> list[tuple[str, str]]:
    """What may be compared: each attempt by its number, and the draft."""
    found = [
        (str(attempt.attempt_number), _("Entrega %(n)d") % {"n": attempt.attempt_number})
        for attempt in attempts
    ]
    return [(DRAFT, _("Borrador actual")), *found] if has_draft else found


def newest_pair(attempts: list[Submission]) -> tuple[str, str]:
    """The two newest attempts, older first; with fewer, the draft takes a side."""
    numbers = [str(attempt.attempt_number) for attempt in attempts[:2]]
    if len(numbers) == 2:
        return numbers[1], numbers[0]
    return (numbers[0], DRAFT) if numbers else (DRAFT, DRAFT)


class Side:
    """One of the two that are compared. A draft has a source and no result."""

    def __init__(
        self, *, student: User, exercise: Exercise, key: str, attempts: dict[str, Submission]
    ) -> None:
        self.key = key
        self.state: dict[str, Any] = {}  # empty for a draft
        self.attempt = attempts.get(key)
        if self.attempt is not None:
            self.name = _("entrega %(n)d") % {"n": self.attempt.attempt_number}
            self.source = self.attempt.source
            self.state = selectors.state_of(self.attempt)
            return
        draft = asked.draft_of(student=student, exercise=exercise) if key == DRAFT else None
        if draft is None:
            raise Http404
        self.name, self.source = _("borrador"), draft.source


@require_GET
@never_cache
@for_student_of_exercise
def diff(request: Request, exercise: Exercise) -> HttpResponse:
    """Two attempts, their numbers in `a` and `b`: first what changed in the result, then the code."""
    attempts = list(selectors.attempts(student=request.user, exercise=exercise))
    by_number = {str(attempt.attempt_number): attempt for attempt in attempts}
    older, newer = newest_pair(attempts)
    before, after = (
        Side(student=request.user, exercise=exercise, key=key, attempts=by_number)
        for key in (request.GET.get("a", older), request.GET.get("b", newer))
    )
    compared = not difference.too_long(before.source, after.source)
    lines = difference.rows(before.source, after.source) if compared else []
    has_draft = asked.draft_of(student=request.user, exercise=exercise) is not None
    context = {
        "course": exercise.course,
        "exercise": exercise,
        "before": before,
        "after": after,
        "choices": choices(attempts, has_draft=has_draft),
        "compared": compared,
        "rows": lines,
        "unified": difference.unified(lines),
        "graded": both_graded(before, after),
        "changes": difference.changes(before.state, after.state) if before.state and after.state else [],
        "gain": gain(before, after),
        "chart": both_curves(before, after),
    }
    return render(request, "grading/diff.html", context)


def both_graded(before: Side, after: Side) -> bool:
    """Whether there are two results to compare."""
    return all(side.state.get("score") is not None for side in (before, after))


def gain(before: Side, after: Side) -> int | None:
    """The points won from the one to the other; None unless both are graded."""
    if not both_graded(before, after):
        return None
    won: int = round(after.state["score"]) - round(before.state["score"])
    return won


def both_curves(before: Side, after: Side) -> chart.Chart | None:
    """The student's curve of each on one pair of axes, of the last group that drew one in both."""
    if not (before.state and after.state):
        return None
    old = {group["slug"]: group["curves"] for group in before.state["groups"] if group["curves"]}
    for group in reversed(after.state["groups"]):
        if group["curves"] and (earlier := old.get(group["slug"])):
            own = [curve for curve in earlier if curve.get("role") == "student"]
            lines = chart.series_of(own, role="before", student=before.name)
            lines += chart.series_of(group["curves"], role="after", student=after.name)
            return chart.draw(lines, chart.axes_of(group["evidence"]))
    return None


@require_POST
@for_student_of_exercise
def restore(request: Request, exercise: Exercise) -> HttpResponse:
    """Make an attempt, or a draft that was put aside, the draft; the present draft is put aside."""
    source = wanted_source(request, exercise)
    try:
        drafts.replace_draft(
            student=request.user, exercise=exercise, source=source, reason=KeepReason.RESTORE
        )
    except drafts.DraftRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Restaurada. Lo que tenías queda en el historial."))
    return redirect(exercise)


def wanted_source(request: Request, exercise: Exercise) -> str:
    """The source of the `attempt` or of the `kept` draft that the form names; 404 if it is not there."""
    number, kept = request.POST.get("attempt", ""), request.POST.get("kept", "")
    if number.isdecimal() and len(number) < 9:
        own = selectors.attempts(student=request.user, exercise=exercise).filter(attempt_number=int(number))
        if attempt := own.first():
            return attempt.source
    if kept.isdecimal() and len(kept) < 18:
        own_kept = asked.kept_drafts(student=request.user, exercise=exercise)
        if found := own_kept.filter(pk=int(kept)).first():
            return found.source
    raise Http404
