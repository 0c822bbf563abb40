"""The switches of the mutation run: they fit the wall as it is, and only a test's worker can use them."""

import re
import subprocess
from pathlib import Path

import pytest

from grading.sandbox import zygotes

from . import mutating, mutations

ROOT = Path(__file__).parents[2]
REPORT = """<testsuites><testsuite>
<testcase name="test_22_the_network[root-tcp]">
 <failure message="tests.security.conftest.Untold: {}">x</failure></testcase>
<testcase name="test_30_kill[root-30 the group]"><failure message="AssertionError">x</failure></testcase>
<testcase name="test_42_left[root]"><error message="AssertionError: processes">x</error></testcase>
<testcase name="test_43_daemon[root]"/>
<testcase name="test_44_timer[user]"><skipped message="not asked"/></testcase>
</testsuite></testsuites>"""
CLOSED = """<testsuites><testsuite><testcase name="test_22_x[root]">
<error message="AssertionError: WallFault: wall: scratch (errno 1): a tmpfs could not be mounted">x</error>
</testcase></testsuite></testsuites>"""


@pytest.mark.parametrize("layer", mutations.MUTATIONS)
def test_each_switch_finds_the_lines_that_it_changes(layer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = zygotes.INSIDE
    monkeypatch.setattr(zygotes, "INSIDE", whole)
    (mutation,) = mutations.apply([layer])
    changed = [p.name for p in whole.glob("*.py") if (zygotes.INSIDE / p.name).read_text() != p.read_text()]
    assert sorted(changed) == sorted({file for file, _, _ in mutation.changes})
    for file in changed:
        compile((zygotes.INSIDE / file).read_text(), file, "exec")
    assert changed or mutation.metering


def test_a_wall_that_was_rewritten_is_not_taken_for_a_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = mutations.Mutation("gone", (("steps.py", "no such line", ""),))
    monkeypatch.setattr(zygotes, "INSIDE", zygotes.INSIDE)
    monkeypatch.setitem(mutations.MUTATIONS, "gone", broken)
    with pytest.raises(ValueError, match="0 times 'no such line'"):
        mutations.apply(["gone"])


def test_every_step_of_the_wall_has_its_switch() -> None:
    steps = re.findall(
        r"\n    (\w+),", (zygotes.INSIDE / "steps.py").read_text().partition("STEPS:")[2].partition(")")[0]
    )
    switched = {there.strip(" ,\n") for one in mutations.MUTATIONS.values() for _, there, _ in one.changes}
    names_of_others = {
        "own_namespaces",
        "scratch",
    }  # the namespaces one by one; the scratch is a mount of one
    assert set(steps) - switched <= names_of_others | {"only_descriptors"}
    assert "only_descriptors" in mutations.MUTATIONS


def test_nothing_of_the_product_knows_of_the_switches() -> None:
    words = [
        "git",
        "grep",
        "-l",
        "mutation",
        "--",
        "grading/sandbox",
        "coursesite",
        "deploy",
        "docker-compose.yml",
    ]
    assert subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout == ""


def test_what_got_through_is_told_from_what_was_only_not_told(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    outcome = mutating.Outcome("seccomp", "root")
    mutating.read(tmp_path / "report.xml", outcome)
    assert outcome.ran == 4
    assert (mutating.numbers(outcome.through), mutating.numbers(outcome.told)) == ("30, 42", "22")
    row = mutating.table([outcome]).splitlines()[-1]
    assert row == "| `seccomp` | root | 4 | 30, 42 | 22 |"


def test_a_wall_that_cannot_be_built_is_said_to_be_shut(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(CLOSED)
    outcome = mutating.Outcome("mount", "root")
    mutating.read(tmp_path / "report.xml", outcome)
    assert outcome.closed == "wall: scratch (errno 1): a tmpfs could not be mounted"
    assert outcome.through == []
