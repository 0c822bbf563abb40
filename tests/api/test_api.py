from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from rest_framework.test import APIClient

from accounts.models import PersonalToken, Scope, User
from accounts.services.tokens import create_token, revoke_token
from exercises.models import Exercise
from grading.models import Kind, State, Submission
from lessons.models import Answer, Course, Enrolment, Question
from tests import factories

from .conftest import with_token

API = "/api/v1"
COURSE = f"{API}/courses/curso"
READS = [
    f"{API}/me/", f"{API}/courses/", f"{COURSE}/", f"{COURSE}/lessons/", f"{COURSE}/lessons/1.1.1/",
    f"{COURSE}/lessons/1.1.1/questions/", f"{COURSE}/exercises/", f"{COURSE}/exercises/doble/",
    f"{COURSE}/progress/", f"{API}/submissions/",
]  # fmt: skip
SUBMIT = f"{COURSE}/exercises/doble/submissions/"


@pytest.fixture
def question(course: Course) -> Question:
    lesson = course.lessons.get(number="1.1.1")
    return Question.objects.create(
        lesson=lesson,
        unit=lesson.section.unit,
        key="una",
        position=1,
        kind="single",
        prompt="<p>¿Cuál?</p>",
        public={"options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]},
        answer={"correct": "b", "why": {"a": "SECRETO-A", "b": "SECRETO-B"}},
    )


@pytest.mark.parametrize("url", READS)
def test_reading_wants_a_person_and_a_scope(url: str, exercise: Exercise, ana: User, program: APIClient):
    assert APIClient().get(url).status_code == 401
    assert APIClient().get(url).headers["WWW-Authenticate"].startswith("Bearer")
    assert program.get(url).status_code == 200
    assert with_token(ana, Scope.SUBMIT).get(url).status_code == 403


@pytest.mark.parametrize("url", [url for url in READS if url.startswith(f"{COURSE}/")])
def test_a_course_of_others_does_not_exist(url: str, exercise: Exercise, bruno: User):
    assert with_token(bruno).get(url).status_code == 404


def test_the_browsers_session_serves_too_and_then_a_form_token_is_asked_for(ana: User, exercise: Exercise):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.get(f"{API}/me/").json() == {"email": ana.email, "name": "Ana", "scopes": None}
    assert client.post(SUBMIT, {"source": "x"}, content_type="application/json").status_code == 403


@pytest.mark.parametrize("spoil", ["expired", "revoked", "wrong", "inactive", "another scheme"])
def test_a_token_that_does_not_work_opens_nothing(spoil: str, ana: User):
    expires = now() - timedelta(seconds=1) if spoil == "expired" else None
    token, secret = create_token(person=ana, name="t", scopes=[Scope.READ], expires_at=expires)
    if spoil == "revoked":
        assert revoke_token(person=ana, token_id=token.pk)
    if spoil == "inactive":
        User.objects.update(is_active=False)
    sent = {"wrong": f"Bearer {secret}x", "another scheme": f"Token {secret}"}.get(spoil, f"Bearer {secret}")
    answer = APIClient().get(f"{API}/me/", headers={"authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_database_keeps_no_secret_and_notes_the_use_once_a_minute(ana: User):
    token, secret = create_token(person=ana, name="t", scopes=[Scope.READ])
    assert secret not in str(PersonalToken.objects.values().get())
    client = APIClient()
    client.get(f"{API}/me/", headers={"authorization": f"Bearer {secret}"})
    first = PersonalToken.objects.get(pk=token.pk).last_used_at
    client.get(f"{API}/me/", headers={"authorization": f"Bearer {secret}"})
    assert first is not None
    assert PersonalToken.objects.get(pk=token.pk).last_used_at == first


def test_a_token_is_revoked_by_its_own_person_only(ana: User, bruno: User):
    token, _secret = create_token(person=ana, name="t", scopes=[Scope.READ])
    assert not revoke_token(person=bruno, token_id=token.pk)
    assert revoke_token(person=ana, token_id=token.pk)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"source": ""}, "empty"),
        ({"source": "a\0b"}, "nul"),
        ({"source": "x" * 300_000}, "too_large"),
        ({"source": "x" * 2_000_000}, "invalid"),
        ({}, "invalid"),
        ({"source": "x", "kind": "regrade"}, "invalid"),
        ({"source": ["x"]}, "invalid"),
    ],
)
def test_what_cannot_be_graded_is_refused_with_its_reason(body, code, program: APIClient, exercise: Exercise):
    answer = program.post(SUBMIT, body, format="json")
    assert 400 <= answer.status_code < 500
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert not Submission.objects.exists()
    if answer.status_code != 400:
        assert problem["code"] == code


