"""One student as their teacher sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grading.models import Submission
from grading.selectors import with_results
from lessons.models import Certificate, Enrolment, QuizTry
from lessons.selectors.certificate import certificates_of
from lessons.selectors.mastery import ProgressPage, progress_page

from .signals import Stuck, last_seen, stuck_students

NEWEST = 50


@dataclass(frozen=True)
class StudentPage:
    enrolment: Enrolment
    progress: ProgressPage
    submissions: list[Submission]
    seen: datetime | None
    stuck: Stuck | None
    tries: list[QuizTry]
    certificates: list[Certificate]


def student_page(*, enrolment: Enrolment, at: datetime) -> StudentPage:
    """Progress, certificates, newest submissions and tries, what they are stuck on. Notes stay private."""
    course, student = enrolment.course, enrolment.student
    newest = with_results(Submission.objects.filter(student=student, exercise__course=course))
    tries = QuizTry.objects.filter(student=student, unit__course=course, handed_in_at__isnull=False)
    return StudentPage(
        enrolment=enrolment,
        progress=progress_page(course=course, student=student, at=at),
        submissions=list(newest.order_by("-queued_at")[:NEWEST]),
        seen=last_seen(course=course, students=[student.pk]).get(student.pk),
        certificates=list(certificates_of(student=student, course=course)),
        stuck=stuck_students(course=course, students=[student.pk], at=at).get(student.pk),
        tries=list(tries.select_related("unit").order_by("-handed_in_at")[:NEWEST]),
    )
