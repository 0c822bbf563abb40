"""Attacks 66 to 68: what is closed, what is somebody else's, and more power than one was given."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now
from rest_framework.test import APIClient

from accounts.models import PersonalToken, Scope, User
from accounts.services.tokens import create_token
from exercises.models import Draft, Exercise
from grading import code_runs
from grading.models import Comment, Submission
from lessons.models import Cohort, Course, Enrolment, Role
from tests import factories
from tests.conftest import signed_in
from tests.coursesite.test_permissions import BODIES, JSON_BODIES, address_of, rows

MADE_UP = {
    "submission_id": uuid4(),
    "comment_id": 987_654,
    "token_id": 987_654,
    "enrolment": 987_654,
    "notification_id": 987_654,
}
READS = sorted({name for name, method, _statuses in rows() if method == "GET"})
WRITES = sorted({name for name, method, _statuses in rows() if method == "POST"})
ONCE = re.compile(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"')


def ask(client: Client, name: str, method: str, place: dict[str, object]) -> HttpResponse:
    """What the address gives for the things of `place`."""
    address = address_of(name, place)
    if method == "GET":
        return client.get(address)
    if name.startswith("api:"):
        return client.post(address, JSON_BODIES.get(name, {}), content_type="application/json")
    return client.post(address, BODIES.get(name, {}))


# 66: what is closed


def doors(exercise: Exercise) -> list[str]:
    at = f"/courses/{exercise.course.slug}/exercises/{exercise.slug}"
    return [f"{at}/submissions/", f"/api/v1{at}/submissions/"]


def push(client: Client, door: str) -> HttpResponse:
    """A hand-in at a door of the exercise."""
    if "/api/" in door:
        return client.post(door, {"source": "x = 1"}, content_type="application/json")
    form = {"source": "x = 1", "kind": "submit", "form_token": str(uuid4())}
    return client.post(door, form, headers={"accept": "application/json"})


@pytest.mark.parametrize("case", ["retired", "without a version", "left", "stranger", "of another course"])
def test_66_no_door_takes_a_hand_in_that_may_not_be(
    case: str, as_ana: Client, as_bruno: Client, ana: User, exercise: Exercise
):
    client, expected = as_ana, 404
    if case == "retired":
        Exercise.objects.update(retired=True)
        expected = 409
    elif case == "without a version":
        Exercise.objects.update(current=None)
    elif case == "left":
        Enrolment.ever.filter(student=ana).update(left_at=now())
    elif case == "stranger":
        client = as_bruno
    else:
        other = factories.make_course("otro")
        exercise = factories.make_exercise(other, slug="ajeno")
    for door in doors(exercise):
        assert push(client, door).status_code == expected, door
        assert push(client, door.replace("/curso/", "/otro/")).status_code == 404
    assert not Submission.objects.exists()


def test_66_an_exercise_is_not_opened_through_the_address_of_a_course_that_is_ones_own(
    as_ana: Client, exercise: Exercise
):
    foreign = factories.make_exercise(factories.make_course("otro"), slug="ajeno")
    for page in ("", "draft/", "history/", "history/diff/"):
        assert as_ana.get(f"/courses/curso/exercises/{foreign.slug}/{page}").status_code == 404
    assert as_ana.get(f"/api/v1/courses/curso/exercises/{foreign.slug}/").status_code == 404


# 67: what is somebody else's


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["bruno", "fabio", "sara"])
def test_67_what_is_anas_answers_as_what_never_was(who: str, place: dict[str, object]):
    """Not only the same status: the same page, so that nobody learns which numbers exist."""
    client = signed_in(User.objects.get(email=f"{who}@example.org"))
    for names, method in ((READS, "GET"), (WRITES, "POST")):
        for name in names:
            if address_of(name, place) == address_of(name, place | MADE_UP):
                continue
            hers = ask(client, name, method, place)
            nobodys = ask(client, name, method, place | MADE_UP)
            assert hers.status_code == nobodys.status_code, f"{method} {name}"
            bodies = [
                ONCE.sub("", answer.getvalue().decode()).replace(answer.request["PATH_INFO"], "")
                for answer in (hers, nobodys)
            ]
            assert bodies[0] == bodies[1], f"{method} {name}"
    assert Comment.objects.get().deleted_at is None
    assert PersonalToken.objects.get().revoked_at is None


def test_67_a_program_of_another_student_finds_nothing_of_anas(ana: User, bruno: User, exercise: Exercise):
    factories.enrol(bruno, exercise.course)
    hers = factories.hand_in(ana, exercise, source="SECRETO_DE_ANA = 1")
    Draft.objects.create(student=ana, exercise=exercise, source="BORRADOR_DE_ANA = 1")
    _token, secret = create_token(person=bruno, name="t", scopes=list(Scope))
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    for address in (
        f"/submissions/{hers.pk}/",
        f"/submissions/{hers.pk}/events/",
        f"/submissions/?student={ana.pk}",
        f"/submissions/?student_id={ana.pk}&exercise=doble",
        "/courses/curso/exercises/doble/",
        f"/courses/curso/progress/?student={ana.pk}",
        "/courses/curso/grades/",
    ):
        page = program.get(f"/api/v1{address}").content.decode().replace(address.partition("?")[0], "")
        assert "DE_ANA" not in page, address
        assert str(hers.pk) not in page, address
        assert "ana@" not in page, address


def test_67_the_outcome_of_a_lessons_code_is_for_who_ran_it(
    as_ana: Client, as_bruno: Client, ana: User, monkeypatch: pytest.MonkeyPatch
):
    sent: list[object] = []
    monkeypatch.setattr("grading.code_runs.current_app.send_task", lambda *a, **k: sent.append(k["args"]))
    started = as_ana.post("/courses/curso/code/", {"source": "x = 1", "runtime": "numpy"})
    address = started.json()["outcome"]
    token = address.rstrip("/").rpartition("/")[2]
    assert code_runs.run_of(token=token, student=ana) is not None
    assert as_bruno.get(address).status_code == 404
    for forged in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x", token.replace(":", ".", 1)):
        assert as_ana.get(f"/code-runs/{forged}/").status_code == 404


def test_67_an_assistant_of_another_cohort_reaches_no_student_by_filters(place: dict[str, object]):
    sara = signed_in(User.objects.get(email="sara@example.org"))
    hers = Cohort.objects.get(name="A")
    for query in (
        f"cohort={hers.pk}",
        "cohort=",
        "page=1",
        "only=stuck",
        "q=ana",
        "idea=sesgo",
        "order=name",
        "unit=1",
    ):
        page = sara.get(f"/teach/curso/?{query}").content.decode()
        assert "Ana" not in page.split("<main")[1]


# 68: more power than one was given

POWER: dict[str, object] = {
    "is_staff": "on", "is_superuser": "on", "is_active": "", "user_permissions": "1", "groups": "1",
    "role": "instructor", "whole_course": "on", "cohort": "1", "cohorts_taught": "1", "left_at": "",
    "email": "otra@example.org", "password": "x", "pk": "1", "id": "1", "user": "1", "person": "1",
    "student": "1", "author": "1", "owner": "1", "course": "1", "score": "100", "state": "graded",
    "late": "", "attempt_number": "99", "seed": "1", "correct": "true", "feedback": "x", "digest": "x",
    "revoked_at": "", "expires_at": "", "anonymised_at": "2020-01-01", "created_at": "2000-01-01",
    "lease": str(uuid4()), "version": "1", "scope": "teach",
}  # fmt: skip


def powers() -> list[object]:
    """All that makes somebody more than they are, or a mark better than it was."""
    return [
        *User.objects.order_by("pk").values_list("pk", "email", "is_staff", "is_superuser", "is_active"),
        *Enrolment.ever.order_by("pk").values_list("student", "course", "role", "whole_course", "cohort"),
        *Submission.objects.order_by("queued_at").values_list("student", "score", "late", "seed")[:1],
        *PersonalToken.objects.order_by("pk").values_list("person", "scopes", "digest")[:1],
        *Comment.objects.order_by("pk").values_list("author", "submission")[:1],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRITES)
def test_68_no_form_and_no_body_takes_a_field_that_it_did_not_ask_for(name: str, place: dict[str, object]):
    if name in {"accounts:delete", "lessons:enrol"}:
        pytest.skip("changes who takes part, by its purpose; has a test of its own")
    before = powers()
    there = list(Submission.objects.values_list("pk", flat=True))
    client = signed_in(User.objects.get(email="ana@example.org"))
    address = address_of(name, place)
    if name.startswith("api:"):
        client.post(address, {**POWER, **JSON_BODIES.get(name, {})}, content_type="application/json")
    else:
        client.post(address, {**POWER, **BODIES.get(name, {})})
    assert powers()[: len(before)] == before
    made = Submission.objects.exclude(pk__in=there).values_list("score", "state", "attempt_number")
    assert list(made) in ([], [(None, "queued", 2)])


def test_68_signing_up_and_enrolling_give_a_student_and_no_more(course: Course, dario: Client, bruno: User):
    form = {**POWER, "email": "nueva@example.org", "password1": factories.PASSWORD, "name": "Nueva"}
    dario.post("/accounts/signup/", form)
    person = User.objects.get(email="nueva@example.org")
    assert (person.is_staff, person.is_superuser, person.is_active) == (False, False, True)
    signed_in(bruno).post("/courses/curso/enrol/", POWER)
    place = Enrolment.objects.get(student=bruno)
    assert (place.role, place.cohort, place.cohorts_taught.count()) == (Role.STUDENT, None, 0)


@pytest.mark.parametrize(
    "address", ["email/", "password/change/", "password/reset/", "reauthenticate/", "2fa/"]
)
def test_68_the_pages_of_the_account_make_nobody_staff(address: str, as_ana: Client, ana: User):
    as_ana.post(f"/accounts/{address}", {**POWER, "action_add": "", "oldpassword": factories.PASSWORD})
    ana.refresh_from_db()
    assert (ana.is_staff, ana.is_superuser, ana.email) == (False, False, "ana@example.org")


@pytest.mark.parametrize("scope", [Scope.READ, Scope.SUBMIT])
def test_68_a_token_cannot_give_itself_another_scope(scope: Scope, carla: User, exercise: Exercise):
    _token, secret = create_token(person=carla, name="t", scopes=[scope])
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    for asked in ("?scope=teach", "?scopes=teach", ""):
        assert program.get(f"/api/v1/courses/curso/grades/{asked}").status_code == 403
    assert program.post(
        "/accounts/tokens/", {"name": "x", "scopes": ["teach"], "days": "30"}
    ).status_code in {302, 403}
    assert PersonalToken.objects.count() == 1
