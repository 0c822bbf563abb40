"""Every write of a reader: enrolling, reading, answering."""

from __future__ import annotations

from .answering import NotEnrolled, answer_question
from .enrolling import enrol, join, join_by_code, leave
from .reading import finish_lab_task, mark_read, note_reading

__all__ = [
    "NotEnrolled",
    "answer_question",
    "enrol",
    "finish_lab_task",
    "join",
    "join_by_code",
    "leave",
    "mark_read",
    "note_reading",
]
