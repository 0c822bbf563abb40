"""Who gets what from every address: the table beside this file against the real URL map.

An address without a row fails, and so does a row without an address. Six people ask each, about things that
are Ana's: Dario is signed out, Bruno takes no part in the course, Fabio is enrolled beside Ana, Sara assists
another cohort, Carla teaches the course.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.timezone import now

from accounts.models import Notification, Scope, User
from accounts.services.tokens import create_token
from exercises.models import Exercise
from grading.models import Comment, Regrade, RegradeState, State, Submission
from lessons.models import (
    Certificate,
    Cohort,
    Course,
    Deadline,
    Enrolment,
    Extension,
    Invitation,
    Note,
    Page,
    Question,
    QuizTry,
    Role,
)
from tests import factories

TABLE = Path(__file__).with_name("permissions.txt")
PEOPLE = ("dario", "bruno", "fabio", "ana", "sara", "carla")
FOREIGN = ("admin:", "account_", "mfa_", "socialaccount_", "usersessions_", "google_", "github_", "openid_")


def addresses() -> Iterator[str]:
    """The names of all addresses of ours; those without are allauth's old ones, which only redirect."""

    def walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one.url_patterns, inner)
            elif one.name:
                yield f"{space}{one.name}"

    for name in walk(get_resolver().url_patterns):
        if not name.startswith(FOREIGN):
            yield name


def rows() -> list[tuple[str, str, dict[str, int]]]:
    """(Name, method, person to status) of each line of the table."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, method, *statuses = line.split()
            found.append((name, method, dict(zip(PEOPLE, map(int, statuses), strict=True))))
    return found


def test_every_address_has_its_row_and_every_row_its_address():
    listed = {name for name, _method, _statuses in rows()}
    assert sorted(set(addresses()) - listed) == [], "add a row to permissions.txt"
    assert sorted(listed - set(addresses())) == [], "these rows have no address any more"


@pytest.fixture
def place(ana: User, carla: User, bruno: User, course: Course, exercise: Exercise) -> dict[str, object]:
    """Everything that an address may name, all of it Ana's."""
    hers, other = (
        Cohort.objects.create(course=course, name=name, code=f"GRUPO-{name}") for name in ("A", "B")
    )
    enrolment = Enrolment.objects.get(student=ana)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=hers)
    factories.enrol(factories.make_user("fabio"), course)
    sara = Enrolment.objects.create(
        student=factories.make_user("sara"), course=course, role=Role.ASSISTANT, whole_course=False
    )
    other.teachers.add(sara)
    lesson = course.lessons.get(number="1.1.1")
    lesson.labs = ["valle"]
    lesson.save()
    question = Question.objects.create(
        lesson=lesson,
        unit=lesson.section.unit,
        key="una",
        position=1,
        kind="single",
        prompt="",
        public={"options": [{"id": "a", "html": ""}, {"id": "b", "html": ""}]},
        answer={"correct": "a", "why": {"a": "", "b": ""}},
    )
    asked = Question.objects.values("unit", "kind", "public", "answer").get()
    Question.objects.create(unit_id=asked.pop("unit"), key="final", position=1, **asked)
    QuizTry.objects.create(student=ana, unit=lesson.section.unit, number=1, seed=1)
    Page.objects.create(course=course, slug="glosario", title="Glosario", place="end", position=1)
    exercise.leaderboard = {"group": "azar", "metric": "Error", "references": []}
    exercise.save()
    submission = factories.hand_in(ana, exercise)
    Submission.objects.update(state=State.CANCELLED)
    regraded = factories.hand_in(carla, exercise)
    Submission.objects.filter(pk=regraded.pk).update(state=State.GRADED, score=40)
    other_exercise = factories.make_exercise(course, "triple")
    regrade = Regrade.objects.create(exercise=other_exercise, reason="Otra vez.", state=RegradeState.READY)
    comment = Comment.objects.create(submission=submission, author=ana, text="Una duda.")
    Deadline.objects.create(cohort=hers, unit=course.units.get(), due_at=now() + timedelta(days=1))
    extension = Extension.objects.create(
        enrolment=enrolment, unit=course.units.get(), until=now() + timedelta(days=2)
    )
    invitation = Invitation.objects.create(
        cohort=hers, email="eva@example.org", digest="d", expires_at=now() + timedelta(days=1)
    )
    token, _secret = create_token(person=ana, name="faro", scopes=[Scope.READ])
    news = Notification.objects.create(
        person=ana, kind="comment", key="x", url="/", facts={"author": "C", "exercise": "D", "line": 1}
    )
    facts = {"course": course.title, "shares": {}}
    certificate = Certificate.objects.create(
        student=ana, course=course, code="7QKD-M2XA-9TFW-4H3U", name="Ana", facts=facts
    )
    cache.clear()
    return {
        "course": course.slug,
        "exercise": exercise.slug,
        "number": "1.1.1",
        "lab": "valle",
        "code": certificate.code,
        "certificate": certificate.pk,
        "key": "una",
        "attempt": 1,
        "unit": 1,
        "slug": "glosario",
        "submission_id": submission.pk,
        "comment_id": comment.pk,
        "token_id": token.pk,
        "session_id": 1,
        "enrolment": enrolment.pk,
        "token": "sin-firma",
        "question": question.pk,
        "notification_id": news.pk,
        "pk": Note.objects.create(student=ana, lesson=lesson, text="Mía.").pk,
        "regrade": regrade.pk,
        "cohort": hers.pk,
        "cohort_code": hers.code,
        "invitation": invitation.pk,
        "extension": extension.pk,
    }


