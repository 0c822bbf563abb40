from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from dashboards.exports import as_csv, as_xlsx
from dashboards.selectors.group import group_page
from dashboards.selectors.roster import Wanted
from dashboards.selectors.signals import stuck_students
from exercises.models import Exercise, TestGroup
from grading.models import Grading, GroupResult, Kind, State, Submission
from lessons.models import Answer, Cohort, Course, Enrolment, Idea, Question, QuizTry, Role
from tests import factories
from tests.conftest import signed_in


def graded(
    student: User, exercise: Exercise, *, verdict: str = "wrong", score: float = 40, late: bool = False
):
    """A hand-in whose every group ended in `verdict`."""
    submission = factories.hand_in(student, exercise, kind=Kind.SUBMIT)
    submission.state, submission.score, submission.late = State.GRADED, score, late
    submission.save()
    grading = Grading.objects.create(submission=submission, version=submission.version, score=score)
    for group in submission.version.groups.all():
        fraction = float(verdict == "passed")
        GroupResult.objects.create(grading=grading, group=group, verdict=verdict, fraction=fraction)
    return submission


@pytest.fixture
def idea(course: Course, exercise: Exercise) -> Idea:
    TestGroup.objects.update(about="sesgo")
    lesson = course.lessons.get(number="1.1.1")
    return Idea.objects.create(course=course, slug="sesgo", title="El sesgo", lesson=lesson, position=1)


@pytest.fixture
def url(course: Course) -> str:
    return f"/teach/{course.slug}/"


@pytest.fixture
def teaching(carla: User) -> Enrolment:
    return Enrolment.objects.select_related("course").get(student=carla)


def test_the_group_is_for_those_who_teach_the_course(
    dario: Client, as_ana: Client, as_bruno: Client, as_carla: Client, ana: User, url: str
):
    student = f"{url}students/{Enrolment.objects.get(student=ana).pk}/"
    for address in (url, student, f"{url}export.csv", f"{url}export.xlsx", "/teach/"):
        assert dario.get(address).status_code == 302, address
        assert as_ana.get(address).status_code == 404, address
        assert as_bruno.get(address).status_code == 404, address
        assert as_carla.get(address).status_code == (302 if address == "/teach/" else 200), address
        assert as_carla.post(address).status_code == 405, address


def test_a_teacher_of_another_course_finds_nothing(course: Course, url: str):
    other = factories.make_user("elsa")
    factories.enrol(other, factories.make_course("otro"), Role.INSTRUCTOR)
    assert signed_in(other).get(url).status_code == 404


def test_an_assistant_sees_her_cohort_alone_and_exports_nothing(
    course: Course, ana: User, bruno: User, exercise: Exercise, url: str
):
    hers, other = (Cohort.objects.create(course=course, name=name) for name in ("A", "B"))
    Enrolment.objects.filter(student=ana).update(cohort=hers)
    foreign = factories.enrol(bruno, course)
    Enrolment.objects.filter(pk=foreign.pk).update(cohort=other)
    assistant = factories.make_user("sara")
    place = Enrolment.objects.create(
        student=assistant, course=course, role=Role.ASSISTANT, whole_course=False
    )
    hers.teachers.add(place)
    of_ana, of_bruno = graded(ana, exercise), graded(bruno, exercise)

    client = signed_in(assistant)
    page = client.get(url).content.decode()
    assert "Ana" in page
    assert "Bruno" not in page
    assert client.get(f"{url}students/{foreign.pk}/").status_code == 404
    assert client.get(of_ana.get_absolute_url()).status_code == 200
    assert client.get(of_bruno.get_absolute_url()).status_code == 404
    assert client.get(f"{url}export.csv").status_code == 404


def test_three_failures_of_one_group_put_a_student_first_and_say_on_what(
    course: Course, ana: User, bruno: User, exercise: Exercise, as_carla: Client, url: str
):
    factories.enrol(bruno, course)
    for _try in range(3):
        last = graded(bruno, exercise)
    page = as_carla.get(url).content.decode()
    assert "1 se atasca" in page
    assert page.index("Bruno") < page.index(">Ana<")
    assert "3× Ejemplos" in page or "3× Azar" in page
    only = as_carla.get(url, {"only": "stuck"}).content.decode()
    assert ">Ana<" not in only
    assert str(last.pk) in only


