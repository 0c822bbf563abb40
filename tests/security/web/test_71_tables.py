"""Attack 71: formulas in tables that a spreadsheet opens; attack 72: SQL in filters, orders and cursors."""

from __future__ import annotations

import base64
import csv
import io
import re
import time

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from rest_framework.test import APIClient

from accounts.models import Scope, User
from accounts.services.tokens import create_token
from accounts.spreadsheets import safe
from dashboards.exports import as_csv
from exercises.models import Exercise
from grading.models import Grading, GroupResult, State, Submission
from lessons.models import Answer, Cohort, Course, Enrolment, Idea, Question
from tests import factories
from tests.coursesite.test_permissions import address_of, rows

FORMULAS = [
    "=HYPERLINK(\"http://evil\",\"x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1",
    "\u00a0=1", "＝1", "＠SUM(1)", "Ana;=1+1", "Ana,=1+1", "Ana\t=1", "Ana\n=1", 'x";=1+1;"',
    "Ana; @SUM(1)", "=cmd|' /C calc'!A0",
]  # fmt: skip
BEGINS = re.compile(r"\s*[\"\s]*[=+\-@＝＋－＠]")


def cells(text: str) -> list[str]:
    """Every piece that some spreadsheet, in some country, would take for a cell of its own."""
    return re.split(r"[;,\t\r\n|]", text)


def formulas(text: str) -> list[str]:
    """The cells that would run: numbers of ours may be negative, and run nothing."""
    return [cell for cell in cells(text) if BEGINS.match(cell) and not re.fullmatch(r'-?[\d.e"]+', cell)]


@pytest.mark.parametrize("text", FORMULAS)
def test_71_no_table_of_a_group_runs_what_a_student_is_called(
    text: str, as_carla: Client, ana: User, exercise: Exercise
):
    cohort = Cohort.objects.create(course=exercise.course, name=text)
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    User.objects.filter(pk=ana.pk).update(name=text)
    answer = as_carla.get("/teach/curso/export.csv").content.decode("utf-8-sig")
    assert formulas(answer) == []
    book = load_workbook(io.BytesIO(as_carla.get("/teach/curso/export.xlsx").content))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book.active.cell(2, 3).value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", FORMULAS)
def test_71_nor_a_students_own_tables_what_a_course_or_a_curve_is_called(
    text: str, as_ana: Client, ana: User, exercise: Exercise
):
    lesson = exercise.course.lessons.get(number="1.1.1")
    Idea.objects.create(course=exercise.course, slug="sesgo", title=text, lesson=lesson, position=1)
    question = Question.objects.create(
        unit=exercise.unit, lesson=lesson, key="q", position=1, kind="single", prompt="", idea="sesgo"
    )
    Answer.objects.create(student=ana, question=question, response={}, correct=True)
    submission = factories.hand_in(ana, exercise)
    Submission.objects.update(state=State.GRADED, score=10)
    grading = Grading.objects.create(submission=submission, version=exercise.current, score=10)
    curves = [{"label": text, "role": "student", "points": [[0, -1.5]]}]
    group = exercise.current.groups.first()
    GroupResult.objects.create(grading=grading, group=group, verdict="passed", curves=curves)
    progress = as_ana.get("/courses/curso/progress.csv").content.decode()
    curve = as_ana.get(f"/submissions/{submission.pk}/curves.csv").content.decode()
    assert "sesgo" in progress
    assert "-1.5" in curve
    for table in (progress, curve):
        assert formulas(table) == []


@given(st.text(alphabet="=+-@;,\t\r\n|\"' aＡ＝1", max_size=12))
def test_71_no_text_runs_wherever_it_is_split(text: str):
    assert formulas(as_csv([], [[text, 1]]).decode("utf-8-sig")) == []
    assert str(safe(text)).replace("'", "") == text.replace("'", "")


