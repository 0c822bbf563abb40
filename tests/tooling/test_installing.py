"""Which runtimes `./dev up` installs beside the open site."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling import environments, installing

EXERCISE = "---\ntitle: Entrena\nruntime: tensorflow\n---\n"
CODE = ":::codigo\nruntime: torch\n```python\nprint(1)\n```\n:::\n"


@pytest.fixture
def courses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(installing, "COURSES", tmp_path)
    monkeypatch.setattr(environments, "RUNTIMES", tmp_path / "none-installed")
    return tmp_path


def write(courses: Path, name: str, text: str) -> None:
    (courses / name).parent.mkdir(parents=True, exist_ok=True)
    (courses / name).write_text(text)


def test_a_heavy_runtime_that_no_course_names_is_left_alone(courses: Path) -> None:
    write(courses, "curso/1.md", "El runtime: tensorflow se explica en prosa.\n")
    assert installing.beside() == ["torch"]


def test_one_that_an_exercise_names_is_installed(courses: Path) -> None:
    write(courses, "curso/01/exercises/entrena/exercise.md", EXERCISE)
    assert installing.beside() == ["torch", "tensorflow"]


def test_code_on_a_page_names_one_too_and_an_unknown_name_is_nobodys(courses: Path) -> None:
    write(courses, "curso/1.md", CODE + "runtime: fortran\n")
    assert installing.named_by_courses() == {"torch"}


def test_no_course_makes_a_machine_install_what_is_for_gpus(courses: Path) -> None:
    write(courses, "curso/01/exercises/entrena/exercise.md", EXERCISE.replace("tensorflow", "torch-gpu"))
    assert installing.beside() == ["torch"]
    assert installing.named_by_courses() == set()


def test_who_asks_gets_the_build_for_the_gpu_in_an_environment_of_its_own() -> None:
    gpu, cpu = environments.runtime("torch-gpu"), environments.runtime("torch")
    assert gpu.folder != cpu.folder
    assert gpu.wanted() != cpu.wanted()
    assert environments.offers()["torch-gpu"].build == "auto"
