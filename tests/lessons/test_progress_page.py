from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from lessons.cards import ExerciseCard
from lessons.models import Answer, Course, Idea, Lesson, Question, Section, Unit
from lessons.selectors.mastery import Week, progress_page
from lessons.selectors.progress import Progress, StepKind, next_step, steps_of
from lessons.selectors.quizzes import QuizLine
from lessons.trend import BOTTOM, TOP, trend_of

from .conftest import answered


def idea(course: Course, slug: str, lesson: Lesson) -> Idea:
    position = course.ideas.count() + 1
    return Idea.objects.create(course=course, slug=slug, title=f"La {slug}", lesson=lesson, position=position)


def question_about(lesson: Lesson, slug: str) -> Question:
    return Question.objects.create(
        lesson=lesson, unit=lesson.section.unit, key=slug, position=1, kind="single", prompt="", idea=slug
    )


@pytest.fixture
def url(course: Course) -> str:
    return f"{course.get_absolute_url()}progress/"


def test_before_the_first_answer_the_page_says_what_will_be_there(as_ana: Client, url: str):
    assert "Responde el primer quiz" in as_ana.get(url).content.decode()


def test_the_idea_that_failed_last_stands_first_and_leads_to_its_lesson(
    ana: User, as_ana: Client, course: Course, lesson: Lesson, url: str
):
    for slug in ("curvatura", "sesgo"):
        idea(course, slug, lesson)
    answered(ana, question_about(lesson, "curvatura"))
    answered(ana, question_about(lesson, "sesgo"), correct=False)

    page = as_ana.get(url).content.decode()
    assert page.index("La sesgo") < page.index("La curvatura")
    assert f'href="{lesson.get_absolute_url()}"' in page
    assert "toca repasar" in page


def test_only_the_first_answer_counts_for_the_quiz_percentage(ana: User, course: Course, lesson: Lesson):
    question = question_about(lesson, "sesgo")
    answered(ana, question, correct=False)
    answered(ana, question)
    assert progress_page(course=course, student=ana, at=now()).quiz_percent == 0


def test_the_weeks_tell_when_it_was_understood(ana: User, course: Course, lesson: Lesson):
    idea(course, "sesgo", lesson)
    question = question_about(lesson, "sesgo")
    answered(ana, question, correct=False)
    Answer.objects.update(created_at=now() - timedelta(weeks=3))
    answered(ana, question)

    weeks = progress_page(course=course, student=ana, at=now()).weeks
    assert [week.score for week in weeks][:4] == [None] * 4
    assert weeks[-2].score < weeks[-1].score


def test_the_csv_holds_the_numbers_of_the_page(ana: User, as_ana: Client, course: Course, lesson: Lesson):
    idea(course, "sesgo", lesson)
    answered(ana, question_about(lesson, "sesgo"))

    response = as_ana.get(f"{course.get_absolute_url()}progress.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert rows[1][:4] == ["sesgo", "La sesgo", "67", "1"]


def test_the_trend_is_drawn_once_two_weeks_can_be_told_apart(
    ana: User, as_ana: Client, course: Course, lesson: Lesson, url: str
):
    idea(course, "sesgo", lesson)
    question = question_about(lesson, "sesgo")
    answered(ana, question, correct=False)
    assert "semana a semana" not in as_ana.get(url).content.decode()
    Answer.objects.update(created_at=now() - timedelta(weeks=3))
    answered(ana, question)
    weeks = progress_page(course=course, student=ana, at=now()).weeks
    page = as_ana.get(url).content.decode()
    assert f"de {weeks[-4].score} a {weeks[-1].score} sobre 100" in page

    response = as_ana.get(f"{course.get_absolute_url()}weeks.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert [row[1] for row in rows[1:]] == ["" if week.score is None else str(week.score) for week in weeks]


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1, max_size=8))
def test_the_trend_rises_where_mastery_rises(scores: list[int | None]):
    weeks = [Week(now() + timedelta(weeks=n), score, 1) for n, score in enumerate(scores)]
    trend = trend_of(weeks)
    known = [score for score in scores if score is not None]
    assert (trend is None) == (len(known) < 2)
    if trend:
        assert [spot.score for spot in trend.spots] == known
        heights = [spot.y for spot in trend.spots]
        pairs = zip(known, known[1:], heights, heights[1:], strict=False)
        assert all((b > a) == (y < x) for a, b, x, y in pairs)
        assert all(TOP <= y <= BOTTOM for y in heights)
        assert trend.spots == sorted(trend.spots, key=lambda spot: spot.x)


@pytest.mark.parametrize("ideas", [1, 25])
def test_the_page_costs_twenty_three_queries_however_many_ideas(
    ideas, ana: User, as_ana: Client, course: Course, lesson: Lesson, url, django_assert_num_queries
):
    for number in range(ideas):
        idea(course, f"i{number}", lesson)
        answered(ana, question_about(lesson, f"i{number}"))
    with django_assert_num_queries(23):
        as_ana.get(url)


