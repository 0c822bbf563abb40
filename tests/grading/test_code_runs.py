"""Running a lesson's code from its page: real broker, worker and wall."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from accounts.models import User
from lessons.models import Course
from tests import factories
from tests.grading.conftest import Broker

URL = "/courses/curso/code/"
JSON = {"accept": "application/json"}


def outcome(client: Client, source: str, runtime: str = "numpy") -> dict:
    started = client.post(URL, {"source": source, "runtime": runtime}, headers=JSON)
    assert started.status_code == 202, started.content
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = client.get(started.json()["outcome"])
        if answer.status_code == 200:
            return answer.json()
    raise AssertionError("it did not end")


@pytest.mark.wall
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_the_page_is_told_what_the_code_printed_and_where_it_stopped(start_worker, as_ana: Client) -> None:
    start_worker()
    printed = outcome(as_ana, "import numpy as np\nprint(np.arange(3) ** 2)\n")
    assert (printed["verdict"], printed["output"].strip()) == ("passed", "[0 1 4]")
    stopped = outcome(as_ana, "print('antes')\n1 / 0\n")
    assert (stopped["output"].strip(), stopped["line"]) == ("antes", 2)
    assert "ZeroDivisionError" in stopped["message"]
    walled = outcome(as_ana, "import socket\nsocket.socket()\n")
    assert walled["verdict"] == "forbidden"


@pytest.mark.redis
@pytest.mark.django_db
def test_one_run_of_a_person_at_a_time(broker: Broker, as_ana: Client) -> None:
    assert as_ana.post(URL, {"source": "x = 1", "runtime": "numpy"}, headers=JSON).status_code == 202
    assert as_ana.post(URL, {"source": "x = 1", "runtime": "numpy"}, headers=JSON).status_code == 429


@pytest.mark.redis
@pytest.mark.django_db
def test_another_students_token_leads_nowhere(broker: Broker, as_ana: Client, course: Course) -> None:
    token_url = as_ana.post(URL, {"source": "x = 1", "runtime": "numpy"}, headers=JSON).json()["outcome"]
    fellow = factories.make_user("fellow")
    factories.enrol(fellow, course)
    client = Client()
    client.force_login(fellow)
    assert client.get(token_url).status_code == 404
    assert client.get("/code-runs/made-up/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "runtime", "status"),
    [
        ("", "numpy", 422),
        ("x" * 30_000, "numpy", 422),
        ("x = 1", "../../bin", 422),
        ("x = '\0'", "numpy", 422),
    ],
    ids=["empty", "too long", "no such runtime", "nul"],
)
def test_what_cannot_run_is_refused_with_a_sentence(
    as_ana: Client, source: str, runtime: str, status: int
) -> None:
    answer = as_ana.post(URL, {"source": source, "runtime": runtime}, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.django_db
def test_only_who_is_enrolled_runs_code(as_bruno: Client, dario: Client, bruno: User, course: Course) -> None:
    body = {"source": "x = 1", "runtime": "numpy"}
    assert as_bruno.post(URL, body, headers=JSON).status_code == 403
    assert dario.post(URL, body, headers=JSON).status_code == 401
