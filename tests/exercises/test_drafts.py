"""A draft is never lost: not to a stale tab, a lapsed session, another person or a reset."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exercises import selectors, services
from exercises.models import Draft, Exercise, KeepReason, KeptDraft
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/courses/curso/exercises/doble/draft/"


def put(client: Client, source: str, revision: int, **more: object) -> Any:
    body = {"source": source, "revision": revision, **more}
    return client.put(URL, body, content_type="application/json")


def test_each_save_is_the_next_revision(as_ana: Client, ana: User, exercise: Exercise) -> None:
    assert put(as_ana, "a", 0).json()["revision"] == 1
    assert put(as_ana, "ab", 1).json()["revision"] == 2
    assert as_ana.get(URL).json() | {"saved_at": None} == {"source": "ab", "revision": 2, "saved_at": None}


def test_a_stale_tab_overwrites_nothing_and_gets_the_other_version(
    as_ana: Client, exercise: Exercise
) -> None:
    put(as_ana, "first", 0)
    put(as_ana, "from the other tab", 1)
    answer = put(as_ana, "from the stale tab", 1)
    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict"
    assert (answer.json()["source"], answer.json()["revision"]) == ("from the other tab", 2)
    assert as_ana.get(URL).json()["source"] == "from the other tab"


def test_two_tabs_that_save_the_first_draft_do_not_overwrite_each_other(
    as_ana: Client, exercise: Exercise
) -> None:
    put(as_ana, "one", 0)
    assert put(as_ana, "two", 0).status_code == 409


def test_a_save_whose_answer_was_lost_is_no_conflict(as_ana: Client, exercise: Exercise) -> None:
    put(as_ana, "a", 0)
    put(as_ana, "ab", 1)
    again = put(as_ana, "ab", 1)
    assert (again.status_code, again.json()["revision"]) == (200, 2)


@pytest.mark.parametrize("reason", ["reset", "conflict"])
def test_what_a_save_replaces_on_purpose_is_put_aside(
    as_ana: Client, ana: User, exercise: Exercise, reason: str
) -> None:
    put(as_ana, "mine of an hour", 0)
    put(as_ana, "the starter", 1, keep=reason)
    kept = selectors.kept_drafts(student=ana, exercise=exercise).get()
    assert (kept.source, kept.reason) == ("mine of an hour", reason)


def test_only_the_newest_drafts_put_aside_stay(ana: User, exercise: Exercise) -> None:
    for n in range(services.KEPT_DRAFTS + 3):
        services.replace_draft(
            student=ana, exercise=exercise, source=f"version {n}", reason=KeepReason.RESTORE
        )
    kept = list(KeptDraft.objects.values_list("source", flat=True))
    assert len(kept) == services.KEPT_DRAFTS
    assert kept[0] == f"version {services.KEPT_DRAFTS + 1}"


def test_a_lapsed_session_hears_401_as_json_and_nothing_is_saved(dario: Client, exercise: Exercise) -> None:
    answer = put(dario, "a", 0)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert not Draft.objects.exists()


def test_each_student_has_a_draft_of_their_own(as_ana: Client, exercise: Exercise) -> None:
    put(as_ana, "Ana's", 0)
    fellow = factories.make_user("fellow")
    factories.enrol(fellow, exercise.course)
    client = Client()
    client.force_login(fellow)
    assert client.get(URL).json()["source"] is None
    assert put(client, "fellow's", 0).status_code == 200
    assert as_ana.get(URL).json()["source"] == "Ana's"


def test_who_is_not_enrolled_cannot_know_that_the_exercise_exists(
    as_bruno: Client, exercise: Exercise
) -> None:
    made_up = URL.replace("doble", "inventado")
    assert as_bruno.get(URL).status_code == as_bruno.get(made_up).status_code == 404
    assert put(as_bruno, "a", 0).status_code == 404


@pytest.mark.parametrize(
    ("source", "code"), [("a\0b", "nul"), ("x" * 300_000, "too_large"), ("\ud800", "not_utf8")]
)
def test_what_cannot_be_stored_is_refused_with_its_reason(
    as_ana: Client, exercise: Exercise, source: str, code: str
) -> None:
    answer = put(as_ana, source, 0)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"source": 1, "revision": 0}',
        b'{"source": "a", "revision": -1}',
        b'{"source": "a", "revision": true}',
        b'{"source": "a", "revision": 0, "keep": "forever"}',
    ],
)
def test_a_save_that_makes_no_sense_is_a_bad_request(as_ana: Client, exercise: Exercise, body: bytes) -> None:
    assert as_ana.put(URL, body, content_type="application/json").status_code == 400
    assert not Draft.objects.exists()


def test_a_save_without_the_token_of_the_site_is_refused(ana: User, exercise: Exercise) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert put(client, "a", 0).status_code == 403