def test_progress_is_for_those_who_take_part(
    dario: Client, as_bruno: Client, as_ana: Client, url: str, lesson: Lesson
):
    assert dario.get(url).status_code == 302
    assert as_bruno.get(url).status_code == 404
    assert as_ana.get(url).status_code == 200
    read = f"{lesson.get_absolute_url()}read/"
    assert dario.post(read).status_code == 302
    assert as_bruno.post(read).status_code == 404
    assert as_ana.get(read).status_code == 405


def test_a_lesson_is_marked_as_read_at_its_end_and_the_mark_taken_back(as_ana: Client, lesson: Lesson):
    address = lesson.get_absolute_url()
    assert "Marcar como leída" in as_ana.get(address).content.decode()
    as_ana.post(f"{address}read/", {"read": "1"})
    assert "Marcar como no leída" in as_ana.get(address).content.decode()
    as_ana.post(f"{address}read/", {"read": "0"})
    assert "Marcar como no leída" not in as_ana.get(address).content.decode()


def test_a_lesson_that_is_only_announced_cannot_be_read(as_ana: Client, course: Course):
    announced = course.lessons.get(number="1.1.2")
    assert as_ana.post(f"{announced.get_absolute_url()}read/").status_code == 404


def a_course(
    written: list[bool], exercises: list[tuple[int, bool]]
) -> tuple[list[Lesson], list[ExerciseCard]]:
    """Lessons in two units, and exercises (index of the lesson, whether passed)."""
    course = Course(slug="c", title="C")
    sections = [Section(number=f"{n}.1", unit=Unit(pk=n, number=n, course=course)) for n in (1, 2)]
    half = (len(written) + 1) // 2
    lessons = [
        Lesson(pk=i + 1, course=course, section=sections[i >= half], number=f"{i}", position=i, written=on)
        for i, on in enumerate(written)
    ]
    cards = [
        ExerciseCard(f"e{n}", f"e{n}", f"/e{n}", "", 1, lessons[i].section.unit.number, lessons[i].number,
                     best=100 if passed else None)
        for n, (i, passed) in enumerate(exercises)
    ]  # fmt: skip
    return lessons, cards


@given(st.data())
def test_continue_never_leads_to_what_is_done_and_following_it_finishes_the_course(data):
    written = data.draw(st.lists(st.booleans(), min_size=1, max_size=8))
    places = st.tuples(st.integers(0, len(written) - 1), st.booleans())
    lessons, cards = a_course(written, data.draw(st.lists(places, max_size=5)))
    done = set(data.draw(st.sets(st.sampled_from([lesson.pk for lesson in lessons]))))
    passed = {card.slug for card in cards if card.passed}
    last_read = data.draw(st.sampled_from([None, *(lesson.pk for lesson in lessons)]))

    units = {lesson.section.unit.number: lesson.section.unit for lesson in lessons}
    quizzes = {number: QuizLine(unit, 3) for number, unit in units.items() if data.draw(st.booleans())}
    taken = set(data.draw(st.sets(st.sampled_from([0, *quizzes]))))

    for _ in range(len(lessons) + len(cards) + len(quizzes) + 1):
        now_cards = [
            ExerciseCard(c.slug, c.title, c.url, "", 1, c.unit_number, c.lesson_number,
                         best=100 if c.slug in passed else None) for c in cards
        ]  # fmt: skip
        now_quizzes = {n: QuizLine(line.unit, 3, taken=n in taken) for n, line in quizzes.items()}
        progress = Progress(done=frozenset(done))
        steps = steps_of(lessons=lessons, exercises=now_cards, quizzes=now_quizzes, progress=progress)
        step = next_step(steps=steps, last_read=last_read)
        if step is None:
            break
        assert not step.done
        if step.lesson_id is not None:
            assert written[step.lesson_id - 1]
            done.add(step.lesson_id)
            last_read = step.lesson_id
        elif step.kind == StepKind.QUIZ:
            taken.add(step.unit.number)
        else:
            passed.add(step.title)
    assert {lesson.pk for lesson in lessons if lesson.written} <= done
    assert passed == {card.slug for card in cards}
    assert set(quizzes) <= taken


def test_the_end_quiz_comes_after_all_else_of_its_unit():
    lessons, cards = a_course([True, True, True, True], [(1, False)])
    quizzes = {1: QuizLine(lessons[0].section.unit, 3)}
    steps = steps_of(lessons=lessons, exercises=cards, quizzes=quizzes, progress=Progress())
    assert [step.kind for step in steps] == ["lesson", "lesson", "exercise", "quiz", "lesson", "lesson"]
    assert steps[3].url == "/courses/c/units/1/quiz/"


def test_an_exercise_left_behind_does_not_hold_up_who_has_gone_on():
    lessons, cards = a_course([True, True, True], [(0, False)])
    progress = Progress(done=frozenset({1, 2}))
    steps = steps_of(lessons=lessons, exercises=cards, quizzes={}, progress=progress)
    assert next_step(steps=steps, last_read=1).title == "e0"
    assert next_step(steps=steps, last_read=2).lesson_id == 3
    progress = Progress(done=frozenset({1, 2, 3}))
    steps = steps_of(lessons=lessons, exercises=cards, quizzes={}, progress=progress)
    assert next_step(steps=steps, last_read=3).title == "e0"


def test_a_teacher_of_the_course_sees_her_own_progress_page(as_carla: Client, url: str):
    assert as_carla.get(url).status_code == 200
