"""Who may see whose submission."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from tests import factories

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


def test_ana_sees_her_own_and_carla_who_teaches_sees_it_too(
    as_ana: Client, as_carla: Client, ana: User, exercise: Exercise
) -> None:
    url = f"/submissions/{factories.hand_in(ana, exercise).pk}/"
    assert as_ana.get(url, headers=JSON).json()["attempt_number"] == 1
    assert as_carla.get(url, headers=JSON).status_code == 200


@pytest.mark.parametrize("page", ["", "events/"])
def test_another_student_gets_the_answer_of_a_submission_that_does_not_exist(
    as_bruno: Client, ana: User, exercise: Exercise, page: str
) -> None:
    fellow = factories.make_user("fellow")
    factories.enrol(fellow, exercise.course)
    as_fellow = Client()
    as_fellow.force_login(fellow)
    real = f"/submissions/{factories.hand_in(ana, exercise).pk}/{page}"
    made_up = f"/submissions/{uuid4()}/{page}"
    for client in (as_bruno, as_fellow):
        assert client.get(real).status_code == client.get(made_up).status_code == 404


def test_who_teaches_another_course_sees_nothing(ana: User, exercise: Exercise) -> None:
    other = factories.make_user("otra")
    factories.enrol(other, factories.make_course("otro"), "instructor")
    client = Client()
    client.force_login(other)
    assert client.get(f"/submissions/{factories.hand_in(ana, exercise).pk}/", headers=JSON).status_code == 404


def test_a_stranger_is_sent_to_sign_in(dario: Client, ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    answer = dario.get(f"/submissions/{submission.pk}/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    assert dario.get(f"/submissions/{submission.pk}/events/").status_code == 401
