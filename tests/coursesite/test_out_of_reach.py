"""A database that takes nothing: whoever sent something finds it on the answer, to send it again."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from exercises.models import Exercise
from grading import services
from grading.models import Submission
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(services, "hand_in", refuse)


@pytest.fixture
def form(exercise: Exercise) -> tuple[str, dict[str, str]]:
    url = reverse("grading:submit", args=[exercise.course.slug, exercise.slug])
    return url, {"source": factories.RIGHT, "kind": "submit", "form_token": str(uuid4())}


def test_a_form_comes_back_with_its_text_and_its_token_and_counts_once_when_sent_again(
    as_ana: Client, form: tuple[str, dict[str, str]], full_disk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_ana.raise_request_exception = False
    url, fields = form
    page = as_ana.post(url, fields)
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    text = page.content.decode()
    assert "def doble(x):\n    return 2 * x" in text
    assert f'action="{url}"' in text
    assert f'name="form_token" value="{fields["form_token"]}"' in text
    assert "No es cosa tuya" in text
    monkeypatch.undo()
    assert as_ana.post(url, fields).status_code == 302
    assert Submission.objects.get().source == factories.RIGHT


def test_a_script_hears_it_in_json(as_ana: Client, form: tuple[str, dict[str, str]], full_disk: None) -> None:
    as_ana.raise_request_exception = False
    url, fields = form
    answer = as_ana.post(url, fields, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_a_program_gets_a_problem_and_when_to_come_back(
    as_ana: Client, exercise: Exercise, full_disk: None
) -> None:
    as_ana.raise_request_exception = False
    url = reverse("api:submit", args=[exercise.course.slug, exercise.slug])
    answer = as_ana.post(url, {"source": "x = 1", "kind": "submit"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "5"


def test_no_password_comes_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("allauth.account.forms.LoginForm.clean", refuse)
    page = client.post(
        reverse("account_login"), {"login": "ana@example.org", "password": "una frase bien larga"}
    )
    assert page.status_code == 503
    assert "una frase bien larga" not in page.content.decode()


def test_a_page_that_cannot_be_read_says_so_and_when_to_come_back(
    as_ana: Client, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_ana.raise_request_exception = False

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("grading.selectors.attempts", refuse)
    page = as_ana.get(exercise.get_absolute_url())
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "no llegamos a los datos" in page.content.decode()
    assert "Enviar otra vez" not in page.content.decode()
