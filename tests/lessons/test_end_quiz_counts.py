"""Which tries of an end quiz count, who may take one, and what the pages cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons import services
from lessons.models import Cohort, Course, Enrolment, Extension, Lesson, QuizTry, Unit
from lessons.selectors.outline import course_outline
from lessons.selectors.progress import Stage
from lessons.selectors.quizzes import answers_in, asked_in, quiz_lines, standing_of
from lessons.services.trying import Given, Unfinished, hand_in_try, start_try

from .conftest import WRONG
from .end_quizzes import HOUR, cohort_due, start, take


class TestWhatCounts:
    def test_in_practice_every_try_counts_and_the_best_is_the_one(
        self, as_ana: Client, ana: User, unit: Unit, quiz_url: str
    ) -> None:
        take(as_ana, quiz_url, WRONG)
        take(as_ana, quiz_url)
        take(as_ana, quiz_url, WRONG)
        standing = standing_of(enrolment=Enrolment.objects.get(student=ana), unit=unit, at=now())
        assert [one.counts for one in standing.tries] == [True, True, True]
        assert standing.best
        assert standing.best.number == 2
        page = as_ana.get(quiz_url).content.decode()
        assert page.count("el mejor</td>") == 1
        assert "cuantas veces quieras" in page

    def test_of_a_graded_course_the_first_tries_count_and_the_later_are_practice(
        self, as_ana: Client, ana: User, unit: Unit, quiz_url: str
    ) -> None:
        Course.objects.update(quiz_tries=2)
        assert "Cuentan 2 intentos" in as_ana.get(quiz_url).content.decode()
        take(as_ana, quiz_url, WRONG)
        assert "Te queda 1 intento que cuenta" in as_ana.get(quiz_url).content.decode()
        take(as_ana, quiz_url, WRONG)
        assert "el siguiente es de práctica" in as_ana.get(quiz_url).content.decode()
        page = take(as_ana, quiz_url)
        assert "no puntúa: es de práctica" in page
        assert quiz_lines(course=unit.course, student=ana)[1].best == pytest.approx(1 / 8)
        assert list(ana.quiz_tries.order_by("number").values_list("counts", flat=True)) == [True, True, False]

    def test_after_the_deadline_it_is_marked_and_does_not_count_and_says_so(
        self, as_ana: Client, ana: User, unit: Unit, quiz_url: str
    ) -> None:
        cohort_due(ana, unit, now() - HOUR)
        assert "Fuera de plazo" in as_ana.get(quiz_url).content.decode()
        page = take(as_ana, quiz_url)
        assert "8 de 8" in page
        assert "no puntúa: se entregó fuera de plazo" in page
        assert not ana.quiz_tries.get().counts
        assert quiz_lines(course=unit.course, student=ana)[1].best is None

    def test_a_try_begun_in_time_and_handed_in_late_does_not_count(
        self, ana: User, unit: Unit, end_quiz
    ) -> None:
        due = now() + HOUR
        cohort_due(ana, unit, due)
        one = start_try(student=ana, unit=unit)
        hand_in_try(quiz_try=one, given={}, leave_out=True, at=due + timedelta(minutes=1))
        assert not QuizTry.objects.get().counts

    def test_the_deadline_lasts_to_the_end_of_its_minute_as_an_exercises_does(
        self, as_ana: Client, ana: User, unit: Unit, quiz_url: str
    ) -> None:
        cohort_due(ana, unit, now() - timedelta(seconds=50))
        assert "Fuera de plazo" not in as_ana.get(quiz_url).content.decode()
        assert "no puntúa" not in take(as_ana, quiz_url)
        assert ana.quiz_tries.get().counts

    def test_a_try_handed_in_at_the_last_moment_counts_and_an_extension_moves_it(
        self, ana: User, unit: Unit, end_quiz
    ) -> None:
        due = now() + HOUR
        enrolment = cohort_due(ana, unit, due)
        one = start_try(student=ana, unit=unit)
        assert hand_in_try(quiz_try=one, given={}, leave_out=True, at=due).counts
        Extension.objects.create(enrolment=enrolment, unit=unit, until=due + HOUR)
        two = start_try(student=ana, unit=unit)
        assert hand_in_try(quiz_try=two, given={}, leave_out=True, at=due + HOUR).counts

    def test_before_the_cohort_starts_nothing_counts(
        self, ana: User, unit: Unit, as_ana: Client, quiz_url
    ) -> None:
        enrolment = cohort_due(ana, unit, now() + 9 * HOUR)
        Cohort.objects.update(starts_at=now() + HOUR)
        assert "Tu grupo aún no ha empezado" in as_ana.get(quiz_url).content.decode()
        one = start_try(student=enrolment.student, unit=unit)
        assert not hand_in_try(quiz_try=one, given={}, leave_out=True).counts

    def test_late_tries_do_not_use_up_those_that_count(self, ana: User, unit: Unit, end_quiz) -> None:
        Course.objects.update(quiz_tries=1)
        due = now() + HOUR
        enrolment = cohort_due(ana, unit, due)
        late = start_try(student=ana, unit=unit)
        hand_in_try(quiz_try=late, given={}, leave_out=True, at=due + HOUR)
        Extension.objects.create(enrolment=enrolment, unit=unit, until=due + 3 * HOUR)
        again = start_try(student=ana, unit=unit)
        assert hand_in_try(quiz_try=again, given={}, leave_out=True, at=due + 2 * HOUR).counts


class TestWhoMay:
    def test_a_stranger_sees_what_it_is_and_is_sent_to_sign_in(self, dario: Client, quiz_url: str) -> None:
        page = dario.get(quiz_url).content.decode()
        assert "8 preguntas" in page
        assert "Qué dices" not in page
        assert dario.post(quiz_url).headers["Location"].startswith("/accounts/login/?next=")
        assert dario.get(f"{quiz_url}1/").status_code == 302

    def test_who_is_not_enrolled_may_not_start(self, as_bruno: Client, quiz_url: str) -> None:
        assert "Apuntarme para responder" in as_bruno.get(quiz_url).content.decode()
        assert as_bruno.post(quiz_url).status_code == 403
        assert not QuizTry.objects.exists()

    def test_a_try_is_its_students_alone(
        self, as_ana: Client, as_carla: Client, quiz_url: str, carla
    ) -> None:
        address = start(as_ana, quiz_url)
        assert as_carla.get(address).status_code == 404
        assert as_carla.post(address, {"leave_out": "1"}).status_code == 404

    def test_who_has_left_the_course_finds_the_try_again_on_coming_back(
        self, as_ana: Client, ana: User, unit: Unit, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        Enrolment.objects.filter(student=ana).update(left_at=now())
        assert as_ana.get(address).status_code == 404
        with pytest.raises(services.NotEnrolled):
            hand_in_try(quiz_try=ana.quiz_tries.get(), given={}, leave_out=True)
        services.enrol(student=ana, course=unit.course)
        assert as_ana.get(address).status_code == 200

    def test_a_unit_without_questions_of_its_own_has_no_end_quiz(
        self, as_ana: Client, course: Course
    ) -> None:
        assert as_ana.get(f"{course.get_absolute_url()}units/1/quiz/").status_code == 404
        assert as_ana.post(f"{course.get_absolute_url()}units/1/quiz/").status_code == 404

    @pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "x"])
    def test_a_strange_try_does_not_exist(self, number: str, as_ana: Client, quiz_url: str) -> None:
        assert as_ana.get(f"{quiz_url}{number}/").status_code == 404


class TestQueries:
    @pytest.mark.parametrize("tries", [1, 6])
    def test_a_standing_costs_three_queries_however_many_tries(
        self, tries: int, ana: User, unit: Unit, end_quiz, django_assert_num_queries
    ) -> None:
        cohort_due(ana, unit, now() + HOUR)
        for _ in range(tries):
            hand_in_try(quiz_try=start_try(student=ana, unit=unit), given={}, leave_out=True)
        enrolment = Enrolment.objects.select_related("course", "cohort").get(student=ana)
        with django_assert_num_queries(3):
            standing = standing_of(enrolment=enrolment, unit=unit, at=now())
            assert len(standing.tries) == tries
            assert standing.next_counts

    def test_a_try_and_what_came_of_it_cost_a_query_each(
        self, ana: User, unit: Unit, end_quiz, django_assert_num_queries
    ) -> None:
        one = start_try(student=ana, unit=unit)
        with django_assert_num_queries(1):
            assert len([asked.stamp for asked in asked_in(one)]) == 8
        hand_in_try(quiz_try=one, given={}, leave_out=True)
        with django_assert_num_queries(1):
            assert len([(a.question.prompt, a.quiz_try.seed) for a in answers_in(one)]) == 8

    def test_the_service_says_which_questions_are_no_answers(self, ana: User, unit: Unit, end_quiz) -> None:
        one = start_try(student=ana, unit=unit)
        given = {end_quiz["single"].pk: Given({"choice": "b"})}
        with pytest.raises(Unfinished) as refusal:
            hand_in_try(quiz_try=one, given=given)
        assert set(refusal.value.reasons) == {q.pk for q in end_quiz.values()} - {end_quiz["single"].pk}


class TestItsPlaceInTheCourse:
    def test_unit_course_last_lesson_and_home_lead_to_it(
        self, as_ana: Client, course: Course, lesson: Lesson, quiz_url: str
    ) -> None:
        for page in (f"{course.get_absolute_url()}units/1/", course.get_absolute_url()):
            assert f'href="{quiz_url}"' in as_ana.get(page).content.decode()
        last = as_ana.get(lesson.get_absolute_url()).content.decode()
        assert re.search(f'lesson__way--next" href="{quiz_url}"', last)
        as_ana.post(f"{lesson.get_absolute_url()}read/", {"read": "1"})
        home = as_ana.get("/").content.decode()
        assert f'href="{quiz_url}">Empezar' in home
        assert "8 preguntas" in home

    def test_a_lesson_that_others_follow_leads_to_them(
        self, as_ana: Client, course: Course, lesson: Lesson, quiz_url: str
    ) -> None:
        course.lessons.update(written=True)
        assert quiz_url not in as_ana.get(lesson.get_absolute_url()).content.decode()

    def test_once_handed_in_it_is_done_and_continue_leads_on(
        self, as_ana: Client, ana: User, course: Course, lesson: Lesson, quiz_url: str
    ) -> None:
        as_ana.post(f"{lesson.get_absolute_url()}read/", {"read": "1"})
        start(as_ana, quiz_url)
        assert course_outline(course=course, student=ana).next.begun
        take(as_ana, quiz_url, WRONG)
        outline = course_outline(course=course, student=ana)
        assert outline.next is None
        assert outline.units[0].quiz.percent == 12
        assert "quiz 12 %" in as_ana.get(course.get_absolute_url()).content.decode()

    def test_a_unit_is_not_done_before_its_end_quiz_is_taken(
        self, as_ana: Client, ana: User, course: Course, lesson: Lesson, quiz_url: str
    ) -> None:
        course.lessons.exclude(pk=lesson.pk).delete()
        as_ana.post(f"{lesson.get_absolute_url()}read/", {"read": "1"})
        assert course_outline(course=course, student=ana).units[0].stage == Stage.BEGUN
        take(as_ana, quiz_url, WRONG)
        assert course_outline(course=course, student=ana).units[0].stage == Stage.DONE
