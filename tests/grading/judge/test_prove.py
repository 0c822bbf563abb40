"""An exercise that proves itself, and one mistake of each kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grading.judge import GroupSpec, JobLimits
from grading.judge.prove import ExerciseSource, Misconception, prove

pytestmark = pytest.mark.wall

GRADER = """from grading.judge.author import *
@group("ejemplos")
def examples(attempt): attempt.close(attempt.call("f", 3.0, returns=Float()), 6.0, hint="factor")
@group("negativos")
def negatives(attempt):
    x = -attempt.rng.uniform(1, 2)
    attempt.close(attempt.call("f", x, returns=Float()), 2 * x, hint="signo")
"""
WRONG = {
    "triple.py": '"""Triplica.\n\nfails: ejemplos, negativos\nhint: factor, signo\n"""\n'
    "def f(x): return 3 * x\n",
    "absoluto.py": '"""Pierde el signo.\n\nfails: negativos\nhint: signo\n"""\ndef f(x): return abs(2 * x)\n',
    "cero.py": '"""Corta en cero.\n\nfails: negativos\nhint: signo\n"""\ndef f(x): return max(2 * x, 0.0)\n',
}
GROUPS = (
    GroupSpec("ejemplos", "Ejemplos", 10, visible=True, hints={"factor": "…"}),
    GroupSpec("negativos", "Negativos", 20, hints={"signo": "…"}),
)


@pytest.fixture
def exercise(tmp_path: Path) -> ExerciseSource:
    (tmp_path / "wrong").mkdir()
    files = {
        "exercise.md": "---\ngroups:\n  - slug: ejemplos\n  - slug: negativos\n---\n",
        "grader.py": GRADER,
        "solution.py": "def f(x):\n    return 2 * x\n",
        "starter.py": "def f(x):\n    ...\n",
    } | {f"wrong/{name}": text for name, text in WRONG.items()}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return ExerciseSource.read(
        tmp_path, groups=GROUPS, functions=("f(x)",), runtime="numpy", limits=JobLimits(seconds=2)
    )


@pytest.fixture
def problems(backend, numpy_runtime):
    def run(exercise: ExerciseSource) -> list[str]:
        found = prove(exercise, backend, {"numpy": numpy_runtime}, seeds=(1, 2), solution_seeds=(1, 2))
        return [str(problem).removeprefix(f"{exercise.folder}/") for problem in found]

    return run


def with_wrong(exercise: ExerciseSource, name: str, text: str) -> ExerciseSource:
    return replace(exercise, wrong={**exercise.wrong, exercise.folder / "wrong" / name: text})


def test_a_sound_exercise_has_no_problem(exercise, problems):
    assert problems(exercise) == []


def test_a_solution_that_fails_is_told_with_its_group(exercise, problems):
    (problem,) = problems(replace(exercise, solution="def f(x): return abs(2 * x)\n"))
    assert problem.startswith('solution.py: the solution gets 33.3333 of 100 with seed 1. "negativos" wrong')


def test_a_starter_that_already_passes_is_told(exercise, problems):
    (problem,) = problems(replace(exercise, starter=exercise.solution))
    assert problem == "starter.py: the starter already gets 100 of 100 with seed 1"


def test_a_wrong_solution_that_passes_is_told_at_its_claim(exercise, problems):
    text = '"""Nada mal.\n\nfails: negativos\nhint: signo\n"""\ndef f(x): return 2 * x\n'
    assert problems(with_wrong(exercise, "cero.py", text)) == [
        "wrong/cero.py:3: does not fail negativos, with seed 1"
    ]


def test_a_wrong_solution_that_fails_more_than_it_names_is_told(exercise, problems):
    text = '"""Triplica.\n\nfails: negativos\nhint: signo\n"""\ndef f(x): return 3 * x\n'
    (problem,) = problems(with_wrong(exercise, "triple.py", text))
    assert problem.startswith("wrong/triple.py:3: fails ejemplos (wrong: ")


def test_a_hint_that_is_named_and_not_brought_is_told(exercise, problems):
    text = '"""Pierde el signo.\n\nfails: negativos\nhint: factor\n"""\ndef f(x): return abs(2 * x)\n'
    assert problems(with_wrong(exercise, "absoluto.py", text)) == [
        'wrong/absoluto.py:4: does not bring the hint "factor" that it names',
        'wrong/absoluto.py:4: brings the hint "signo", which it does not name',
    ]


def test_a_hint_of_the_graders_that_exercise_md_lacks_is_told(exercise, problems):
    groups = (GROUPS[0], replace(GROUPS[1], hints={}))
    found = problems(replace(exercise, groups=groups))
    assert 'grader.py: gives "negativos" the hint "signo", which exercise.md does not have there' in found


def test_a_hidden_group_that_no_wrong_solution_fails_is_told_where_it_stands(exercise, problems):
    text = '"""Triplica los positivos.\n\nfails: ejemplos\nhint: factor\n"""\n'
    text += "def f(x): return 3 * x if x > 0 else 2 * x\n"
    wrong = {exercise.folder / "wrong" / f"{i}.py": text for i in range(3)}
    assert problems(replace(exercise, wrong=wrong)) == [
        'exercise.md:4: no wrong solution fails group "negativos". Add one under wrong/, or drop the group.'
    ]


def test_two_wrong_solutions_are_too_few(exercise, problems):
    wrong = dict(list(exercise.wrong.items())[:2])
    assert problems(replace(exercise, wrong=wrong)) == [
        "wrong: 2 wrong solutions; ship at least 3, one a misconception"
    ]


def test_a_grader_that_does_not_load_is_told_with_its_line(exercise, problems):
    (problem,) = problems(replace(exercise, grader=GRADER + "def broken(:\n"))
    assert problem.startswith("grader.py:8: SyntaxError")


def test_a_grader_that_breaks_while_grading_is_told_with_its_line(exercise, problems):
    found = problems(replace(exercise, grader=GRADER.replace("2 * x,", "2 * y,")))
    assert found[0].startswith("grader.py:7: NameError")


def test_groups_of_the_grader_and_of_exercise_md_must_agree(exercise, problems):
    found = problems(replace(exercise, groups=(GROUPS[0], replace(GROUPS[1], slug="nuevos"))))
    assert found == [
        'grader.py: no function has @group("nuevos")',
        'grader.py:4: exercise.md has no group "negativos"',
    ]


def test_a_signature_that_is_none_is_told(exercise, problems):
    (problem,) = problems(replace(exercise, functions=("f(x",)))
    assert 'functions: "f(x" is not a signature' in problem


@pytest.mark.parametrize("text", ["def f(x): ...\n", '"""Solo palabras."""\n', "def f(:\n"])
def test_a_wrong_solution_that_does_not_say_what_it_gets_wrong_is_told(text):
    with pytest.raises(ValueError, match=r"docstring|parse"):
        Misconception.read(text)
