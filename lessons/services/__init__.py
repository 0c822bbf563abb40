"""Every write of a reader: enrolling, reading, answering."""

from __future__ import annotations

from .answering import NotEnrolled, answer_question
from .enrolling import enrol
from .reading import finish_lab_task, mark_read, note_reading

__all__ = ["NotEnrolled", "answer_question", "enrol", "finish_lab_task", "mark_read", "note_reading"]
