"""Every read that a page of the course needs.

Course and lessons are public: anybody may read them, signed in or not. Answering asks for a place in the
course, and exercises guard themselves.
"""

from __future__ import annotations

from .deadlines import DueLine, dates_of, unfinished, unit_due
from .outline import (
    CourseOutline,
    CourseToContinue,
    LessonLine,
    LessonPlace,
    SectionLines,
    UnitLines,
    course_outline,
    courses_to_continue,
    lesson_place,
)
from .people import courses_for, enrolment_of, left_place_of, may_see_work_of, taught_by, teaching_of
from .progress import is_read, labs_done
from .questions import OwnQuestion, asked_now, questions_with_answers

__all__ = [
    "CourseOutline",
    "CourseToContinue",
    "DueLine",
    "LessonLine",
    "LessonPlace",
    "OwnQuestion",
    "SectionLines",
    "UnitLines",
    "asked_now",
    "course_outline",
    "courses_for",
    "courses_to_continue",
    "dates_of",
    "enrolment_of",
    "is_read",
    "labs_done",
    "left_place_of",
    "lesson_place",
    "may_see_work_of",
    "questions_with_answers",
    "taught_by",
    "teaching_of",
    "unfinished",
    "unit_due",
]
