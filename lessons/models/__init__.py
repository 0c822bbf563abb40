"""What is taught, to whom, and what they leave in it.

`content` is written by `manage.py loadcourse` and nothing else; the rest by this app's services.
"""

from __future__ import annotations

from .content import Course, Idea, Joining, Lesson, Page, Place, Section, Unit
from .people import Cohort, Deadline, Enrolment, Extension, Invitation, Role
from .quizzes import Answer, Question, QuestionKind, QuizTry, ReviewCard
from .traces import Bookmark, Certificate, LabTask, Note, Reading

__all__ = [
    "Answer",
    "Bookmark",
    "Certificate",
    "Cohort",
    "Course",
    "Deadline",
    "Enrolment",
    "Extension",
    "Idea",
    "Invitation",
    "Joining",
    "LabTask",
    "Lesson",
    "Note",
    "Page",
    "Place",
    "Question",
    "QuestionKind",
    "QuizTry",
    "Reading",
    "ReviewCard",
    "Role",
    "Section",
    "Unit",
]
