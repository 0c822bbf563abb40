"""One `Idempotency-Key`, one submission: asked again, at once, with something else, by somebody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from exercises.models import Exercise
from grading.models import State, Submission
from tests import factories

from .conftest import with_token

SUBMIT = "/api/v1/courses/curso/exercises/doble/submissions/"


def hand_in(client: APIClient, key: object, source: str = factories.RIGHT, kind: str = "submit"):
    body = {"source": source, "kind": kind}
    return client.post(SUBMIT, body, headers={"Idempotency-Key": str(key)}, format="json")


def test_a_program_hands_in_once_however_often_it_asks(program: APIClient, exercise: Exercise):
    key = uuid4()
    first, again = hand_in(program, key), hand_in(program, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["state"] == State.QUEUED
    assert Submission.objects.count() == 1
    assert hand_in(program, "x").json()["code"] == "bad_idempotency_key"


@pytest.mark.django_db(transaction=True)
def test_a_key_sent_eight_times_at_once_gives_one_submission(ana: User, exercise: Exercise):
    key, clients = uuid4(), [with_token(ana) for _ in range(8)]

    def ask(client: APIClient) -> tuple[int, str]:
        try:
            answer = hand_in(client, key)
            return answer.status_code, answer.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, clients))
    assert answers == {(201, str(Submission.objects.get().pk))}


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_key_at_once_get_one_submission_and_one_refusal(
    ana: User, bruno: User, exercise: Exercise
):
    factories.enrol(bruno, exercise.course)
    key, clients = uuid4(), [with_token(ana), with_token(bruno)]

    def ask(client: APIClient) -> int:
        try:
            return int(hand_in(client, key).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, clients)) == [201, 409]
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("change", [{"source": factories.WRONG}, {"kind": "run"}])
def test_a_key_that_stands_for_something_else_is_refused_instead_of_losing_the_new_text(
    change: dict[str, str], program: APIClient, exercise: Exercise
):
    key = uuid4()
    hand_in(program, key)
    answer = hand_in(program, key, **change)
    assert (answer.status_code, answer.json()["code"]) == (409, "token_used")
    assert Submission.objects.get().source == factories.RIGHT


def test_line_ends_of_another_system_are_the_same_text(program: APIClient, exercise: Exercise):
    key = uuid4()
    first = hand_in(program, key, source="x = 1\r\ny = 2\r\n").json()
    assert hand_in(program, key, source="x = 1\r\ny = 2\r\n").json()["id"] == first["id"]


def test_a_key_of_somebody_else_is_refused(program: APIClient, exercise: Exercise, bruno: User):
    key = uuid4()
    hand_in(program, key)
    factories.enrol(bruno, exercise.course)
    answer = hand_in(with_token(bruno), key)
    assert (answer.status_code, answer.json()["code"]) == (409, "token_used")