def test_a_success_ends_being_stuck_and_so_do_two_days(course: Course, ana: User, exercise: Exercise):
    def stuck(hours: float = 0) -> bool:
        return bool(stuck_students(course=course, students=[ana.pk], at=now() + timedelta(hours=hours)))

    graded(ana, exercise)
    graded(ana, exercise)
    assert not stuck()
    graded(ana, exercise)
    assert stuck()
    assert not stuck(hours=49)
    graded(ana, exercise, verdict="passed", score=100)
    assert not stuck()


def test_a_cell_has_a_number_only_where_something_is_known(
    ana: User, exercise: Exercise, idea: Idea, teaching: Enrolment
):
    def cells():
        found = group_page(teaching=teaching, wanted=Wanted(), at=now())
        return [(cell.value, cell.waiting, cell.step) for _column, cell in found.rows[0].cells]

    assert cells() == [(None, 0, 0)]
    waiting = factories.hand_in(ana, exercise, kind=Kind.SUBMIT)
    assert cells() == [(None, 1, 0)]
    Submission.objects.filter(pk=waiting.pk).update(state=State.CANCELLED)
    graded(ana, exercise, verdict="passed", score=100)
    ((value, waits, step),) = cells()
    assert value is not None
    assert value > 60
    assert (waits, step) == (0, 4)


def test_a_unit_shows_its_lessons_and_exercises_and_a_late_hand_in_does_not_count(
    course: Course, ana: User, exercise: Exercise, as_carla: Client, url: str
):
    lesson = course.lessons.get(number="1.1.1")
    for key in ("una", "dos"):
        question = Question.objects.create(
            lesson=lesson, unit=lesson.section.unit, key=key, position=1, kind="single", prompt=""
        )
    Answer.objects.create(student=ana, question=question, response={}, correct=True)
    graded(ana, exercise, score=73)
    graded(ana, exercise, score=98, late=True)

    page = as_carla.get(url, {"unit": "1"}).content.decode()
    assert ">50<" in page.replace("\n", "")
    assert ">73<" in page
    assert ">98<" not in page


def test_the_best_try_of_an_end_quiz_that_counts_is_in_the_group_the_file_and_the_students_page(
    as_carla: Client, course: Course, ana: User, url: str
):
    unit = course.units.get()
    Question.objects.create(unit=unit, key="final", position=1, kind="single", prompt="")
    for number, (score, counts) in enumerate([(0.25, True), (0.625, True), (1.0, False)], start=1):
        QuizTry.objects.create(
            student=ana, unit=unit, number=number, seed=1, score=score, counts=counts, handed_in_at=now()
        )
    page = as_carla.get(url, {"unit": "1"}).content.decode()
    assert ">62<" in page.replace("\n", "")
    assert "Quiz de la unidad 1" in page
    rows = list(csv.reader(io.StringIO(as_carla.get(f"{url}export.csv").content.decode("utf-8-sig"))))
    assert (rows[0][-1], rows[1][-1]) == ("quiz 1", "62.5")
    student = as_carla.get(f"{url}students/{Enrolment.objects.get(student=ana).pk}/").content.decode()
    assert "Quiz de cada unidad" in student
    assert "100 %" in student


def test_answers_of_an_end_quiz_are_evidence_in_the_group_too(
    as_carla: Client, course: Course, ana: User, idea: Idea, url: str
):
    unit = course.units.get()
    question = Question.objects.create(
        unit=unit, key="final", position=1, kind="single", prompt="", idea=idea.slug
    )
    assert ">67<" not in as_carla.get(url).content.decode().replace("\n", "")
    Answer.objects.create(student=ana, question=question, response={}, correct=True)
    assert ">67<" in as_carla.get(url).content.decode().replace("\n", "")


