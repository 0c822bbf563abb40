"""Loading a course folder: all or nothing, again and again, and no student's work is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exercises.loading import load
from exercises.models import Draft, Exercise, ExerciseVersion
from lessons.content.context import Context
from lessons.content.maths import Maths
from lessons.content.mistakes import Mistakes
from lessons.loading import LoadRefused
from lessons.models import Answer, Course, Lesson, Page, Question, Section, Unit
from tests import factories
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace

pytestmark = pytest.mark.django_db
LESSON = "01-uno/1.1.1-velocidad.md"
STATEMENT = "01-uno/exercises/doble/exercise.md"


@pytest.fixture(scope="session")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maths") / "maths.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_course.make(tmp_path / "curso")


def everything() -> dict[str, object]:
    models = (Course, Page, Unit, Section, Lesson, Question, Exercise, ExerciseVersion)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def rows() -> tuple[dict[str, int], dict[str, int]]:
    lessons, questions = Lesson.objects.values_list("number", "pk"), Question.objects.values_list("key", "pk")
    return dict(lessons), dict(questions)


def test_a_course_is_loaded_whole(folder: Path, formulas: Path) -> None:
    loaded = load(folder, cache=formulas)
    assert loaded.mistakes == []
    course = Course.objects.get()
    assert (course.slug, course.title, str(course.updated)) == ("curso", "Curso de prueba", "2025-12-26")
    assert list(course.lessons.values_list("number", "written", "position")) == [
        ("1.1.1", True, 1),
        ("1.1.2", False, 2),
    ]
    assert list(course.pages.values_list("slug", "place", "written")) == [
        ("glosario", "end", True),
        ("objetivos", "front", True),
    ]
    assert list(Question.objects.values_list("key", "kind")) == [("cuanto", "numeric"), ("cual", "single")]
    exercise = course.exercises.get()
    assert exercise.current
    assert exercise.lesson
    assert (exercise.lesson.number, exercise.position, exercise.current.runtime) == ("1.1.1", 1, "numpy")
    groups = exercise.current.groups.all()
    assert [(group.slug, group.points, group.visible) for group in groups] == [
        ("ejemplos", 10, True),
        ("azar", 20, False),
    ]
    assert groups[1].hints == {"suma": "Parece que sumas."}
    assert "<math" in exercise.current.statement


def test_loading_again_changes_nothing(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    before = everything()
    assert load(folder, cache=formulas).unchanged
    forced = load(folder, cache=formulas, force=True)
    assert not forced.unchanged
    assert everything() == before


def test_an_unchanged_course_is_not_read(
    folder: Path, formulas: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    load(folder, cache=formulas)
    monkeypatch.setattr("lessons.content.course.read", lambda *_, **__: pytest.fail("read again"))
    with django_assert_num_queries(1):
        assert load(folder, cache=formulas).unchanged


def test_one_mistake_and_nothing_is_written(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    before = everything()
    replace(folder, LESSON, "Con **esto**.", "Otra cosa. [[nada]]")
    replace(folder, STATEMENT, "Devuelve $2x$.", "Devuelve $3x$.")
    loaded = load(folder, cache=formulas)
    assert [mistake.path for mistake in loaded.mistakes] == [LESSON]
    assert everything() == before


def test_a_fault_half_way_leaves_nothing_behind(
    folder: Path, formulas: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(folder, cache=formulas)
    before = everything()
    replace(folder, LESSON, "Con **esto**.", "Otra cosa.")
    monkeypatch.setattr("lessons.loading.mark_loaded", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(folder, cache=formulas)
    assert everything() == before


def test_an_edit_keeps_rows_and_answers(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    keys = rows()
    question = Question.objects.get(key="cual")
    Answer.objects.create(student=factories.make_user("eva"), question=question, response={}, correct=True)
    replace(folder, LESSON, "prompt: ¿Cuál?", "prompt: ¿Cuál de ellas?")
    replace(folder, LESSON, "Con **esto**.", "Otra cosa.")
    load(folder, cache=formulas)
    assert (
        dict(Lesson.objects.values_list("number", "pk")),
        dict(Question.objects.values_list("key", "pk")),
    ) == keys
    question.refresh_from_db()
    assert question.prompt == "<p>¿Cuál de ellas?</p>"
    assert question.answers.count() == 1


def test_a_question_that_left_is_retired_and_comes_back(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    key = Question.objects.get(key="cual").pk
    replace(folder, LESSON, "- key: cual\n", "- key: otra\n")
    load(folder, cache=formulas)
    assert dict(Question.objects.values_list("key", "retired")) == {
        "cuanto": False,
        "otra": False,
        "cual": True,
    }
    replace(folder, LESSON, "- key: otra\n", "- key: cual\n")
    load(folder, cache=formulas)
    assert Question.objects.get(key="cual", retired=False).pk == key


def test_a_lesson_that_is_taken_back_is_announced_again(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    (folder / LESSON).unlink()
    load(folder, cache=formulas)
    lesson = Lesson.objects.get(number="1.1.1")
    assert (lesson.written, lesson.html) == (False, "")
    assert not lesson.questions.filter(retired=False).exists()


def test_a_version_is_made_only_when_what_is_graded_changes(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    first = Exercise.objects.get().current
    replace(folder, LESSON, "Con **esto**.", "Otra cosa.")
    replace(folder, "01-uno/exercises/doble/solution.py", "2 * x", "x + x")
    load(folder, cache=formulas)
    assert Exercise.objects.get().current == first
    replace(folder, "01-uno/exercises/doble/grader.py", "size=3", "size=4")
    load(folder, cache=formulas)
    second = Exercise.objects.get().current
    assert second != first
    assert ExerciseVersion.objects.count() == 2
    replace(folder, "01-uno/exercises/doble/grader.py", "size=4", "size=3")
    load(folder, cache=formulas)
    assert Exercise.objects.get().current == first


def test_an_exercise_that_left_is_retired_with_its_drafts(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    exercise = Exercise.objects.get()
    Draft.objects.create(student=factories.make_user("eva"), exercise=exercise, source="x")
    shutil.move(folder / "01-uno/exercises/doble", folder.parent / "aparte")
    load(folder, cache=formulas)
    exercise.refresh_from_db()
    assert exercise.retired
    assert exercise.drafts.count() == 1
    shutil.move(folder.parent / "aparte", folder / "01-uno/exercises/doble")
    load(folder, cache=formulas)
    exercise.refresh_from_db()
    assert not exercise.retired


def test_a_lesson_with_answers_cannot_leave_the_outline(folder: Path, formulas: Path) -> None:
    load(folder, cache=formulas)
    question = Question.objects.get(key="cual")
    Answer.objects.create(student=factories.make_user("eva"), question=question, response={}, correct=True)
    replace(
        folder, "outline.yaml", "          - {number: 1.1.2, slug: estabilidad, title: Estabilidad}\n", ""
    )
    replace(folder, "01-uno/unit.md", "[1.1.1, 1.1.2]", "[1.1.1]")
    replace(folder, LESSON, "[la otra](leccion:1.1.2)", "la otra")
    load(folder, cache=formulas)
    assert Lesson.objects.count() == 1
    small_course.make(folder)
    load(folder, cache=formulas)
    Lesson.objects.filter(number="1.1.1").update(number="1.1.9")
    with pytest.raises(LoadRefused, match=r"lesson 1\.1\.9 has left the outline"):
        load(folder, cache=formulas, force=True)


def test_the_addresses_in_the_text_are_the_site_s() -> None:
    context = Context("curso", Mistakes(), Maths({}, None))
    assert context.lesson_url("1.1.2") == reverse("lessons:lesson", args=["curso", "1.1.2"])
    assert context.page_url("glosario") == reverse("lessons:page", args=["curso", "glosario"])
    assert context.exercise_url("doble") == reverse("exercises:exercise", args=["curso", "doble"])


def test_the_command_tells_mistakes_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = replace(folder, LESSON, "[[paso]]", "[[nada]]")
    with pytest.raises(CommandError, match="1 mistakes; nothing of that course was written"):
        call_command("loadcourse", folder=folder.parent)
    assert f"{folder / LESSON}:{line}: the glossary has no 'nada'" in capsys.readouterr().err
    assert not Course.objects.exists()


def test_the_command_says_what_it_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("loadcourse", folder=folder.parent)
    assert "curso: loaded" in capsys.readouterr().out
    call_command("loadcourse", "curso", folder=folder.parent)
    assert "curso: unchanged" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no course nada in"):
        call_command("loadcourse", "nada", folder=folder.parent)
