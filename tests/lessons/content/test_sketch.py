"""What `manage.py sketch` begins is valid as it stands, and nothing that exists is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.content import course as content
from lessons.content import drawings
from lessons.content.sketch import NoSketch, sketch
from tests.lessons.content.small_course import promise_exercise, write
from tests.lessons.content.test_figures import needs_author


@needs_author
def test_a_sketched_lesson_has_no_mistake_once_its_figure_is_drawn(folder: Path, formulas: Path) -> None:
    made = sketch(folder, "1.1.2")
    assert [path.suffix for path in made] == [".md", ".py"]
    (drawn,) = drawings.draw([made[1]])
    assert drawn.error == ""
    reading = content.read(folder, cache=formulas, drafts=True)
    assert reading.mistakes == []
    assert drawings.is_current(made[1])
    lesson = next(one for one in reading.course.lessons if one.number == "1.1.2")
    assert "hacen falta 66 pasos" in lesson.html
    assert [question.key for question in lesson.questions] == ["cuantos-pasos", "que-pasa-con-dos"]


def test_a_sketched_exercise_has_no_mistake(folder: Path, formulas: Path) -> None:
    promise_exercise(folder, "cuantos-pasos")
    sketch(folder, "cuantos-pasos")
    reading = content.read(folder, cache=formulas)
    assert reading.mistakes == []
    assert {one.slug: one.title for one in reading.course.exercises}["cuantos-pasos"] == "Cuantos pasos"


def test_what_exists_and_what_is_not_promised_is_refused(folder: Path) -> None:
    before = (folder / "01-uno/1.1.1-velocidad.md").read_bytes()
    with pytest.raises(NoSketch, match=r"1\.1\.1-velocidad\.md exists; nothing was written"):
        sketch(folder, "1.1.1")
    assert (folder / "01-uno/1.1.1-velocidad.md").read_bytes() == before
    with pytest.raises(NoSketch, match=r"promises no lesson or exercise '9\.9\.9'"):
        sketch(folder, "9.9.9")
    with pytest.raises(NoSketch, match="exists"):
        sketch(folder, "doble")


def test_a_figure_that_has_the_name_already_is_not_written_over(folder: Path) -> None:
    write(folder, "01-uno/figures/estabilidad-pasos.py", "mine = True\n")
    with pytest.raises(NoSketch, match=r"estabilidad-pasos\.py exists; nothing was written"):
        sketch(folder, "1.1.2")
    assert not (folder / "01-uno/1.1.2-estabilidad.md").exists()
    assert (folder / "01-uno/figures/estabilidad-pasos.py").read_text() == "mine = True\n"


def test_the_command_names_its_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sketch", "1.1.2", folder=folder)
    assert "1.1.2-" in capsys.readouterr().out
    with pytest.raises(CommandError, match="exists"):
        call_command("sketch", "1.1.2", folder=folder)
