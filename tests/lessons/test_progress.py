from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from lessons import selectors, services
from lessons.cards import exercise_cards
from lessons.models import Course, Lesson, Question, Section
from lessons.selectors import progress
from lessons.selectors.progress import Stage
from tests import factories

from .conftest import answered, grow, read

Quiz = dict[str, Question]


def stage_of(student: User, lesson: Lesson) -> Stage:
    return progress.progress_of(student=student, course=lesson.course).stage(lesson)


def test_a_lesson_is_done_when_every_question_had_a_right_answer_once(ana: User, lesson: Lesson, quiz: Quiz):
    assert stage_of(ana, lesson) == Stage.NONE
    read(ana, lesson)
    assert stage_of(ana, lesson) == Stage.BEGUN
    for question in quiz.values():
        answered(ana, question)
    assert stage_of(ana, lesson) == Stage.DONE
    answered(ana, quiz["single"], correct=False)
    assert stage_of(ana, lesson) == Stage.DONE


def test_a_lesson_without_questions_is_done_once_she_says_that_she_read_it(ana: User, lesson: Lesson):
    services.note_reading(student=ana, lesson=lesson)
    assert stage_of(ana, lesson) == Stage.BEGUN
    services.mark_read(student=ana, lesson=lesson, read=True)
    assert stage_of(ana, lesson) == Stage.DONE
    services.mark_read(student=ana, lesson=lesson, read=False)
    assert stage_of(ana, lesson) == Stage.BEGUN


def test_a_question_added_later_opens_the_lesson_again(ana: User, lesson: Lesson, quiz: Quiz):
    read(ana, lesson)
    for question in quiz.values():
        answered(ana, question)
    Question.objects.create(
        lesson=lesson, unit=lesson.section.unit, key="nueva", position=9, kind="single", prompt=""
    )

    assert stage_of(ana, lesson) == Stage.BEGUN


def test_what_others_answered_is_not_hers(ana: User, bruno: User, lesson: Lesson, quiz: Quiz):
    for question in quiz.values():
        answered(bruno, question)

    assert stage_of(ana, lesson) == Stage.NONE


def test_the_next_step_is_the_unfinished_lesson_last_read(
    ana: User, course: Course, lesson: Lesson, quiz: Quiz
):
    read(ana, lesson)

    outline = selectors.course_outline(course=course, student=ana)
    assert outline.next is not None
    assert outline.next.lesson_id == lesson.pk
    assert outline.next.questions_left == len(quiz)


def test_the_next_step_skips_what_is_done_and_what_is_not_written(ana: User, course: Course, lesson: Lesson):
    section = Section.objects.get()
    third = Lesson.objects.create(
        course=course, section=section, number="1.1.3", slug="tres", position=3, title="Tres", written=True
    )
    read(ana, lesson, marked=True)

    assert selectors.course_outline(course=course, student=ana).next.lesson_id == third.pk
    read(ana, third, marked=True)
    assert selectors.course_outline(course=course, student=ana).next is None


def test_reading_the_same_lesson_again_within_the_hour_writes_nothing(
    ana: User, lesson: Lesson, django_assert_num_queries
):
    start = now()
    services.note_reading(student=ana, lesson=lesson, at=start)
    with django_assert_num_queries(1):
        services.note_reading(student=ana, lesson=lesson, at=start + timedelta(minutes=59))
    assert ana.readings.get().last_at == start
    services.note_reading(student=ana, lesson=lesson, at=start + timedelta(minutes=61))
    assert ana.readings.get().last_at == start + timedelta(minutes=61)


@pytest.mark.parametrize("units", [1, 12])
def test_the_course_page_costs_thirteen_queries_however_long_the_course(
    units, ana: User, course: Course, exercise, django_assert_num_queries
):
    grow(course, units)
    with django_assert_num_queries(13):
        outline = selectors.course_outline(course=course, student=ana)
        shown = [
            (line.lesson.get_absolute_url(), line.lesson.written, line.stage) for line in outline.lessons
        ]
        cards = [(card.title, card.url, card.score) for card in outline.exercises]
    assert len(shown) == 2 + 2 * units
    assert len(cards) == 1


@pytest.mark.parametrize("units", [1, 12])
def test_the_course_page_costs_a_stranger_six_queries(
    units, course: Course, exercise, django_assert_num_queries
):
    grow(course, units)
    with django_assert_num_queries(6):
        outline = selectors.course_outline(course=course, student=None)
        assert len([line.lesson.get_absolute_url() for line in outline.lessons]) == 2 + 2 * units


@pytest.mark.parametrize("tries", [1, 30])
def test_a_lessons_questions_cost_two_queries_however_often_ana_tried(
    tries, ana: User, lesson: Lesson, quiz: Quiz, django_assert_num_queries
):
    for _try in range(tries):
        for question in quiz.values():
            answered(ana, question)
    with django_assert_num_queries(2):
        own = selectors.questions_with_answers(lesson=lesson, student=ana)
        assert all(one.newest is not None and one.newest.correct and one.shown.stamp for one in own)


def test_home_costs_one_query_and_six_a_course(
    ana: User, course: Course, exercise, django_assert_num_queries
):
    with django_assert_num_queries(1 + 6):
        (item,) = selectors.courses_to_continue(student=ana, at=now())
        assert item.next is not None
        assert item.next.unit.number == 1
        assert item.next.url
        assert item.written == 1


def test_the_cards_of_exercises_cost_one_query_however_many(
    ana: User, course: Course, django_assert_num_queries
):
    for number in range(5):
        factories.make_exercise(course, slug=f"e{number}")
    with django_assert_num_queries(1):
        assert len([card.url for card in exercise_cards(course=course, student=ana)]) == 5
