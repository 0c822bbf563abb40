from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading.models import Submission
from lessons.models import Course, Enrolment, Lesson, Page, Role
from tests import factories

from .conftest import answered, grow, read


def test_a_stranger_reads_course_unit_lesson_and_page(course: Course, dario: Client):
    page = Page.objects.create(
        course=course, slug="guia", title="Guía", place="front", position=1, html="<p>Así.</p>", written=True
    )

    for url in (
        "/",
        course.get_absolute_url(),
        "/courses/curso/units/1/",
        "/courses/curso/lessons/1.1.1/",
        page.get_absolute_url(),
    ):
        assert dario.get(url).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/courses/otro/",
        "/courses/curso/units/7/",
        "/courses/curso/lessons/9.9.9/",
        "/courses/curso/pages/nada/",
        "/courses/curso/lessons/1.1.1/questions/nada/",
    ],
)
def test_what_does_not_exist_says_so_in_our_words(url, course: Course, as_ana: Client):
    response = as_ana.post(url) if "questions" in url else as_ana.get(url)

    assert response.status_code == 404
    assert "No existe o cambió de sitio" in response.content.decode()


def test_a_lesson_that_is_not_written_says_so_and_is_not_counted_as_read(
    course: Course, as_ana: Client, ana: User
):
    page = as_ana.get("/courses/curso/lessons/1.1.2/").content.decode()

    assert "En preparación" in page
    assert "Texto." not in page
    assert not ana.readings.exists()


def test_the_course_says_what_is_written_and_what_is_not(course: Course, dario: Client):
    page = dario.get(course.get_absolute_url()).content.decode()

    assert "1 de 2 lecciones escritas" in page
    assert page.count("En preparación") == 1


def test_a_lesson_leads_to_its_neighbours(course: Course, dario: Client):
    first = dario.get("/courses/curso/lessons/1.1.1/").content.decode()
    last = dario.get("/courses/curso/lessons/1.1.2/").content.decode()

    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


def test_one_click_gives_bruno_a_place_as_a_student(course: Course, as_bruno: Client, bruno: User):
    response = as_bruno.post("/courses/curso/enrol/")

    assert response.url == course.get_absolute_url()
    assert Enrolment.objects.get(student=bruno).role == Role.STUDENT


def test_enrolling_twice_changes_nothing_the_role_neither(course: Course, as_carla: Client, carla: User):
    as_carla.post("/courses/curso/enrol/", {"role": "student"})

    assert Enrolment.objects.get(student=carla).role == Role.INSTRUCTOR


def test_enrolling_cannot_ask_for_a_role(course: Course, as_bruno: Client, bruno: User):
    as_bruno.post("/courses/curso/enrol/", {"role": "instructor"})

    assert Enrolment.objects.get(student=bruno).role == Role.STUDENT


def test_enrolling_leads_back_to_the_question_and_never_off_the_site(course: Course, as_bruno: Client):
    inside = as_bruno.post("/courses/curso/enrol/", {"next": "/courses/curso/lessons/1.1.1/#q-una"})
    outside = as_bruno.post("/courses/curso/enrol/", {"next": "https://example.org/"})

    assert inside.url == "/courses/curso/lessons/1.1.1/#q-una"
    assert outside.url == "/"


def test_a_stranger_who_enrols_is_sent_to_sign_in(course: Course, dario: Client):
    response = dario.post("/courses/curso/enrol/")

    assert response.url.startswith("/accounts/login/?next=/courses/curso/")
    assert not Enrolment.objects.exists()


def test_looking_at_enrol_or_answer_changes_nothing(course: Course, as_bruno: Client):
    assert as_bruno.get("/courses/curso/enrol/").status_code == 405
    assert as_bruno.get("/courses/curso/lessons/1.1.1/questions/una/").status_code == 405


def test_home_takes_ana_back_to_the_lesson_she_left(
    course: Course, ana: User, as_ana: Client, lesson: Lesson
):
    Lesson.objects.filter(course=course).update(written=True)
    first, second = course.lessons.order_by("position")
    read(ana, second, marked=True)

    page = as_ana.get("/").content.decode()
    assert "Sigue donde lo dejaste" in page
    assert second.title not in page  # it has no questions, so reading it finished it
    assert first.get_absolute_url() in page


def test_home_of_a_stranger_offers_the_course_and_to_sign_in(course: Course, dario: Client):
    page = dario.get("/").content.decode()

    assert course.get_absolute_url() in page
    assert "/accounts/login/" in page
    assert "/courses/curso/lessons/1.1.1/" in page


def test_home_without_any_course_still_stands(db, dario: Client):
    assert "Todavía no hay ningún curso" in dario.get("/").content.decode()


def test_a_lesson_shows_the_card_of_its_exercise_with_her_best_score(
    course: Course, exercise: Exercise, lesson: Lesson, ana: User, as_ana: Client
):
    lesson.html = '<div data-exercise="doble"></div><div data-exercise="borrado"></div>'
    lesson.save()
    submission = factories.hand_in(ana, exercise)
    Submission.objects.filter(pk=submission.pk).update(state="graded", score=40)

    page = as_ana.get(lesson.get_absolute_url()).content.decode()
    assert exercise.get_absolute_url() in page
    assert "40 de 100" in page
    assert "data-exercise" not in page


def test_exercises_are_not_linked_for_who_could_not_open_them(
    course: Course, exercise: Exercise, lesson: Lesson, as_bruno: Client, dario: Client
):
    lesson.html = '<div data-exercise="doble"></div>'
    lesson.save()

    for reader, way in ((as_bruno, "Apuntarme para abrirlo"), (dario, "Entrar para abrirlo")):
        assert (
            f'href="{exercise.get_absolute_url()}"'
            not in reader.get(course.get_absolute_url()).content.decode()
        )
        assert way in reader.get(lesson.get_absolute_url()).content.decode()


def test_a_name_that_holds_markup_is_shown_as_text(course: Course, as_ana: Client, ana: User):
    User.objects.filter(pk=ana.pk).update(name="<script>alert(1)</script>")

    assert "<script>alert" not in as_ana.get("/").content.decode()


@pytest.mark.parametrize("tries", [1, 20])
def test_a_lesson_costs_ana_eleven_queries_however_often_she_answered(
    tries, quiz, lesson: Lesson, ana: User, as_ana: Client, django_assert_num_queries
):
    for question in quiz.values():
        for _try in range(tries):
            answered(ana, question)
    as_ana.get(lesson.get_absolute_url())
    # session, person, lesson, place, reading twice, neighbours, questions, answers, notes, bookmarks
    with django_assert_num_queries(11):
        as_ana.get(lesson.get_absolute_url())


def test_a_lesson_costs_a_stranger_three_queries(
    quiz, lesson: Lesson, dario: Client, django_assert_num_queries
):
    with django_assert_num_queries(3):
        dario.get(lesson.get_absolute_url())


@pytest.mark.parametrize("units", [1, 12])
def test_the_course_page_costs_ana_eighteen_queries_however_long_the_course(
    units, course: Course, exercise: Exercise, as_ana: Client, django_assert_num_queries
):
    grow(course, units)
    # session, person, course, thirteen of the outline, bookmarks and how many notes
    with django_assert_num_queries(18):
        as_ana.get(course.get_absolute_url())
