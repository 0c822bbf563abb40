"""How much a program may ask for: 429 says when to come back, and to whom it applies."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient
from rest_framework.throttling import AnonRateThrottle, ScopedRateThrottle, UserRateThrottle

from accounts.models import User
from exercises.models import Exercise
from grading import streams
from tests import factories

from .conftest import with_token

API = "/api/v1"
SUBMIT = f"{API}/courses/curso/exercises/doble/submissions/"


def told_to_wait(answer) -> bool:
    return (
        answer.status_code == 429
        and answer.headers["Content-Type"] == "application/problem+json"
        and int(answer.headers["Retry-After"]) > 0
        and bool(answer.json()["detail"])
    )


def test_asking_too_often_is_told_when_to_come_back(
    program: APIClient, bruno: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    answers = [program.get(f"{API}/me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert told_to_wait(answers[-1])
    assert with_token(bruno).get(f"{API}/me/").status_code == 200


def test_a_second_token_gives_nobody_a_second_share(
    program: APIClient, ana: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "1/min"})
    assert program.get(f"{API}/me/").status_code == 200
    assert told_to_wait(with_token(ana).get(f"{API}/me/"))


def test_handing_in_has_a_rate_of_its_own(
    program: APIClient, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"submissions": "1/min"})
    assert program.post(SUBMIT, {"source": "x = 1"}, format="json").status_code == 201
    assert told_to_wait(program.post(SUBMIT, {"source": "x = 2"}, format="json"))
    assert program.get(f"{API}/me/").status_code == 200


def test_whoever_is_not_known_is_counted_by_address(
    program: APIClient, db: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "1/min"})
    schema = f"{API}/schema/"
    assert APIClient().get(schema).status_code == 200
    assert told_to_wait(APIClient().get(schema))
    assert APIClient().get(schema, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_as_many_as_may_wait_is_told_to_come_back_too(program: APIClient, exercise: Exercise, settings):
    settings.GRADING_WAITING_PER_STUDENT = 1
    program.post(SUBMIT, {"source": "x = 1"}, format="json")
    full = program.post(SUBMIT, {"source": "x = 2"}, format="json")
    assert told_to_wait(full)
    assert full.json()["code"] == "too_many"


def test_a_person_holds_only_so_many_streams_open(
    program: APIClient, ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
):
    found = factories.hand_in(ana, exercise)
    monkeypatch.setitem(streams.streams_open, ana.pk, streams.STREAMS_PER_PERSON)
    answer = program.get(f"{API}/submissions/{found.pk}/events/")
    assert told_to_wait(answer)
    assert answer.json()["code"] == "too_many_streams"
