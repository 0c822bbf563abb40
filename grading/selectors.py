"""Every read of submissions that a page, the API or the queue needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from exercises.models import Exercise
from grading import health
from grading.models import Comment, Grading, GroupResult, Kind, State, Submission, Verdict
from lessons.selectors import may_see_work_of

SAME_MOMENT = timedelta(seconds=1)  # one transaction, however slow the disk


def unfinished(*, student: User) -> QuerySet[Submission]:
    """The student's submissions, of any exercise, that are not yet final."""
    return student.submissions.filter(state__in=[State.QUEUED, State.RUNNING])


def in_flight(*, student_id: int) -> QuerySet[Submission]:
    """What of a student's holds a place: running, or rung for."""
    return Submission.objects.filter(student=student_id, state__in=[State.QUEUED, State.RUNNING]).exclude(
        state=State.QUEUED, rung_at=None
    )


def unrung(*, student_id: int) -> QuerySet[Submission]:
    """What of a student's waits for a place, in the order in which it gets one: runs before hand-ins."""
    return Submission.objects.filter(student=student_id, state=State.QUEUED, rung_at=None).order_by(
        "kind", "queued_at"
    )


def last_attempt_number(*, student: User, exercise: Exercise) -> int:
    """The number of the student's newest hand-in at the exercise, 0 before the first."""
    attempts = exercise.submissions.filter(student=student, kind=Kind.SUBMIT)
    return attempts.aggregate(last=Max("attempt_number"))["last"] or 0


