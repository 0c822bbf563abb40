"""How well a student has an idea: an estimate from what they answered and what their code did.

A piece of evidence is a success of a share `passed` between 0 and 1. The chance of a success has a
Beta(1, 1) prior and each piece of evidence adds its weight to one side or the other (Gelman et al.,
Bayesian Data Analysis, 3rd ed., 2013, §2.4). Evidence of age t weighs 2^(-t/HALF_LIFE): what was shown
long ago still counts, but less, and the estimate drifts back to the prior. The score is the posterior mean,
in percent. Without evidence there is no score.

Imports go from grading to lessons and never back, so an app above registers what else is evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean

from django.utils.timezone import now

from .models import Answer, Course

HALF_LIFE = timedelta(days=60)


@dataclass(frozen=True)
class Evidence:
    """That a student did, or did not, what `idea` (its slug) asks."""

    student_id: int
    idea: str
    passed: float
    at: datetime


@dataclass(frozen=True)
class Mastery:
    """The estimate for one idea. `score` is 0 to 100; `failing`: the newest evidence was no success."""

    score: int
    evidence: int
    last_at: datetime
    failing: bool
    recent_failures: int


Provider = Callable[[Course, Collection[int]], Iterable[Evidence]]
_providers: list[Provider] = []


def provide_evidence(provider: Provider) -> None:
    """Register who knows more evidence, when its app is ready."""
    if provider not in _providers:
        _providers.append(provider)


def answers_as_evidence(course: Course, students: Collection[int]) -> Iterable[Evidence]:
    """Every answer to a question that names its idea. 1 query."""
    answers = Answer.objects.filter(student__in=students, question__unit__course=course)
    rows = answers.exclude(question__idea="").values_list(
        "student_id", "question__idea", "correct", "created_at"
    )
    for student_id, idea, correct, at in rows.order_by().iterator():
        yield Evidence(student_id, idea, float(correct), at)


def mastery_of(
    *, course: Course, students: Collection[int], at: datetime | None = None
) -> dict[int, dict[str, Mastery]]:
    """Student id to idea to estimate, ideas with evidence only. 1 query and the providers' own."""
    at = at or now()
    found = evidence_of(course=course, students=students)
    masteries: dict[int, dict[str, Mastery]] = {student: {} for student in students}
    for (student, idea), pieces in found.items():
        masteries[student][idea] = estimate(pieces, at=at)
    return masteries


def unit_mastery(masteries: Mapping[str, Mastery], *, course: Course) -> dict[int, int]:
    """Unit number to the mean score of its ideas that there is evidence for. 1 query."""
    places = course.ideas.filter(slug__in=masteries, lesson__isnull=False)
    scores: dict[int, list[int]] = defaultdict(list)
    for slug, unit in places.order_by().values_list("slug", "lesson__section__unit__number"):
        scores[unit].append(masteries[slug].score)
    return {unit: round(mean(found)) for unit, found in scores.items()}


def evidence_of(*, course: Course, students: Collection[int]) -> dict[tuple[int, str], list[Evidence]]:
    """(Student id, idea) to all that is known. 1 query and the providers' own."""
    found: dict[tuple[int, str], list[Evidence]] = defaultdict(list)
    for provider in (answers_as_evidence, *_providers):
        for evidence in provider(course, students):
            found[evidence.student_id, evidence.idea].append(evidence)
    return found


def estimate(pieces: Collection[Evidence], *, at: datetime) -> Mastery:
    """The estimate from all the evidence for one idea of one student, at least one piece."""
    successes = failures = 1.0
    recent = 0
    for piece in pieces:
        weight = 0.5 ** max(0.0, (at - piece.at) / HALF_LIFE)
        successes += weight * piece.passed
        failures += weight * (1 - piece.passed)
        recent += piece.passed < 1 and at - piece.at < timedelta(days=2)
    newest = max(pieces, key=lambda piece: piece.at)
    return Mastery(
        score=round(100 * successes / (successes + failures)),
        evidence=len(pieces),
        last_at=newest.at,
        failing=newest.passed < 1,
        recent_failures=recent,
    )