def address_of(name: str, place: dict[str, object]) -> str:
    """The address with Ana's things in it."""
    wanted = dict(place)
    if name in {"lessons:unit", "lessons:quiz", "lessons:quiz_try"}:
        wanted["number"] = 1
    if name == "api:nothing":
        return f"{reverse('api:me')}nada/"
    space, _colon, short = name.rpartition(":")
    resolver = get_resolver()
    for part in filter(None, space.split(":")):
        resolver = resolver.namespace_dict[part][1]
    (possibility, *_rest) = resolver.reverse_dict.getlist(short)
    named = possibility[0][0][1]
    return reverse(name, kwargs={key: wanted[key] for key in named if key in wanted})


BODIES = {
    "dashboards:revoke_certificate": {"reason": "Copiado."},
    "accounts:theme": {"theme": "dark"},
    "accounts:tokens": {"name": "otra", "scopes": ["read"], "days": "30"},
    "dashboards:add_person": {"email": "eva@example.org", "role": "student"},
    "dashboards:change_role": {"role": "assistant"},
    "dashboards:ask_regrade": {"grade_with": "current", "reason": "Estaba mal."},
    "dashboards:deadlines": {},
    "dashboards:invitations": {"text": "eva@example.org", "role": "student"},
    "dashboards:set_joining": {"joining": "open", "published": "1"},
    "grading:submit": {"source": "x = 1", "kind": "submit", "form_token": str(uuid4())},
    "grading:comment": {"text": "Bien."},
    "lessons:answer": {"choice": "a"},
    "lessons:delete_note": {"revision": "1"},
    "lessons:lesson_notes": {"text": "Otra."},
    "lessons:note": {"text": "Otra.", "revision": "1"},
    "lessons:join": {"code": "GRUPO-A"},
    "lessons:read": {"read": "1"},
    "set_language": {"language": "en"},
}
JSON_BODIES = {
    "api:submit": {"source": "x = 1"},
    "api:answers": {"choice": "a"},
    "api:draft": {"source": "x = 1", "revision": 0},
}


@pytest.mark.parametrize(("name", "method", "statuses"), rows(), ids=lambda value: str(value)[:40])
def test_everybody_gets_what_the_table_says(
    name: str, method: str, statuses: dict[str, int], place: dict[str, object]
):
    for who in PEOPLE:
        before = transaction.savepoint()
        answer = ask(who, name, method, place)
        transaction.savepoint_rollback(before)
        assert answer.status_code == statuses[who], f"{who}: {method} {name}"
        if who == "dario" and answer.status_code == 302 and name not in OPEN_REDIRECTS:
            assert "/accounts/login/" in answer.headers["Location"]


def ask(who: str, name: str, method: str, place: dict[str, object]) -> HttpResponse:
    """What `who` gets; whatever it changed is taken back afterwards."""
    client = Client(raise_request_exception=False)
    if who != "dario":
        client.force_login(User.objects.get(email=f"{who}@example.org"))
    address = address_of(name, place)
    if method == "GET":
        return client.get(address)
    if name.startswith("api:"):
        body = json.dumps(JSON_BODIES.get(name, {}))
        return client.generic(method, address, body, content_type="application/json")
    return client.post(address, BODIES.get(name, {}))


OPEN_REDIRECTS = {"accounts:theme", "set_language"}
