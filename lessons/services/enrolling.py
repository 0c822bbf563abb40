"""Taking a place in a course, leaving it, and coming back."""

from __future__ import annotations

from accounts.models import User
from lessons.models import Course, Enrolment


def enrol(*, student: User, course: Course) -> Enrolment:
    """Give `student` a place in the course; a second time changes nothing, the role neither.

    Who had left comes back to everything that was theirs.
    """
    enrolment, _created = Enrolment.ever.get_or_create(student=student, course=course)
    if enrolment.left_at is not None:
        enrolment.left_at = None
        enrolment.save(update_fields=["left_at"])
    return enrolment
