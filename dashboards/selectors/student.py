"""One student as their teacher sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grading.models import Submission
from grading.pages.group import GroupBox
from grading.selectors import group_state, with_results
from lessons.cards import exercise_cards
from lessons.models import Certificate, Enrolment, QuizTry
from lessons.selectors import DueLine, unfinished
from lessons.selectors.certificate import certificates_of
from lessons.selectors.mastery import ProgressPage, progress_page
from lessons.selectors.outline import UnitLines
from lessons.selectors.progress import Stage

from .signals import Stuck, last_seen, stuck_students

NEWEST = 50


@dataclass(frozen=True)
class Seen:
    """A submission with how its groups ended, in the order of the exercise; none before it is graded."""

    submission: Submission
    groups: list[GroupBox]


@dataclass(frozen=True)
class StudentPage:
    enrolment: Enrolment
    progress: ProgressPage
    units: list[UnitLines]
    submissions: list[Seen]
    seen: datetime | None
    stuck: Stuck | None
    tries: list[QuizTry]
    certificates: list[Certificate]
    due: list[DueLine]


def student_page(*, enrolment: Enrolment, at: datetime) -> StudentPage:
    """Progress, certificates, newest submissions and tries, what they are stuck on: 30 queries at most.

    Notes stay private.
    """
    course, student = enrolment.course, enrolment.student
    newest = with_results(Submission.objects.filter(student=student, exercise__course=course))
    tries = QuizTry.objects.filter(student=student, unit__course=course, handed_in_at__isnull=False)
    progress = progress_page(course=course, student=student, at=at)
    return StudentPage(
        enrolment=enrolment,
        progress=progress,
        units=[lines for lines in progress.outline.units if touched(lines)],
        submissions=[Seen(one, groups_of(one)) for one in newest.order_by("-queued_at")[:NEWEST]],
        seen=last_seen(course=course, students=[student.pk]).get(student.pk),
        certificates=list(certificates_of(student=student, course=course)),
        stuck=stuck_students(course=course, students=[student.pk], at=at).get(student.pk),
        tries=list(tries.select_related("unit").order_by("-handed_in_at")[:NEWEST]),
        due=unfinished(enrolment=enrolment, cards=exercise_cards(course=course, student=student), at=at),
    )


def touched(lines: UnitLines) -> bool:
    """Whether the student has done anything of the unit."""
    tried = any(card.begun or card.score is not None for card in lines.exercises)
    return tried or any(line.stage != Stage.NONE for line in lines.lessons)


def groups_of(submission: Submission) -> list[GroupBox]:
    """How the groups of the newest grading ended. Wants a submission `with_results`."""
    grading = next(iter(submission.gradings.all()), None)
    return [GroupBox(group_state(result)) for result in grading.group_results.all()] if grading else []
