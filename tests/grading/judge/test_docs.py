"""docs/graders.md against the code: nothing undocumented, and its worked example holds."""

from __future__ import annotations

import re

import pytest

from grading.judge import GroupSpec, author
from grading.judge.author import Attempt
from grading.judge.report import JobLimits
from grading.judge.verdicts import Verdict

from .conftest import ROOT

TEXT = (ROOT / "docs" / "graders.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted({*author.__all__} - {"Contract", "Oracle"}))
def test_every_name_that_an_author_may_import_is_in_the_guide(name):
    assert re.search(rf"`?\b{name}\b", TEXT)


@pytest.mark.parametrize("name", [n for n in dir(Attempt) if not n.startswith("_")])
def test_every_method_of_an_attempt_is_in_the_guide(name):
    assert f"attempt.{name}" in TEXT


def test_every_verdict_and_limit_is_in_the_guide():
    for word in [*Verdict, *JobLimits.__dataclass_fields__]:
        assert word in TEXT


@pytest.mark.wall
def test_the_worked_example_holds(judge_all):
    grader, solution, wrong = re.findall(r"```python\n(.*?)```", TEXT, re.S)[:3]
    groups = (
        GroupSpec("cuenco", "Un cuenco redondo", 10, visible=True),
        GroupSpec("valle", "Un valle estrecho", 30, requires=("cuenco",)),
    )
    for seed in (1, 2, 3):
        assert judge_all(grader, solution, *groups, functions=("baja(f, x)",), seed=seed).score == 100
        report = judge_all(grader, wrong, *groups, functions=("baja(f, x)",), seed=seed)
        assert [g.verdict for g in report.groups] == [Verdict.PASSED, Verdict.DIVERGED]
        assert "crecía ×5 por paso" in report.groups[1].message
