from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from lessons.certificate_words import missing
from lessons.models import Course, Lesson, Question, QuizTry
from lessons.selectors.certificate import certificate_state, quiz_results
from lessons.selectors.outline import course_outline
from tests.lessons.conftest import answered, read

from .conftest import handed_in, pass_exercise, question, state


def test_the_progress_page_counts_what_is_missing(as_ana: Client, ana: User, short: Course, lesson: Lesson):
    url = f"{short.get_absolute_url()}progress/"
    assert "Te faltan 1 lección y 1 ejercicio." in as_ana.get(url).content.decode()
    read(ana, lesson, marked=True)
    page = as_ana.get(url).content.decode()
    assert "Te falta 1 ejercicio." in page
    assert "Expedir mi certificado" not in page


def test_a_course_without_a_rule_speaks_of_no_certificate(as_ana: Client, course: Course):
    assert "ertificado" not in as_ana.get(f"{course.get_absolute_url()}progress/").content.decode().replace(
        "Comprobar un certificado", ""
    )


def test_a_course_that_is_still_being_written_cannot_be_certified(ana: User, course: Course, lesson: Lesson):
    course.certificate_rule = {"lessons": 1}
    course.save()
    read(ana, lesson, marked=True)
    found = state(ana, course)
    assert not found.earned
    assert (found.unwritten, found.waits_for_the_course) == (1, True)
    course.certificate_rule = {"lessons": 0.5}
    course.save()
    assert state(ana, course).earned


@pytest.mark.parametrize(
    ("score", "late", "counts"), [(100, False, True), (99, False, False), (100, True, False)]
)
def test_an_exercise_counts_when_every_group_passed_in_time(
    score, late, counts, ana: User, short: Course, exercise: Exercise
):
    pass_exercise(ana, exercise, score=score, late=late)
    assert [share.met for share in state(ana, short).shares] == [False, counts]


def test_an_end_quiz_counts_by_the_best_try_that_counts(ana: User, short: Course, lesson: Lesson):
    question(lesson, "en-la-leccion")
    question(lesson, "final", at_end=True)
    unit = lesson.section.unit
    assert quiz_results(student=ana, course=short) == {unit.pk: 0}
    handed_in(ana, unit, 1, 0.4)
    handed_in(ana, unit, 2, 0.75)
    handed_in(ana, unit, 3, 0.5)
    handed_in(ana, unit, 4, 1.0, counts=False)
    QuizTry.objects.create(student=ana, unit=unit, number=5, seed=1)
    assert quiz_results(student=ana, course=short) == {unit.pk: 0.75}


def test_without_an_end_quiz_the_questions_of_the_lessons_count_once_they_were_right(
    ana: User, short: Course, lesson: Lesson
):
    short.certificate_rule = {"quizzes": 0.7}
    one, two = question(lesson, "una"), question(lesson, "dos")
    answered(ana, one, correct=False)
    answered(ana, one)
    found = state(ana, short)
    assert missing(found) == "en los quizzes llevas el 50 % y se pide el 70 %"
    answered(ana, two)
    assert state(ana, short).earned


def test_what_a_course_does_not_have_is_not_asked(ana: User, short: Course, lesson: Lesson):
    short.certificate_rule = {"lessons": 1, "quizzes": 0.7}
    read(ana, lesson, marked=True)
    found = state(ana, short)
    assert [share.kind for share in found.shares] == ["lessons"]
    assert found.earned


def test_seven_tenths_of_ten_are_seven(ana: User, course: Course):
    section = course.units.get().sections.get()
    for n in range(3, 11):
        course.lessons.create(
            section=section, number=f"1.1.{n}", slug="x", title="L", position=n, written=True
        )
    course.certificate_rule = {"lessons": 0.7}
    lessons = list(course.lessons.filter(written=True))
    for one in lessons[:6]:
        read(ana, one, marked=True)
    assert missing(state(ana, course)) == "te falta 1 lección"
    read(ana, lessons[6], marked=True)
    assert state(ana, course).earned


@pytest.mark.parametrize("units", [1, 9])
def test_the_state_costs_three_queries_however_long_the_course(
    units, ana: User, short: Course, lesson: Lesson, django_assert_num_queries
):
    short.certificate_rule = {"lessons": 1, "exercises": 1, "quizzes": 1}
    for number in range(2, units + 1):
        unit = short.units.create(number=number, slug="u", title="U")
        Question.objects.create(unit=unit, key="q", position=1, kind="single", prompt="")
    question(lesson, "q")
    outline = course_outline(course=short, student=ana)
    with django_assert_num_queries(3):
        found = certificate_state(outline=outline, student=ana)
    assert found.shares[-1].total == units
