from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.serializers import serialize
from django.test import Client
from django.utils.timezone import now

from accounts import services
from accounts.models import PersonalToken, User
from accounts.tasks import anonymise
from exercises.models import Exercise
from grading.models import Comment, GroupResult, Submission
from lessons.models import Answer, Certificate, Course, Enrolment, QuizTry, Role
from tests import factories
from tests.accounts.conftest import enter, entered
from tests.accounts.traces import SECRET, leave_traces

LEAVE = "/accounts/delete/"
LATER = timedelta(days=15)


def leave(client: Client):
    return client.post(LEAVE, {"understood": "on"})


def everything() -> str:
    """All rows of the database but sessions, which are opaque."""
    models = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]
    return serialize("json", [row for model in models for row in model._base_manager.all()])


@pytest.fixture
def left(ana: User, carla: User, exercise: Exercise) -> User:
    """Ana, who did everything and left for good."""
    leave_traces(ana, exercise, carla)
    services.ask_deletion(person=ana)
    assert services.anonymise_due(at=now() + LATER) == 1
    ana.refresh_from_db()
    return ana


@pytest.mark.django_db(transaction=True)
def test_leaving_closes_the_account_everywhere_and_says_until_when_she_can_return(ana: User):
    token = PersonalToken.objects.create(person=ana, name="portátil", prefix="cs_", digest="d")
    phone, laptop = entered(ana), entered(ana)
    page = laptop.get(LEAVE).content.decode()
    assert "basta con entrar para recuperarlo" in page
    assert leave(laptop).url == "/accounts/delete/done/"

    for client in (phone, laptop):
        assert not client.get("/").wsgi_request.user.is_authenticated
    token.refresh_from_db()
    assert token.revoked_at
    (message,) = mail.outbox
    assert message.subject == "Coursesite: Tu cuenta se va a borrar"
    assert "14 días" in laptop.get("/accounts/delete/done/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_signing_in_within_two_weeks_takes_it_back(ana: User):
    leave(entered(ana))
    client = Client()
    response = client.post(
        "/accounts/login/", {"login": ana.email, "password": factories.PASSWORD}, follow=True
    )

    assert "la has recuperado" in response.content.decode()
    assert mail.outbox[-1].subject == "Coursesite: Tu cuenta sigue"
    assert services.anonymise_due(at=now() + LATER) == 0
    assert enter(Client(), ana.email).url == "/"


def test_before_the_two_weeks_are_over_nothing_is_erased(ana: User):
    services.ask_deletion(person=ana)

    assert services.anonymise_due(at=now() + timedelta(days=13, hours=23)) == 0
    assert services.anonymise_due(at=now() + timedelta(days=14, minutes=1)) == 1


def test_the_scheduler_empties_what_is_due_and_once(ana: User, bruno: User):
    User.objects.filter(pk=ana.pk).update(deletion_asked_at=now() - LATER)
    anonymise()
    ana.refresh_from_db()
    emptied_as = ana.email
    anonymise()

    ana.refresh_from_db()
    bruno.refresh_from_db()
    assert ana.email == emptied_as
    assert ana.email.endswith("@anonymous.invalid")
    assert bruno.email == "bruno@example.org"


def test_afterwards_nothing_in_the_database_tells_who_it_was(left: User):
    rows = everything()

    assert SECRET not in rows
    assert "ana@example.org" not in rows
    assert "K3Y-OF-THE-PHONE" not in rows
    assert "10.0.0.7" not in rows


def test_the_marks_stay_without_the_person(left: User):
    submission = Submission.objects.get(student=left)

    assert (submission.score, submission.source) == (60, "")
    assert GroupResult.objects.get(grading__submission=submission).verdict == "wrong"
    assert QuizTry.objects.filter(student=left).exists()
    assert Answer.objects.filter(student=left).exists()
    assert not Enrolment.objects.filter(student=left).exists()
    assert Enrolment.ever.filter(student=left).exists()


def test_what_they_said_of_other_peoples_code_stays_without_author(left: User):
    comment = Comment.objects.get()

    assert (comment.text, comment.author) == ("Usa menos memoria.", None)


def test_their_certificates_are_revoked_without_the_name(left: User):
    certificates = Certificate.objects.filter(student=left)

    assert len(certificates) == 2
    assert all(one.revoked_at for one in certificates)
    assert {one.name for one in certificates} == {""}
    assert {one.revoked_because for one in certificates} == {"La cuenta se borró a petición de su titular."}


def test_afterwards_nobody_can_enter_or_reset(left: User, dario: Client):
    enter(dario, "ana@example.org")
    dario.post("/accounts/password/reset/", {"email": "ana@example.org"})
    dario.post("/accounts/password/reset/", {"email": left.email})

    assert not dario.get("/").wsgi_request.user.is_authenticated
    assert not [message for message in mail.outbox if "/password/reset/key/" in message.body]


def test_the_address_is_free_for_a_new_account(left: User, dario: Client):
    dario.post("/accounts/signup/", {"email": "ana@example.org", "password1": factories.PASSWORD})

    assert User.objects.filter(email="ana@example.org").count() == 1


def test_an_account_that_fails_stops_no_other(ana: User, bruno: User, monkeypatch):
    for person in (ana, bruno):
        services.ask_deletion(person=person)
    from accounts import privacy

    real = privacy.erasures

    def broken(person: User, at: Any) -> None:
        if person == ana:
            raise RuntimeError

    monkeypatch.setattr(privacy, "erasures", lambda: [*real(), privacy.Erasure(broken, frozenset())])
    assert services.anonymise_due(at=now() + LATER) == 1
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"
    assert ana.anonymised_at is None


def test_who_came_back_in_the_last_second_is_not_emptied(ana: User):
    services.ask_deletion(person=ana)
    stale = User.objects.get(pk=ana.pk)
    services.take_back_deletion(person=ana)

    assert services.anonymise(person=stale, at=now() + LATER) is False


def test_the_last_operator_stays_until_there_is_another(db):
    operator = User.objects.create_superuser("op@example.org", factories.PASSWORD)
    client = entered(operator)
    response = leave(client)
    assert response.status_code == 422
    assert "Nadie más lleva este sitio" in response.content.decode()

    User.objects.create_superuser("otra@example.org", factories.PASSWORD)
    assert leave(client).status_code == 302


def test_the_only_instructor_of_a_course_with_students_hands_it_over_first(ana, carla, bruno, course: Course):
    client = entered(carla)
    page = leave(client).content.decode()
    assert "Curso de prueba" in page
    assert 'name="understood"' not in page

    factories.enrol(bruno, course, Role.INSTRUCTOR)
    assert leave(client).status_code == 302


def test_an_instructor_without_students_may_leave(carla: User):
    assert leave(entered(carla)).status_code == 302


def test_leaving_wants_the_box_ticked(ana: User):
    response = entered(ana).post(LEAVE)

    assert response.status_code == 422
    assert "Marca la casilla" in response.content.decode()
    assert User.objects.get(pk=ana.pk).deletion_asked_at is None


def test_an_open_session_alone_cannot_delete_an_account(ana: User):
    client = Client()
    enter(client, ana.email)

    assert leave(client).url.startswith("/accounts/reauthenticate/?next=")
    done = client.post(
        "/accounts/reauthenticate/?next=" + LEAVE, {"password": factories.PASSWORD, "next": LEAVE}
    )
    assert done.url == "/accounts/delete/done/"
