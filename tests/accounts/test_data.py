from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model
from django.test import Client

from accounts import privacy
from accounts.models import User
from exercises.models import Exercise
from lessons.models import Note
from tests.accounts.conftest import enter, entered
from tests.accounts.traces import SECRET, leave_traces

# the test client is synchronous, the stream is not
pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")

DOWNLOAD = "/accounts/data/download/"
NEVER_FILLED = {"account.EmailConfirmation", "socialaccount.SocialToken"}  # links are signed, tokens not kept


def personal_models() -> set[type[Model]]:
    """Every model from which foreign keys lead to a person, however many steps."""
    found: set[type[Model]] = {User}
    models = [model for model in apps.get_models() if model._meta.label not in NEVER_FILLED]
    while True:
        more = {
            model
            for model in models
            for field in model._meta.get_fields()
            if isinstance(field, ForeignKey) and field.related_model in found
        } - found
        if not more:
            return found
        found |= more


def test_whatever_is_about_a_person_is_in_their_copy():
    given = set().union(*(export.holds for export in privacy.exports()))

    assert {model._meta.label for model in personal_models() - given} == set()


def test_whatever_is_about_a_person_is_dealt_with_when_they_leave():
    dealt = set().union(*(erasure.holds for erasure in privacy.erasures()))

    assert {model._meta.label for model in personal_models() - dealt} == set()


@pytest.fixture
def copy(ana: User, carla: User, exercise: Exercise) -> zipfile.ZipFile:
    client = entered(ana)
    leave_traces(ana, exercise, carla)
    response = client.post(DOWNLOAD)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith('attachment; filename="coursesite-20')
    assert response.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(b"".join(response)))


def rows(copy: zipfile.ZipFile, path: str) -> list[dict]:
    return json.loads(copy.read(path))


def test_no_file_of_the_copy_is_empty_and_each_is_what_its_name_says(copy):
    for name in copy.namelist():
        text = copy.read(name).decode()
        if name.endswith(".json"):
            assert json.loads(text), f"{name} holds nothing of somebody who has done everything"
        else:
            assert text.strip(), name


def test_the_sources_and_the_notes_are_files_of_their_own(copy):
    names = copy.namelist()

    assert copy.read("grading/sources/curso/doble/attempt-1.py").decode() == f"# entrega {SECRET}"
    assert any(name.startswith("grading/sources/curso/doble/run-") for name in names)
    assert copy.read("exercises/drafts/curso/doble.py").decode() == f"# borrador {SECRET}"
    (note,) = [name for name in names if name.endswith(".md")]
    assert f"apunte {SECRET}" in copy.read(note).decode()


def test_the_copy_says_what_came_of_the_work(copy):
    assert rows(copy, "grading/gradings.json")[0]["score"] == 60
    assert rows(copy, "grading/group-results.json")[0]["verdict"] == "wrong"
    assert rows(copy, "grading/comments-by-you.json")[0]["text"] == "Usa menos memoria."
    assert rows(copy, "lessons/extensions.json")[0]["reason"] == f"hospital {SECRET}"
    assert rows(copy, "account/profile.json")[0]["email"] == "ana@example.org"


def test_the_copy_holds_no_secret_that_would_open_the_account(copy, ana: User):
    everything = b"".join(copy.read(name) for name in copy.namelist()).decode()

    assert "K3Y-OF-THE-PHONE" not in everything
    assert "5ec4e7-digest" not in everything
    assert ana.password not in everything


def test_the_copy_explains_itself(copy):
    assert "ana@example.org" in copy.read("README.txt").decode()


def test_nobody_gets_anything_of_somebody_else(copy, bruno: User):
    response = entered(bruno).post(DOWNLOAD)
    everything = b"".join(response)
    with zipfile.ZipFile(io.BytesIO(everything)) as other:
        texts = b"".join(other.read(name) for name in other.namelist()).decode()

    assert SECRET not in texts
    assert "ana@example.org" not in texts


def test_an_open_session_alone_gets_no_copy(ana: User):
    client = Client()
    enter(client, ana.email)

    assert client.post(DOWNLOAD).url.startswith("/accounts/reauthenticate/?next=")
    resumed = client.post(
        "/accounts/reauthenticate/?next=" + DOWNLOAD, {"password": "una frase bien larga", "next": DOWNLOAD}
    )
    assert resumed.headers["Content-Type"] == "application/zip"


def test_copies_without_end_meet_a_limit(ana: User):
    client = entered(ana)
    answers = [client.post(DOWNLOAD) for _again in range(7)]

    assert [a.status_code for a in answers] == [200] * 6 + [429]
    assert "Vuelve dentro de una hora" in answers[-1].content.decode()


def test_a_thousand_notes_are_read_in_one_query(ana: User, course, django_assert_max_num_queries):
    from accounts.archive import archive_of

    lesson = course.lessons.first()
    Note.objects.bulk_create(Note(student=ana, lesson=lesson, text="x") for _note in range(1000))
    with django_assert_max_num_queries(40):
        archive_of(ana).close()