def test_fields_that_are_not_asked_for_change_nothing(program: APIClient, exercise: Exercise, carla: User):
    body = {"source": factories.RIGHT, "score": 100, "state": "graded", "student": carla.pk, "late": False,
            "attempt_number": 7, "seed": 1}  # fmt: skip
    program.post(SUBMIT, body, format="json")
    submission = Submission.objects.get()
    assert (submission.score, submission.state, submission.attempt_number) == (None, State.QUEUED, 1)
    assert submission.student.email == "ana@example.org"


def test_a_token_that_may_only_read_hands_nothing_in_and_is_told_what_it_lacks(ana: User, exercise: Exercise):
    answer = with_token(ana, Scope.READ).post(SUBMIT, {"source": "x"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert "«submit»" in answer.json()["detail"]


@pytest.mark.parametrize("page", ["", "events/"])
def test_a_submission_is_its_students_and_their_teachers(
    page: str, ana: User, bruno: User, carla: User, exercise: Exercise
):
    found = factories.hand_in(ana, exercise)
    Submission.objects.update(state=State.CANCELLED)
    factories.enrol(bruno, exercise.course)
    url = f"{API}/submissions/{found.pk}/{page}"
    refused = {
        404: with_token(bruno, Scope.READ, Scope.TEACH),
        401: APIClient(),
        403: with_token(carla, Scope.READ),  # her own work only
    }
    for status, client in refused.items():
        answer = client.get(url)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert with_token(carla, Scope.READ, Scope.TEACH).get(url).status_code == 200
    assert with_token(ana, Scope.READ).get(url).status_code == 200


def test_only_its_student_cancels_a_submission(
    ana: User, carla: User, exercise: Exercise, program: APIClient
):
    found = factories.hand_in(ana, exercise)
    url = f"{API}/submissions/{found.pk}/cancel/"
    assert with_token(carla).post(url).status_code == 404
    assert program.post(url).json()["state"] == State.CANCELLED


def test_pages_of_submissions_neither_repeat_nor_lose_what_was_there(
    program: APIClient, ana: User, exercise: Exercise, settings
):
    settings.GRADING_WAITING_PER_STUDENT = 100
    there = {str(factories.hand_in(ana, exercise).pk) for _ in range(5)}
    first = program.get(f"{API}/submissions/?page_size=2").json()
    factories.hand_in(ana, exercise)
    seen, page = [row["id"] for row in first["results"]], first
    while page["next"]:
        page = program.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def test_a_course_is_listed_once_to_each_who_takes_part_and_to_nobody_who_left(
    program: APIClient, ana: User, carla: User, course: Course
):
    def courses() -> list[str]:
        return [found["slug"] for found in program.get(f"{API}/courses/").json()["results"]]

    assert courses() == ["curso"]
    Enrolment.objects.filter(student=ana).update(left_at=now())
    assert courses() == []


@pytest.mark.parametrize("path", ["lessons", "exercises"])
def test_a_course_is_paged_in_its_order(path: str, program: APIClient, exercise: Exercise, course: Course):
    factories.make_exercise(course, "triple")
    whole = program.get(f"{COURSE}/{path}/").json()
    seen, page = [], program.get(f"{COURSE}/{path}/?page_size=1").json()
    while True:
        seen += page["results"]
        if not page["next"]:
            break
        page = program.get(page["next"]).json()
    assert whole["next"] is None
    assert seen == whole["results"]
    assert len(seen) == 2


def test_the_exercises_say_how_the_person_stands(program: APIClient, exercise: Exercise, ana: User):
    def line() -> dict[str, object]:
        [found] = program.get(f"{COURSE}/exercises/").json()["results"]
        return {name: found[name] for name in ("kind", "best_score", "passed", "begun")}

    assert line() == {"kind": "implement", "best_score": None, "passed": False, "begun": False}
    factories.hand_in(ana, exercise)
    assert line() == {"kind": "implement", "best_score": None, "passed": False, "begun": True}
    Submission.objects.update(state=State.GRADED, score=100, finished_at=now())
    assert line() == {"kind": "implement", "best_score": 100, "passed": True, "begun": True}


@pytest.mark.parametrize("cursor", ["cD1hYmM=", "cD0=", "x", "cD0lMDA="])
@pytest.mark.parametrize(
    "path", ["courses", "submissions", "courses/curso/lessons", "courses/curso/exercises"]
)
def test_a_cursor_that_nobody_gave_out_leads_nowhere(cursor, path, program: APIClient, exercise: Exercise):
    answer = program.get(f"{API}/{path}/?cursor={cursor}")
    assert answer.status_code in {200, 404}


@pytest.mark.parametrize("query", ["kind=x", "state=1'--", "exercise=a b", "kind=%00"])
def test_a_filter_that_is_none_is_refused(query: str, program: APIClient):
    assert program.get(f"{API}/submissions/?{query}").status_code == 422


def test_submissions_are_filtered(program: APIClient, ana: User, exercise: Exercise):
    factories.hand_in(ana, exercise)
    run = factories.hand_in(ana, exercise, kind=Kind.RUN)
    rows = program.get(f"{API}/submissions/?kind=run&exercise=doble&course=curso").json()["results"]
    assert [row["id"] for row in rows] == [str(run.pk)]
    assert program.get(f"{API}/submissions/?course=otro").json()["results"] == []


def test_a_submission_says_what_was_handed_in_and_where(program: APIClient, ana: User, exercise: Exercise):
    found = factories.hand_in(ana, exercise)
    told = program.get(f"{API}/submissions/{found.pk}/").json()
    assert (told["course"], told["exercise"], told["source"]) == ("curso", "doble", factories.RIGHT)
    assert told["url"] == f"/submissions/{found.pk}/"


@pytest.mark.parametrize("many", [1, 30])
def test_a_page_of_submissions_costs_two_queries(
    many: int, program: APIClient, ana: User, exercise: Exercise, settings, django_assert_num_queries
):
    settings.GRADING_WAITING_PER_STUDENT = 100
    for _ in range(many):
        factories.hand_in(ana, exercise)
    program.get(f"{API}/me/")
    with django_assert_num_queries(2):  # token, rows
        assert len(program.get(f"{API}/submissions/").json()["results"]) == many


def test_a_question_is_asked_without_its_answer_and_marked_as_on_the_page(
    program: APIClient, question: Question
):
    url = f"{COURSE}/lessons/1.1.1/questions/"
    asked = program.get(url).content.decode()
    assert "SECRETO" not in asked
    assert "correct" not in asked
    wrong = program.post(f"{url}una/answers/", {"choice": "a"}, format="json")
    assert (wrong.status_code, wrong.json()["correct"]) == (201, False)
    assert "SECRETO-A" in wrong.json()["feedback"]
    assert "SECRETO-B" not in program.get(url).content.decode()


@pytest.mark.parametrize("body", [{}, {"choice": "z"}, {"choice": "x" * 1_000_000}, {"choices": "a"}, []])
def test_what_is_no_answer_is_refused_and_not_kept(body, program: APIClient, question: Question):
    answer = program.post(f"{COURSE}/lessons/1.1.1/questions/una/answers/", body, format="json")
    assert answer.status_code == 422
    assert not Answer.objects.exists()


def test_a_token_opens_the_api_and_nothing_else(ana: User):
    _token, secret = create_token(person=ana, name="t", scopes=list(Scope))
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert client.get("/accounts/password/change/").status_code == 302


def test_the_documentation_is_public_and_names_every_operation(client: Client, db: None):
    page = client.get(f"{API}/docs/").content.decode()
    schema = client.get(f"{API}/schema/").json()
    assert schema["openapi"].startswith("3.1")
    for path, item in schema["paths"].items():
        assert path in page
        for operation in item.values():
            if "operationId" in operation:
                assert f'id="{operation["operationId"]}"' in page
    leads = set(re.findall(r'href="#([\w-]+)"', page))
    assert leads <= set(re.findall(r'id="([\w-]+)"', page)), "a link to nowhere"
    assert {f"type-{name}" for name in schema["components"]["schemas"]} & leads
    assert "`" not in page


def test_an_error_speaks_the_readers_language(exercise: Exercise, program: APIClient):
    answer = program.post(SUBMIT, {"source": ""}, format="json")
    assert answer.json()["detail"] == "No hay código que corregir: el editor está vacío."
