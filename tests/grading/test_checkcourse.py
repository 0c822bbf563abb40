"""`checkcourse`: every mistake and every proof that fails, an exit code, and the counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lessons.content.sketch import sketch
from tests.lessons.content import small_course
from tests.lessons.content.small_course import promise_exercise, replace

LESSON = "01-uno/1.1.1-velocidad.md"
EXERCISE = "01-uno/exercises/doble"


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    monkeypatch.setattr("lessons.content.course.LABS", tmp_path / "labs")
    monkeypatch.setattr("lessons.content.status.LABS", tmp_path / "labs")
    (tmp_path / "labs/simetria").mkdir(parents=True)
    (tmp_path / "labs/simetria/index.ts").write_text("")
    return small_course.make(tmp_path / "curso")


def check(folder: Path, capsys: pytest.CaptureFixture[str], **options: object) -> list[str]:
    """The mistakes told, relative to the course."""
    try:
        call_command("checkcourse", folder.name, folder=folder.parent, **options)
        failed = False
    except CommandError:
        failed = True
    told = [line.removeprefix(f"{folder}/") for line in capsys.readouterr().err.splitlines()]
    assert failed == bool(told), told
    return told


def test_a_good_course_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(folder, capsys, no_prove=True) == []


def test_mistakes_are_told_with_file_and_line_and_the_exit_code_is_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = replace(folder, "01-uno/1.1.1-velocidad.md", "leccion:1.1.2", "leccion:2.1.2")
    told = check(folder, capsys, no_prove=True)
    assert [mistake.split(": ")[0] for mistake in told] == [f"01-uno/1.1.1-velocidad.md:{line}"]


def test_the_counts_are_those_of_the_outline(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("checkcourse", folder=folder.parent, status=True, json=True)
    counted = json.loads(capsys.readouterr().out)
    assert counted["lessons"] == {"written": 1, "total": 2}
    assert counted["exercises"] == counted["labs"] == {"written": 1, "total": 1}
    assert counted["pages"] == {"written": 2, "total": 2}
    assert (counted["units"], counted["sections"], counted["questions"]) == (1, 1, 2)
    assert counted["words"] > 30
    call_command("checkcourse", folder=folder.parent, status=True)
    assert "lessons        1 of 2" in capsys.readouterr().out


@pytest.mark.wall
class TestProofs:
    def test_a_sound_exercise_and_what_a_page_prints_are_proved(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert check(folder, capsys) == []

    def test_a_sketched_exercise_is_proved_as_it_stands(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        promise_exercise(folder, "cuantos-pasos")
        sketch(folder, "cuantos-pasos")
        assert check(folder, capsys) == []

    @pytest.mark.parametrize(
        ("name", "old", "new", "message"),
        [
            (f"{EXERCISE}/solution.py", "2 * x", "3 * x", "the solution gets"),
            (f"{EXERCISE}/starter.py", "0.0", "2 * x", "the starter already gets 100"),
            (f"{EXERCISE}/wrong/cuadrado.py", "x * x", "x * 2", "does not fail azar"),
            (f"{EXERCISE}/wrong/siempre_cuatro.py", "return 4.0", "return 5.0", "fails ejemplos"),
            (f"{EXERCISE}/wrong/suma_dos.py", "return x + 2.0", "return 4.0", "does not bring the hint"),
            (f"{EXERCISE}/grader.py", "def azar", "def azar(", "grader.py"),
            (LESSON, "```salida\n3", "```salida\n4", "prints something else than its salida: '3'"),
            (LESSON, "print(1 + 2)", "print(1 / 0)", "the code does not run (exception)"),
        ],
    )  # fmt: skip
    def test_a_claim_that_fails_is_told_in_its_file(
        self, name: str, old: str, new: str, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        replace(folder, name, old, new)
        told = check(folder, capsys)
        assert any(mistake.startswith(f"{name}:") and message in mistake for mistake in told), told

    def test_what_was_proved_is_not_proved_again_until_it_changes(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert check(folder, capsys) == []
        call_command("checkcourse", folder=folder.parent)
        assert "proving" not in capsys.readouterr().out
        replace(folder, f"{EXERCISE}/solution.py", "2 * x", "3 * x")
        assert check(folder, capsys) != []

    def test_a_runtime_that_is_not_here_is_told_not_skipped(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        replace(folder, f"{EXERCISE}/exercise.md", "runtime: numpy", "runtime: fortran")
        assert any(
            "not proved: no runtime is called 'fortran'" in mistake for mistake in check(folder, capsys)
        )