def with_results(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """With the newest grading first in `.gradings` and its group results: 3 more queries, however many."""
    groups = Prefetch(
        "group_results", GroupResult.objects.select_related("group").order_by("group__position")
    )
    found = Grading.objects.select_related("regrade_item__regrade").prefetch_related(groups)
    gradings = Prefetch("gradings", found.order_by("-number"))
    return submissions.select_related("exercise__course", "version").prefetch_related(gradings)


def that_count() -> QuerySet[GroupResult]:
    """The group results of each submission's newest grading. No query yet."""
    newer = Grading.objects.filter(
        submission=OuterRef("grading__submission"), number__gt=OuterRef("grading__number")
    )
    return GroupResult.objects.filter(~Exists(newer))


def attempts(*, student: User, exercise: Exercise) -> QuerySet[Submission]:
    """The student's hand-ins, newest first, with their results: 3 queries, however many attempts."""
    own = exercise.submissions.filter(student=student, kind=Kind.SUBMIT)
    return with_results(own).order_by("-attempt_number")


def best_score(*, student: User, exercise: Exercise) -> float | None:
    """The highest score of the student's graded hand-ins that came in time, None before the first."""
    graded = exercise.submissions.filter(student=student, kind=Kind.SUBMIT, state=State.GRADED, late=False)
    best: float | None = graded.aggregate(best=Max("score"))["best"]
    return best


def submission_for(*, viewer: User, submission_id: UUID) -> Submission | None:
    """The submission, if the viewer handed it in or teaches its course; else None, as if there were none."""
    submission = with_results(Submission.objects.filter(pk=submission_id)).first()
    return submission if submission and _may_see(submission, viewer=viewer) else None


def student_watched(*, viewer: User, submission_id: UUID) -> int | None:
    """Whose submission it is, where `submission_for` would show it; else None. 1 query for one's own."""
    submission = Submission.objects.select_related("exercise").filter(pk=submission_id).first()
    return submission.student_id if submission and _may_see(submission, viewer=viewer) else None


def _may_see(submission: Submission, *, viewer: User) -> bool:
    if submission.student_id == viewer.pk:
        return True
    course_id = submission.exercise.course_id
    return may_see_work_of(viewer=viewer, student_id=submission.student_id, course_id=course_id)


def comments_of(submission: Submission) -> QuerySet[Comment]:
    """What was said of it and not taken back, oldest first, with the authors: 1 query."""
    return submission.comments.filter(deleted_at__isnull=True).select_related("author")


def may_comment(*, person: User, submission: Submission) -> bool:
    """Whether a person who may see it may say something: its student only in answer. At most 1 query."""
    if person.pk != submission.student_id:
        return True
    return submission.comments.filter(deleted_at__isnull=True).exclude(author=person).exists()


def listeners(*, submission: Submission, author: User) -> list[User]:
    """Who hears of a comment by `author`: the student of a teacher's, of the student's those who wrote before
    and still teach them. 1 query, and 1 for each who wrote.
    """
    if author.pk != submission.student_id:
        return [submission.student]
    wrote = User.objects.filter(comments_written__in=comments_of(submission)).exclude(pk=author.pk)
    course_id = submission.exercise.course_id
    return [
        person
        for person in wrote.distinct()
        if may_see_work_of(viewer=person, student_id=author.pk, course_id=course_id)
    ]


def ahead_of(submission: Submission) -> int | None:
    """At most how many are graded before it: those that came earlier. It only falls. None once it started."""
    if submission.state != State.QUEUED:
        return None
    earlier = Submission.objects.filter(
        state__in=[State.QUEUED, State.RUNNING], queued_at__lt=submission.queued_at
    )
    return earlier.count()


def eta_seconds(*, ahead: int | None, places: int) -> float | None:
    """About how long until it is graded, from the newest twenty gradings of any exercise. 1 query.

    None when it does not wait, nothing grades, or nothing was graded yet to judge by.
    """
    if ahead is None or not places:
        return None
    recent = Submission.objects.filter(state=State.GRADED, started_at__isnull=False).order_by("-finished_at")
    took = [
        (finished - started).total_seconds()
        for started, finished in recent.values_list("started_at", "finished_at")[:20]
        if started and finished
    ]
    return round(median(took) * (ahead + 1) / places, 1) if took else None


def superseded(submission: Submission) -> bool:
    """Whether a newer run took its place while it waited: that run came in the moment that this one ended."""
    ended = submission.finished_at
    if submission.state != State.CANCELLED or submission.started_at or ended is None:
        return False
    newer = Submission.objects.filter(
        student=submission.student_id, exercise=submission.exercise_id, kind=Kind.RUN
    )
    return newer.filter(queued_at__range=(ended, ended + SAME_MOMENT)).exists()


def headline(submission: Submission, results: list[GroupResult]) -> str:
    """One sentence that says where the submission stands or how it ended."""
    if submission.state == State.QUEUED:
        if submission.faults:
            return _("Fallo nuestro, no tuyo. No gasta intento y tu nota sigue igual. Lo reintentamos.")
        return _("En cola.")
    if submission.state == State.RUNNING:
        return _("Ejecutando.")
    if submission.state == State.CANCELLED:
        if submission.started_at:
            return _("Paraste la prueba. No cuenta.")
        if superseded(submission):
            return _("Sustituida por tu prueba más nueva.")
        return _("Cancelada antes de empezar. No cuenta.")
    if submission.state == State.SYSTEM_ERROR:
        return _(
            "No lo conseguimos tras %(n)d intentos; ya hemos avisado a una persona. Referencia %(reference)s."
        ) % {"n": submission.faults, "reference": submission.fault_reference}
    passed, total = sum(r.verdict == Verdict.PASSED for r in results), len(results)
    if submission.kind == Kind.RUN:
        return run_headline(submission, passed=passed, total=total)
    points = round(submission.score or 0)
    if passed == total:
        return _("Superado: %(passed)d de %(total)d grupos, %(points)d puntos.") % {
            "passed": passed,
            "total": total,
            "points": points,
        }
    first = next(r for r in results if r.verdict != Verdict.PASSED)
    return _("%(passed)d de %(total)d grupos, %(points)d puntos. Empieza por «%(group)s».") % {
        "passed": passed,
        "total": total,
        "points": points,
        "group": first.group.title,
    }


def run_headline(submission: Submission, *, passed: int, total: int) -> str:
    """A run's sentence always names what it did not measure."""
    hidden = submission.version.groups.filter(visible=False).count()
    seen = _("Comprobaciones visibles: %(passed)d de %(total)d.") % {"passed": passed, "total": total}
    rest = ngettext(
        "Al entregar se mide %(n)d grupo más.", "Al entregar se miden %(n)d grupos más.", hidden
    ) % {"n": hidden}
    return f"{seen} {rest}" if hidden else seen


def group_state(result: GroupResult) -> dict[str, Any]:
    """A group's result as plain data for the page."""
    return {
        "slug": result.group.slug,
        "title": result.group.title,
        "idea": result.group.idea,
        "points": result.group.points,
        "visible": result.group.visible,
        "verdict": result.verdict,
        "verdict_label": result.get_verdict_display(),
        "fraction": result.fraction,
        "message": result.message,
        "hint": result.group.hints.get(result.hint, ""),
        "evidence": result.evidence,
        "curves": result.curves,
        "calls": result.calls,
        "seconds": result.seconds,
        "peak_memory_bytes": result.peak_memory_bytes,
    }


def regraded(gradings: Sequence[Grading]) -> dict[str, Any] | None:
    """What a regrade did to the result that counts; None when it is the first. Wants the newest first."""
    if len(gradings) < 2:
        return None
    newest, before = gradings[:2]
    item = getattr(newest, "regrade_item", None)
    return {
        "at": newest.created_at,
        "before": before.score,
        "after": newest.score,
        "new_version": newest.version_id != before.version_id,
        "reason": item.regrade.reason if item else "",
    }


def state_of(submission: Submission) -> dict[str, Any]:
    """All that a page may know of a submission. Wants one from `with_results`."""
    gradings = list(submission.gradings.all())
    grading = gradings[0] if gradings else None
    shown = grading if submission.state == State.GRADED else None
    results = list(shown.group_results.all()) if shown else []
    ahead = ahead_of(submission)
    return {
        "id": str(submission.pk),
        "kind": submission.kind,
        "state": submission.state,
        "attempt_number": submission.attempt_number,
        "score": submission.score,
        "late": submission.late,
        "regraded": regraded(gradings),
        "ahead": ahead,
        "eta_seconds": eta_seconds(ahead=ahead, places=health.recent().places) if ahead is not None else None,
        "queued_at": submission.queued_at,
        "started_at": submission.started_at,
        "finished_at": submission.finished_at,
        "faults": submission.faults,
        "reference": submission.fault_reference,
        "groups": [group_state(result) for result in results],
        "output": shown.output if shown else "",
        "seconds": shown.seconds if shown else None,
        "passed_groups": sum(r.verdict == Verdict.PASSED for r in results),
        "total_groups": len(results),
        "superseded": superseded(submission),
        "headline": headline(submission, results),
        "urls": {
            "self": reverse("grading:submission", args=[submission.pk]),
            "events": reverse("grading:events", args=[submission.pk]),
            "cancel": reverse("grading:cancel", args=[submission.pk]),
        },
    }


def runtimes_in_use() -> set[str]:
    """Those that an exercise, as it is now, is graded in: 1 query."""
    return set(Exercise.objects.exclude(current=None).values_list("current__runtime", flat=True).distinct())


def fresh_state(submission_id: UUID) -> dict[str, Any]:
    """`state_of` from the database as it is now. Raises Submission.DoesNotExist."""
    return state_of(with_results(Submission.objects.filter(pk=submission_id)).get())
