from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from exercises.models import Exercise, TestGroup
from grading.models import Grading, GroupResult, Kind, State
from lessons.mastery import HALF_LIFE, Evidence, estimate, mastery_of
from lessons.models import Answer, Course, Question
from tests import factories

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def piece(passed: float, days: float = 0) -> Evidence:
    return Evidence(1, "sesgo", passed, NOW - timedelta(days=days))


def test_one_success_is_not_yet_certainty_and_ten_nearly_are():
    one, ten = estimate([piece(1)], at=NOW), estimate([piece(1)] * 10, at=NOW)
    assert 60 < one.score < 70
    assert ten.score > 90


def test_what_was_shown_long_ago_counts_for_less_than_what_failed_today():
    assert estimate([piece(1, days=240), piece(1, days=240), piece(0)], at=NOW).score < 50
    assert estimate([piece(0, days=240), piece(0, days=240), piece(1)], at=NOW).score > 50


def test_a_newest_failure_asks_for_review():
    assert estimate([piece(1, days=3), piece(0)], at=NOW).failing
    assert not estimate([piece(0, days=3), piece(1)], at=NOW).failing


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 2000)), min_size=1, max_size=30))
def test_a_score_is_a_percentage_and_a_success_never_lowers_it(history):
    pieces = [piece(passed, days) for passed, days in history]
    before = estimate(pieces, at=NOW).score
    after = estimate([*pieces, piece(1)], at=NOW).score
    assert 0 <= before <= after <= 100


def test_evidence_of_one_half_life_weighs_half():
    old = estimate([piece(1, days=HALF_LIFE.days), piece(1, days=HALF_LIFE.days)], at=NOW)
    assert old.score == estimate([piece(1)], at=NOW).score


def answered(student: User, course: Course, idea: str, *, correct: bool) -> None:
    unit = course.units.get()
    question, _ = Question.objects.get_or_create(
        unit=unit, key=idea, defaults={"position": 1, "kind": "single", "prompt": "", "idea": idea}
    )
    Answer.objects.create(student=student, question=question, response={}, correct=correct)


def graded(student: User, exercise: Exercise, fraction: float) -> None:
    TestGroup.objects.filter(version=exercise.current).update(about="sesgo")
    submission = factories.hand_in(student, exercise, kind=Kind.SUBMIT)
    submission.state, submission.score = State.GRADED, 50
    submission.save()
    grading = Grading.objects.create(submission=submission, version=submission.version, score=50)
    for group in submission.version.groups.all():
        GroupResult.objects.create(grading=grading, group=group, verdict="wrong", fraction=fraction)


@pytest.mark.parametrize("students", [1, 30])
def test_a_class_costs_two_queries_whatever_its_size(
    course: Course, exercise: Exercise, students: int, django_assert_num_queries
):
    people = [factories.make_user(f"s{n}") for n in range(students)]
    for person in people:
        factories.enrol(person, course)
        answered(person, course, "curvatura", correct=True)
        graded(person, exercise, fraction=0)
    with django_assert_num_queries(2):
        found = mastery_of(course=course, students=[person.pk for person in people])
    assert set(found) == {person.pk for person in people}
    for ideas in found.values():
        assert ideas["curvatura"].score > 60
        assert ideas["sesgo"].score < 30
        assert ideas["sesgo"].recent_failures == 2


def test_who_has_done_nothing_has_no_number(course: Course, ana: User):
    assert mastery_of(course=course, students=[ana.pk]) == {ana.pk: {}}
