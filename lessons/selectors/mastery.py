"""The progress page: each idea with its estimate, what needs work first, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from accounts.models import User
from lessons.mastery import Evidence, Mastery, estimate, evidence_of
from lessons.models import Answer, Course, Idea
from lessons.services.reviewing import AHEAD

from .certificate import CertificateState, certificate_state
from .outline import CourseOutline, course_outline
from .review import due_reviews

FIRM = 70
WEEKS = 8


@dataclass(frozen=True)
class IdeaLine:
    """An idea that there is evidence for. `url` is where it is explained."""

    idea: Idea
    mastery: Mastery
    url: str

    @property
    def asks_for_review(self) -> bool:
        """Whether the newest evidence failed, or the estimate is low."""
        return self.mastery.failing or self.mastery.score < FIRM


@dataclass(frozen=True)
class Week:
    """The mean score at the end of a week; None before the first evidence."""

    ends: datetime
    score: int | None
    ideas: int


@dataclass(frozen=True)
class ProgressPage:
    outline: CourseOutline
    ideas: list[IdeaLine]
    untouched: int
    weeks: list[Week]
    quiz_percent: int | None
    reviews: int
    certificate: CertificateState | None

    @property
    def to_review(self) -> list[IdeaLine]:
        return [line for line in self.ideas if line.asks_for_review]


def progress_page(*, course: Course, student: User, at: datetime) -> ProgressPage:
    """Ideas by need: those that fail now first, then by score.

    6 queries beside the outline's, and those of the certificate.
    """
    ideas = list(course.ideas.select_related("lesson").defer("lesson__html", "lesson__contents"))
    found = evidence_of(course=course, students=[student.pk])
    lines = []
    for idea in ideas:
        pieces = found.get((student.pk, idea.slug))
        if pieces:
            lines.append(IdeaLine(idea, estimate(pieces, at=at), address(idea, course)))
    lines.sort(key=lambda line: (not line.mastery.failing, line.mastery.score))
    outline = course_outline(course=course, student=student)
    firsts = first_answers(course=course, student=student)
    return ProgressPage(
        outline=outline,
        ideas=lines,
        untouched=len(ideas) - len(lines),
        weeks=weeks_of(list(found.values()), at=at),
        quiz_percent=round(100 * mean(firsts)) if firsts else None,
        reviews=due_reviews(student=student, course=course, at=at + AHEAD).count(),
        certificate=certificate_state(outline=outline, student=student),
    )


def address(idea: Idea, course: Course) -> str:
    """Where the idea is explained; the course itself while its lesson is not known."""
    if idea.lesson is None:
        return course.get_absolute_url()
    idea.lesson.course = course
    url = idea.lesson.get_absolute_url()
    return f"{url}#{idea.anchor}" if idea.anchor else url


def first_answers(*, course: Course, student: User) -> list[bool]:
    """Whether each question was right at the first try: later ones only tell of patience. 1 query."""
    answers = Answer.objects.filter(student=student, question__unit__course=course, question__retired=False)
    firsts: dict[int, bool] = {}
    for question, correct in answers.order_by("created_at", "pk").values_list("question_id", "correct"):
        firsts.setdefault(question, correct)
    return list(firsts.values())


def weeks_of(pieces: list[list[Evidence]], *, at: datetime) -> list[Week]:
    """The mean estimate of the ideas known by then, at the end of each of the last weeks. No query."""
    weeks = []
    for back in range(WEEKS - 1, -1, -1):
        ends = at - timedelta(weeks=back)
        known = [[one for one in of_idea if one.at <= ends] for of_idea in pieces]
        scores = [estimate(of_idea, at=ends).score for of_idea in known if of_idea]
        weeks.append(Week(ends, round(mean(scores)) if scores else None, len(scores)))
    return weeks