def test_whoever_answered_all_wrongly_has_a_zero_and_not_nothing(
    as_carla: Client, course: Course, ana: User, url: str
):
    lesson = course.lessons.get(number="1.1.1")
    question = Question.objects.create(
        lesson=lesson, unit=lesson.section.unit, key="una", position=1, kind="single", prompt=""
    )
    Answer.objects.create(student=ana, question=question, response={}, correct=False)

    page = as_carla.get(url, {"unit": "1"}).content.decode()
    assert re.search(r'heat__cell--1"><a href="[^"]+#leccion-1.1.1">0</a>', page)


@pytest.mark.parametrize("bad", ["unit=0", "unit=x", "unit=1'--", "order=;drop", "page=-1", "page=9999999999",
                                 "cohort=1 OR 1=1", "only=%00", "idea=%27--"])  # fmt: skip
def test_a_strange_address_shows_the_usual_page(bad: str, as_carla: Client, ana: User, url: str):
    assert as_carla.get(f"{url}?{bad}").status_code == 200


def test_what_came_to_nothing_by_our_fault_is_shown_with_its_reference_to_those_who_teach_its_student(
    as_carla: Client, ana: User, carla: User, exercise: Exercise, url: str
):
    assert "fallo nuestro" not in as_carla.get(url).content.decode()
    submission = factories.hand_in(ana, exercise)
    submission.state, submission.fault_reference, submission.faults = State.SYSTEM_ERROR, "7F3A-21", 6
    submission.finished_at = now()
    submission.save()
    page = as_carla.get(url).content.decode()
    assert "1 entrega quedó sin corregir por un fallo nuestro" in page
    assert "7F3A-21" in page
    assert submission.get_absolute_url() in page
    Enrolment.objects.filter(student=carla).update(whole_course=False)
    assert "7F3A-21" not in as_carla.get(url).content.decode()


@pytest.mark.parametrize("students", [1, 60])
@pytest.mark.parametrize("unit", [False, True])
def test_the_group_costs_the_same_queries_however_many_students(
    students, unit, course: Course, exercise: Exercise, idea: Idea, teaching: Enrolment,
    django_assert_max_num_queries,
):  # fmt: skip
    for number in range(students):
        person = factories.make_user(f"s{number}")
        factories.enrol(person, course)
        graded(person, exercise)
    wanted = Wanted(unit=course.units.get() if unit else None)
    with django_assert_max_num_queries(16):
        found = group_page(teaching=teaching, wanted=wanted, at=now())
        shown = [(str(row.student), [cell.value for _column, cell in row.cells]) for row in found.rows]
    assert len(shown) == min(students, 50)
    assert found.students == students


def test_a_students_page_shows_progress_and_submissions(
    ana: User, exercise: Exercise, idea: Idea, as_carla: Client, url: str
):
    handed = graded(ana, exercise)
    page = as_carla.get(f"{url}students/{Enrolment.objects.get(student=ana).pk}/").content.decode()
    assert "El sesgo" in page
    assert f"{url}review/{handed.pk}/" in page


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_a_formula_arrives_as_text(
    name: str, ana: User, exercise: Exercise, as_carla: Client, url: str
):
    User.objects.filter(pk=ana.pk).update(name=name)
    graded(ana, exercise, score=73)
    text = as_carla.get(f"{url}export.csv").content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[0].startswith("'")
    assert row[-1] == "73.0"

    sheet = load_workbook(io.BytesIO(as_carla.get(f"{url}export.xlsx").content)).active
    cell = sheet.cell(2, 1)
    assert cell.data_type == "s"
    assert sheet.cell(2, sheet.max_column).value == 73


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(-5, 5), st.none()), min_size=1, max_size=4))
def test_no_text_of_a_table_begins_like_a_formula(row):
    (read,) = csv.reader(io.StringIO(as_csv([], [row]).decode("utf-8-sig").split("\r\n", 1)[1], newline=""))
    for given_, found in zip(row, read, strict=True):
        if isinstance(given_, str):
            assert not found.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_stay_numbers_in_both_files():
    assert as_csv(["a"], [[-3.5]]).decode("utf-8-sig") == "a\r\n-3.5\r\n"
    assert load_workbook(io.BytesIO(as_xlsx(["a"], [[-3.5]]))).active.cell(2, 1).value == -3.5
