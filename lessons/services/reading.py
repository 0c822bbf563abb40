"""What reading leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import now

from accounts.models import User
from lessons.models import Course, LabTask, Lesson, Reading

READ_AGAIN_AFTER = timedelta(hours=1)


def note_reading(*, student: User, lesson: Lesson, at: datetime | None = None) -> None:
    """Remember that the student opened a written lesson of a course that is theirs.

    Opening the same lesson again within the hour writes nothing, so reloading costs one query.
    """
    at = at or now()
    latest = (
        Reading.objects.filter(student=student, lesson__course=lesson.course_id).order_by("-last_at").first()
    )
    if latest and latest.lesson_id == lesson.pk and at - latest.last_at < READ_AGAIN_AFTER:
        return
    Reading.objects.update_or_create(student=student, lesson=lesson, defaults={"last_at": at})


def mark_read(*, student: User, lesson: Lesson, read: bool, at: datetime | None = None) -> None:
    """Keep that the student says to have read the lesson, or takes it back."""
    at = at or now()
    Reading.objects.update_or_create(
        student=student,
        lesson=lesson,
        defaults={"read_at": at if read else None},
        create_defaults={"read_at": at if read else None, "last_at": at},
    )


def finish_lab_task(*, student: User, course: Course, lab: str) -> None:
    """Keep that the student did the lab's task, as the lab itself says. A second time changes nothing."""
    LabTask.objects.get_or_create(student=student, course=course, lab=lab)