def test_71_numbers_and_names_stay_what_they_are():
    for value in (-3.5, 0, None, "Ana Gil", "O'Higgins", "a-b@example.org", "ana@example.org", "κ, λ"):
        assert safe(value) == value


# 72

INJECTIONS = [
    "' OR '1'='1", "1;DROP TABLE accounts_user--", "1) UNION SELECT password FROM accounts_user--",
    "'||(SELECT pg_sleep(20))||'", "\\'; --", "-password", "student__password__startswith=md5", "9" * 40,
    "-1", "٣", "NaN",
]  # fmt: skip
PARAMETERS = [
    "page", "page_size", "cursor", "order", "ordering", "unit", "cohort", "only", "idea", "changes",
    "exercise", "kind", "state", "submission", "a", "b", "line", "answer", "q", "search",
    "student__password__startswith", "format", "limit", "offset",
]  # fmt: skip
READS = sorted({name for name, method, _statuses in rows() if method == "GET"})


@pytest.mark.django_db
@pytest.mark.parametrize("name", READS)
def test_72_no_parameter_of_no_address_reaches_the_database_as_sql(name: str, place: dict[str, object]):
    """Neither an error of the database, nor a wait, nor a row more than without it."""
    client = Client()
    client.force_login(User.objects.get(email="carla@example.org"))
    address = address_of(name, place)
    usual = shape(client.get(address))
    for text in INJECTIONS:
        started = time.monotonic()
        answer = client.get(address, dict.fromkeys(PARAMETERS, text))
        assert answer.status_code < 500, text
        assert time.monotonic() - started < 15, text
        assert "md5$" not in shape(answer)
        if answer.status_code == 200 and answer.headers["Content-Type"] == "application/json":
            assert len(shape(answer)) <= len(usual) + 200, text
    assert User.objects.filter(email="ana@example.org").exists()


def shape(answer: HttpResponse) -> str:
    return "" if answer.streaming else answer.content.decode(errors="replace")


@pytest.mark.parametrize("position", INJECTIONS)
def test_72_a_forged_cursor_is_no_query(position: str, ana: User, exercise: Exercise):
    factories.hand_in(ana, exercise)
    _token, secret = create_token(person=ana, name="t", scopes=[Scope.READ])
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    for query in (f"p={position}", f"o={position}&p=x", f"r=1&p={position}"):
        cursor = base64.b64encode(query.encode()).decode()
        for address in ("/api/v1/submissions/", "/api/v1/courses/"):
            answer = program.get(address, {"cursor": cursor})
            assert answer.status_code in {200, 404}


@pytest.mark.parametrize("text", INJECTIONS)
def test_72_no_field_of_a_form_is_a_query(
    text: str, as_ana: Client, ana: User, course: Course, exercise: Exercise
):
    before = User.objects.values_list("email", "password").get(pk=ana.pk)
    at = "/courses/curso/exercises/doble"
    posts = {
        "/accounts/login/": {"login": f"{text}@example.org", "password": text},
        "/accounts/password/reset/": {"email": f"{text}@example.org"},
        "/accounts/profile/": {"name": text, "alias": text, "theme": "system", "time_zone": text},
        "/accounts/tokens/": {"name": text, "scopes": [text], "days": text},
        f"{at}/submissions/": {"source": text, "kind": text, "form_token": text},
        f"{at}/restore/": {"attempt": text, "kept": text},
        "/courses/curso/code/": {"source": text, "runtime": text},
    }
    for address, form in posts.items():
        assert as_ana.post(address, form).status_code < 500, address
    assert User.objects.values_list("email", "password").get(pk=ana.pk) == before
    assert User.objects.filter(name__contains=make_password(None)).count() == 0


def test_72_a_table_read_back_has_one_row_a_student(as_carla: Client, ana: User, exercise: Exercise):
    User.objects.filter(pk=ana.pk).update(name='Ana"\r\n"Intrusa","x@example.org"')
    text = as_carla.get("/teach/curso/export.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == 2
