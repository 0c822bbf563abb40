"""The leaderboard: who wants to be seen, by alias, each with the best hand-in that counts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from exercises.models import Exercise
from grading import services
from grading.judge import GroupReport, Report
from grading.judge.verdicts import Verdict
from grading.leaderboard import Row, board, placed
from grading.models import Grading, Kind, LeaderboardEntry, Submission
from lessons.models import Cohort, Deadline, Enrolment
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(exercise: Exercise) -> Exercise:
    references = [{"label": "Adam afinado", "value": -3.9}]
    exercise.leaderboard = {"group": "azar", "metric": "log10 de f", "references": references}
    exercise.save()
    return exercise


def graded(
    student: User, exercise: Exercise, value: float, spread: float = 0.0, kind: Kind = Kind.SUBMIT
) -> Submission:
    """A hand-in whose grading ranked it by `value`."""
    submission = factories.hand_in(student, exercise, kind=kind)
    lease = services.claim(submission_id=submission.pk)
    evidence = {"rank": {"value": value, "spread": spread}}
    group = GroupReport(slug="azar", verdict=Verdict.PASSED, fraction=1.0, evidence=evidence)
    report = Report(groups=(group,), score=100.0, output="", seconds=0.1)
    assert services.finish(lease=lease, report=report, runtime_version="test")
    return submission


def student(name: str, exercise: Exercise, *values: float, spread: float = 0.0, seen: bool = True) -> User:
    person = factories.make_user(name, alias=f"alias-{name}")
    factories.enrol(person, exercise.course)
    for value in values:
        graded(person, exercise, value, spread)
    if seen:
        services.join_leaderboard(student=person, exercise=exercise, alias=person.alias)
    return person


def test_each_stands_with_the_best_hand_in_and_the_least_is_first(
    ana: User, ranked: Exercise, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    student("eva", ranked, -2.0, -5.5, -3.0)
    student("luis", ranked, -6.0)
    with django_assert_num_queries(2):
        table = board(exercise=ranked, reader=ana)
    assert [(row.place, row.alias, row.value) for row in table.rows] == [
        (1, "alias-luis", -6.0),
        (2, "alias-eva", -5.5),
    ]
    assert table.own is None


def test_nobody_is_seen_who_did_not_ask_for_it(ana: User, ranked: Exercise, as_ana: Client) -> None:
    student("eva", ranked, -5.0, seen=False)
    graded(ana, ranked, -4.0)
    table = board(exercise=ranked, reader=ana)
    assert table.rows == []
    assert (table.own.place, table.own.value) == (1, -4.0)
    page = as_ana.get(f"{ranked.get_absolute_url()}leaderboard/").text
    assert "solo tú lo ves" in page
    assert "eva" not in page


def test_what_is_late_or_a_try_does_not_count(ana: User, ranked: Exercise) -> None:
    services.join_leaderboard(student=ana, exercise=ranked, alias="liebre-azul")
    late = graded(ana, ranked, -9.0)
    Submission.objects.filter(pk=late.pk).update(late=True)
    graded(ana, ranked, -8.0, kind=Kind.RUN)
    graded(ana, ranked, -4.0)
    assert [row.value for row in board(exercise=ranked, reader=ana).rows] == [-4.0]


def test_a_regrade_takes_the_place_of_what_it_regraded(ana: User, ranked: Exercise) -> None:
    services.join_leaderboard(student=ana, exercise=ranked, alias="liebre-azul")
    old = graded(ana, ranked, -9.0).gradings.get()
    new = Grading.objects.create(submission=old.submission, number=2, version=old.version, score=100)
    result = old.group_results.get()
    result.pk, result.grading, result.evidence = None, new, {"rank": {"value": -3.0, "spread": 0.0}}
    result.save()
    assert [row.value for row in board(exercise=ranked, reader=ana).rows] == [-3.0]


def test_places_whose_intervals_touch_are_tied_and_equal_values_share_one() -> None:
    at = now()
    rows = [
        Row(0, name, value, 0.3, at) for name, value in (("a", -5.0), ("b", -5.0), ("c", -4.5), ("d", -3.0))
    ]
    found = placed(rows)
    assert [(row.place, row.tied) for row in found] == [(1, (1, 3)), (1, (1, 3)), (3, (1, 3)), (4, (4, 4))]
    assert [row.is_tied for row in found] == [True, True, True, False]


def test_a_long_table_has_pages_and_an_odd_number_shows_one_of_them(
    ana: User, ranked: Exercise, as_ana: Client
) -> None:
    for i in range(51):
        student(f"uno{i}", ranked, -float(i))
    address = f"{ranked.get_absolute_url()}leaderboard/"
    first, last = as_ana.get(address).text, as_ana.get(f"{address}?page=99").text
    assert ("alias-uno50" in first, "alias-uno0<" in first) == (True, False)
    assert ("alias-uno50" in last, "alias-uno0<" in last) == (False, True)
    assert ('rel="next"' in first, 'rel="prev"' in last) == (True, True)
    assert as_ana.get(f"{address}?page=nada").text.count("<tr") == first.count("<tr")


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 30)), max_size=30))
def test_ties_reach_as_far_as_any_interval_that_touches(measured: list[tuple[int, int]]) -> None:
    at = now()
    rows = placed([Row(0, str(i), value / 4, spread / 4, at) for i, (value, spread) in enumerate(measured)])
    for row in rows:
        touching = [one.place for one in rows if abs(one.value - row.value) <= one.spread + row.spread]
        assert row.tied == (min(touching), max(touching))


def test_joining_takes_an_alias_keeps_it_in_the_profile_and_leaving_takes_the_row_away(
    ana: User, ranked: Exercise, as_ana: Client
) -> None:
    graded(ana, ranked, -4.0)
    address = f"{ranked.get_absolute_url()}leaderboard/"
    assert as_ana.post(address, {"alias": "liebre azul"}).status_code == 422
    assert not LeaderboardEntry.objects.exists()
    page = as_ana.post(address, {"alias": "liebre-azul"}, follow=True).text
    assert "liebre-azul" in page
    ana.refresh_from_db()
    assert ana.alias == "liebre-azul"
    page = as_ana.post(f"{address}leave/", follow=True).text
    assert "Sé quien estrena la tabla." in page


def test_an_alias_that_somebody_has_is_refused_with_the_reason(ranked: Exercise, as_ana: Client) -> None:
    student("eva", ranked, -5.0)
    answer = as_ana.post(f"{ranked.get_absolute_url()}leaderboard/", {"alias": "ALIAS-EVA"})
    assert answer.status_code == 422
    assert "Ese alias ya es de otra persona." in answer.text


def test_the_table_is_final_once_the_deadline_has_passed(ana: User, ranked: Exercise, as_ana: Client) -> None:
    cohort = Cohort.objects.create(course=ranked.course, name="A")
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    deadline = Deadline.objects.create(cohort=cohort, unit=ranked.unit, due_at=now() + timedelta(days=1))
    address = f"{ranked.get_absolute_url()}leaderboard/"
    assert "Provisional: cierra el" in as_ana.get(address).text
    deadline.due_at = now() - timedelta(days=1)
    deadline.save()
    assert "Definitiva desde el" in as_ana.get(address).text


def test_the_csv_has_the_whole_table(ranked: Exercise, as_ana: Client) -> None:
    for i in range(3):
        student(f"e{i}", ranked, float(-i))
    rows = list(csv.reader(io.StringIO(as_ana.get(f"{ranked.get_absolute_url()}leaderboard.csv").text)))
    assert [row[1] for row in rows] == ["alias", "alias-e2", "alias-e1", "alias-e0"]


def test_an_exercise_without_a_leaderboard_has_no_page_and_no_link(exercise: Exercise, ana: User) -> None:
    client = signed_in(ana)
    assert client.get(f"{exercise.get_absolute_url()}leaderboard/").status_code == 404
    assert "leaderboard" not in client.get(exercise.get_absolute_url()).text
