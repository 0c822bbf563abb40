"""The draft, read and saved by a program: the same one that the editor shows."""

from __future__ import annotations

from rest_framework.test import APIClient

from accounts.models import Scope, User
from exercises.models import Draft, Exercise, KeptDraft
from tests import factories

from .conftest import with_token

DRAFT = "/api/v1/courses/curso/exercises/doble/draft/"


def save(client: APIClient, source: object, revision: object, **more: object):
    return client.put(DRAFT, {"source": source, "revision": revision} | more, format="json")


def test_a_draft_goes_up_and_comes_back_with_its_revision(program: APIClient, exercise: Exercise):
    assert program.get(DRAFT).json() == {"source": None, "revision": 0, "saved_at": None}
    saved = save(program, "x = 1\n", 0)
    assert (saved.status_code, saved.json()["revision"]) == (200, 1)
    assert program.get(DRAFT).json() == saved.json()
    asked = program.get("/api/v1/courses/curso/exercises/doble/").json()
    assert (asked["draft"], asked["draft_revision"]) == ("x = 1\n", 1)


def test_a_save_on_an_old_revision_shows_what_was_saved_meanwhile(program: APIClient, exercise: Exercise):
    save(program, "mine", 0)
    save(program, "from the browser", 1)
    lost = save(program, "mine, changed", 1)
    assert (lost.status_code, lost.json()["code"]) == (409, "conflict")
    assert lost.json()["stored"]["source"] == "from the browser"
    assert (
        save(program, "mine, changed", lost.json()["stored"]["revision"], keep="conflict").status_code == 200
    )
    assert KeptDraft.objects.get().source == "from the browser"


def test_the_answer_to_a_save_may_get_lost(program: APIClient, exercise: Exercise):
    assert save(program, "x", 0).json()["revision"] == save(program, "x", 0).json()["revision"] == 1


def test_what_cannot_be_stored_is_refused_with_its_reason(program: APIClient, exercise: Exercise):
    for source, revision, status, code in [
        ("a\0b", 0, 422, "nul"),
        ("x" * 300_000, 0, 413, "too_large"),
        ("x", -1, 422, "invalid"),
        (None, 0, 422, "invalid"),
        ("x", 10**12, 422, "invalid"),
    ]:
        answer = save(program, source, revision)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert save(program, "x", 0, keep="forever").status_code == 422
    assert not Draft.objects.exists()


def test_a_draft_is_its_students_own(program: APIClient, ana: User, bruno: User, exercise: Exercise):
    save(program, "hers", 0)
    assert with_token(bruno).get(DRAFT).status_code == 404
    factories.enrol(bruno, exercise.course)
    assert with_token(bruno).get(DRAFT).json()["source"] is None
    assert save(with_token(ana, Scope.READ), "x", 1).status_code == 403
