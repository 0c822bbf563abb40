from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from lessons import selectors
from lessons.loading import store_lessons
from lessons.models import Course, LabTask, Lesson
from tests import factories
from tests.conftest import signed_in

from .conftest import read

STAGE = (
    '<section class="lab" id="lab-valle" data-lab="valle" data-settings="{}"><h3>Valle</h3>'
    '<p class="lab__task">Baja.</p><div class="lab__stage">FIGURA</div></section>'
)


@pytest.fixture
def lab(lesson: Lesson) -> Lesson:
    """The lesson, with a lab in it."""
    lesson.html, lesson.labs = f"<p>Texto.</p>{STAGE}", ["valle"]
    lesson.save()
    return lesson


@pytest.fixture
def url(lab: Lesson) -> str:
    return f"{lab.get_absolute_url()}labs/valle/"


def test_a_task_that_is_done_is_shown_as_done_when_she_comes_back(as_ana: Client, lab: Lesson, url: str):
    page = as_ana.get(lab.get_absolute_url()).content.decode()
    assert f'data-url="{url}"' in page
    assert as_ana.post(url).status_code == 204

    page = as_ana.get(lab.get_absolute_url()).content.decode()
    assert "Tarea hecha" in page
    assert "data-url" not in page
    assert page.index("Tarea hecha") < page.index("FIGURA")


def test_told_twice_it_is_kept_once(as_ana: Client, ana: User, url: str):
    assert [as_ana.post(url).status_code for _again in range(2)] == [204, 204]
    assert LabTask.objects.filter(student=ana, lab="valle").count() == 1


def test_only_who_takes_part_has_a_task_and_only_of_a_lab_that_is_there(
    dario: Client, as_bruno: Client, as_ana: Client, lab: Lesson, url: str
):
    assert dario.post(url).status_code == 302
    assert dario.post(url, headers={"X-Requested-With": "fetch"}).status_code == 401
    assert as_bruno.post(url).status_code == 404
    assert as_ana.post(url.replace("valle", "otro")).status_code == 404
    assert as_ana.get(url).status_code == 405
    assert not LabTask.objects.exists()
    for client in (dario, as_bruno):
        page = client.get(lab.get_absolute_url()).content.decode()
        assert "FIGURA" in page
        assert "lab__state" not in page


def test_another_site_cannot_say_that_she_did_it(ana: User, url: str):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post(url).status_code == 403


def test_the_course_and_the_progress_page_count_it(as_ana: Client, course: Course, url: str):
    address = course.get_absolute_url()
    assert "0 de 1 tarea de laboratorio" in as_ana.get(address).content.decode()
    as_ana.post(url)
    page = as_ana.get(address).content.decode()
    assert "1 de 1 tarea de laboratorio" in page
    assert "laboratorios 1 de 1" in page
    assert "tarea hecha" in page
    assert "1 de 1 tarea de laboratorio" in as_ana.get(f"{address}progress/").content.decode()


def test_a_task_left_undone_holds_nothing_up(ana: User, course: Course, lab: Lesson):
    read(ana, lab, marked=True)
    outline = selectors.course_outline(course=course, student=ana)
    assert (outline.lessons_done, outline.labs_done, outline.next) == (1, 0, None)
    assert outline.units[0].percent == 50  # the other lesson is only announced


def test_what_one_did_is_not_done_by_another(ana: User, course: Course, lab: Lesson, url: str):
    eva = factories.make_user("eva")
    factories.enrol(eva, course)
    signed_in(eva).post(url)
    assert selectors.course_outline(course=course, student=ana).labs_done == 0
    assert selectors.course_outline(course=course, student=eva).labs_done == 1


def test_a_unit_fills_its_bar_with_lessons_and_exercises(ana: User, course: Course, exercise, lesson: Lesson):
    course.units.update(exercises_promised=2)
    unit = selectors.course_outline(course=course, student=ana).units[0]
    assert unit.percent == 0
    read(ana, lesson, marked=True)
    assert selectors.course_outline(course=course, student=ana).units[0].percent == 25
    submission = factories.hand_in(ana, exercise)
    submission.state, submission.score = "graded", 100
    submission.save()
    assert selectors.course_outline(course=course, student=ana).units[0].percent == 50


def test_loading_tells_which_labs_a_lesson_has_also_where_nothing_else_changed(db, tmp_path, monkeypatch):
    from lessons.content import course as content
    from tests.lessons.content import small_course

    monkeypatch.setattr(content, "LABS", tmp_path)
    record = content.read(small_course.make(tmp_path / "curso"), cache=tmp_path / "maths.json").course
    course, _touched = store_lessons(record)
    assert course.lessons.get(number="1.1.1").labs == ["simetria"]
    course.lessons.update(labs=[])
    store_lessons(record)
    assert course.lessons.get(number="1.1.1").labs == ["simetria"]
