"""The grades of a class, for its instructor's programs."""

from __future__ import annotations

import pytest
from django.utils.timezone import now

from accounts.models import Scope, User
from exercises.models import Exercise
from grading.models import State, Submission
from lessons.models import Cohort, Enrolment
from tests import factories

from .conftest import with_token

GRADES = "/api/v1/courses/curso/grades/"


def test_grades_are_for_instructors_with_that_scope(ana: User, carla: User, exercise: Exercise):
    factories.hand_in(ana, exercise)
    Submission.objects.update(state=State.GRADED, score=50, finished_at=now())
    assert with_token(ana, Scope.TEACH).get(GRADES).status_code == 404
    assert with_token(carla, Scope.READ).get(GRADES).status_code == 403
    table = with_token(carla, Scope.TEACH).get(GRADES).json()
    assert "doble" in table["columns"]
    [row] = table["results"]
    assert (row["email"], row["numbers"]["doble"]) == ("ana@example.org", 50)
    assert set(row["numbers"]) == set(table["columns"])


@pytest.mark.parametrize("cohort", ["1 OR 1", "999999", "-1", "٣"])
def test_a_cohort_that_is_none_of_theirs_does_not_exist(cohort: str, carla: User, exercise: Exercise):
    assert with_token(carla, Scope.TEACH).get(GRADES, {"cohort": cohort}).status_code == 404


def test_a_class_comes_in_pages_that_neither_repeat_nor_lose_anybody(
    carla: User, exercise: Exercise, django_assert_max_num_queries
):
    cohort = Cohort.objects.create(course=exercise.course, name="Mañana")
    people = [factories.make_user(f"p{n}") for n in range(7)]
    for person in people:
        factories.enrol(person, exercise.course)
    Enrolment.objects.filter(student__in=people[:5]).update(cohort=cohort)
    client = with_token(carla, Scope.TEACH)
    with django_assert_max_num_queries(16):
        page = client.get(GRADES, {"cohort": cohort.pk, "page_size": 2}).json()
    factories.enrol(factories.make_user("tarde"), exercise.course)
    seen = [row["email"] for row in page["results"]]
    while page["next"]:
        page = client.get(page["next"]).json()
        seen += [row["email"] for row in page["results"]]
    assert seen == [person.email for person in people[:5]]
