"""End quizzes and variants in the database: found again by key, and no answer loses what it answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from accounts.models import User
from lessons.content import course as content
from lessons.loading import LoadRefused, store_lessons
from lessons.models import Answer, Course, Question, QuizTry
from tests import factories
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace, write

pytestmark = pytest.mark.django_db
QUIZ = "01-uno/quiz.md"


@pytest.fixture(scope="session")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maths") / "maths.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = small_course.make(tmp_path / "curso")
    small_course.end_quiz(root)
    return root


@pytest.fixture
def load(folder: Path, formulas: Path):
    def store() -> Course:
        reading = content.read(folder, cache=formulas)
        assert reading.mistakes == []
        with transaction.atomic():
            return store_lessons(reading.course)[0]

    return store


def varying() -> Question:
    return Question.objects.get(key="cuantos-pasos")


def answer(variant: int) -> Answer:
    person: User = factories.make_user(f"alguien{variant}")
    return Answer.objects.create(
        student=person, question=varying(), variant=variant, response={}, correct=True
    )


def test_the_questions_of_an_end_quiz_have_a_unit_and_no_lesson(load) -> None:
    course = load()
    questions = Question.objects.filter(unit__course=course, lesson__isnull=True).order_by("position")
    assert [(q.key, q.kind, len(q.variants)) for q in questions] == [
        ("cuantos-pasos", "numeric", 5),
        ("cual-crece", "single", 0),
    ]
    assert "<math" in varying().variants[0]["prompt"]


def test_loading_again_touches_nothing(load, folder: Path, formulas: Path) -> None:
    load()
    before = list(Question.objects.order_by("pk").values())
    with transaction.atomic():
        _course, touched = store_lessons(content.read(folder, cache=formulas).course)
    assert not touched
    assert list(Question.objects.order_by("pk").values()) == before


def test_a_question_that_leaves_is_retired_with_its_answers_and_comes_back(load, folder: Path) -> None:
    load()
    given = answer(2)
    text = (folder / QUIZ).read_text(encoding="utf-8")
    replace(folder, QUIZ, "key: cuantos-pasos", "key: otra")
    load()
    assert varying().retired
    assert varying().answers.get() == given
    write(folder, QUIZ, text)
    load()
    assert not varying().retired
    assert Question.objects.get(key="otra").retired


def test_without_its_file_all_of_the_quiz_is_retired(load, folder: Path) -> None:
    load()
    (folder / QUIZ).unlink()
    load()
    assert set(Question.objects.filter(lesson__isnull=True).values_list("retired", flat=True)) == {True}


def test_an_answer_still_points_at_the_numbers_that_were_asked(load, folder: Path) -> None:
    load()
    asked = varying().variants[3]["prompt"]
    answer(3)
    replace(folder, QUIZ, "[10, 50, 100]", "[20, 40, 80]")
    load()
    variants = varying().variants
    assert variants[3]["prompt"] == asked
    assert variants[3]["gone"]
    alive = [one for one in variants if not one.get("gone")]
    assert len(alive) == 6
    assert not any(">10<" in one["prompt"] for one in alive)


def test_variants_that_nobody_answered_make_room(load, folder: Path) -> None:
    load()
    replace(folder, QUIZ, "[10, 50, 100]", "[20, 40, 80]")
    load()
    assert [one.get("gone", False) for one in varying().variants] == [False] * 6


def test_a_mended_answer_reaches_the_variant_where_it_stands(load, folder: Path) -> None:
    load()
    answer(1)
    before = [one["prompt"] for one in varying().variants]
    replace(folder, QUIZ, "rtol: 0.02", "rtol: 0.05")
    load()
    after = varying()
    assert [one["prompt"] for one in after.variants] == before
    assert after.variants[1]["answer"]["tolerance"] == pytest.approx(
        0.05 * after.variants[1]["answer"]["value"]
    )


def test_variants_that_come_back_are_no_longer_gone(load, folder: Path) -> None:
    load()
    answer(3)
    before = varying().variants
    replace(folder, QUIZ, "[10, 50, 100]", "[20, 40, 80]")
    load()
    replace(folder, QUIZ, "[20, 40, 80]", "[10, 50, 100]")
    load()
    assert varying().variants[3] == before[3]
    assert len([one for one in varying().variants if not one.get("gone")]) == 5


def test_a_unit_whose_end_quiz_was_taken_cannot_leave_the_outline(load, folder: Path) -> None:
    course = load()
    person = factories.make_user("ana")
    QuizTry.objects.create(student=person, unit=course.units.get(), number=1, seed=1)
    course.lessons.all().delete()
    for path in folder.glob("01-uno/*.md"):
        path.unlink()
    text = (folder / "outline.yaml").read_text(encoding="utf-8")
    write(folder, "outline.yaml", text.replace("number: 1\n", "number: 2\n"))
    with pytest.raises(LoadRefused, match="unit 1 has left the outline"):
        load_whatever(folder)
    assert QuizTry.objects.exists()


def load_whatever(folder: Path) -> None:
    reading = content.read(folder)
    with transaction.atomic():
        store_lessons(reading.course)
