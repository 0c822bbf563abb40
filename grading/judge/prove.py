"""Proves an exercise: that its tests tell a right solution from the wrong ones, each by its own fault.

Used by `manage.py checkcourse`. Everything runs inside the wall, as a student's submission would.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grading.sandbox import Backend, Runtime

from .graders import load
from .judging import grade
from .report import GroupSpec, Job, JobLimits, Report
from .signatures import Signature
from .stops import GraderFault
from .verdicts import Verdict

FEWEST_WRONG = 3
MOST_FOR_STARTER = 50.0
SEEDS = (1, 2, 3)
SOLUTION_SEEDS = range(1, 13)
"""More: where the solution fails with one seed in thirty, one student in thirty loses points to us."""


@dataclass(frozen=True)
class Problem:
    """A mistake in an exercise; `line` is None where the whole file is meant."""

    path: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


@dataclass(frozen=True)
class ExerciseSource:
    """An exercise as files, before anything is stored of it. `wrong` maps each path to its text."""

    folder: Path
    grader: str
    solution: str
    starter: str
    wrong: Mapping[Path, str]
    groups: tuple[GroupSpec, ...]
    functions: tuple[str, ...]
    runtime: str
    limits: JobLimits

    @classmethod
    def read(
        cls,
        folder: Path,
        *,
        groups: tuple[GroupSpec, ...],
        functions: tuple[str, ...],
        runtime: str,
        limits: JobLimits,
    ) -> ExerciseSource:
        """The Python files of `folder`, with what exercise.md says. A missing file raises OSError."""

        def text(name: str) -> str:
            return (folder / name).read_text(encoding="utf-8")

        wrong = {path: path.read_text(encoding="utf-8") for path in sorted((folder / "wrong").glob("*.py"))}
        return cls(
            folder, text("grader.py"), text("solution.py"), text("starter.py"), wrong,
            groups, functions, runtime, limits,
        )  # fmt: skip


@dataclass(frozen=True)
class Misconception:
    """What a wrong solution says of itself in its docstring.

    First line: the misconception in words. Then `fails: slug, slug` and `hint: key, key`: the groups
    that must fail, and no other, and the hints that they bring between them.
    """

    words: str
    fails: frozenset[str]
    hints: frozenset[str]

    @classmethod
    def read(cls, source: str) -> Misconception:
        """Raises ValueError, in words for the author."""
        try:
            docstring = ast.get_docstring(ast.parse(source)) or ""
        except SyntaxError as broken:
            raise ValueError(f"does not parse: {broken.msg}") from broken
        fields = {"fails": "", "hint": ""}
        for line in docstring.splitlines()[1:]:
            key, colon, value = line.partition(":")
            if colon and key.strip() in fields:
                fields[key.strip()] = value
        fails, hints = (
            frozenset(word.strip() for word in fields[key].split(",") if word.strip()) for key in fields
        )
        if not docstring.strip() or not fails:
            raise ValueError(
                'starts with a docstring: the misconception, then "fails: group" and "hint: key"'
            )
        return cls(docstring.splitlines()[0], fails, hints)


def prove(
    exercise: ExerciseSource,
    backend: Backend,
    runtimes: Mapping[str, Runtime],
    *,
    seeds: Sequence[int] = SEEDS,
    solution_seeds: Sequence[int] = SOLUTION_SEEDS,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Problem]:
    """Every mistake found. Raises WallFault only; `progress` hears the name of each file as it runs."""
    if exercise.runtime not in runtimes:
        return [_at(exercise, "runtime:", f'no runtime is called "{exercise.runtime}"')]
    proof = _Proof(exercise, backend, runtimes[exercise.runtime], seeds, progress)
    if problems := proof.statics():
        return problems
    proof.solution(solution_seeds)
    proof.starter()
    proof.wrong()
    return proof.problems


class _Proof:
    def __init__(
        self,
        exercise: ExerciseSource,
        backend: Backend,
        runtime: Runtime,
        seeds: Sequence[int],
        progress: Callable[[str], None],
    ) -> None:
        self.exercise, self.backend, self.seeds, self.progress = exercise, backend, seeds, progress
        self.problems: list[Problem] = []
        self.job = Job(
            grader=exercise.grader, source="", groups=exercise.groups, functions=exercise.functions,
            runtime=runtime, limits=exercise.limits, seed=0,
        )  # fmt: skip

    def statics(self) -> list[Problem]:
        """What can be said without running anything of a student's."""
        exercise, found = self.exercise, []
        slugs = [group.slug for group in exercise.groups]
        try:
            for text in exercise.functions:
                Signature.parse(text)
        except GraderFault as fault:
            found.append(_at(exercise, "functions:", str(fault)))
        try:
            graded = load(exercise.grader)
        except GraderFault as fault:
            return [*found, Problem(exercise.folder / "grader.py", fault.line, str(fault))]
        found += [
            Problem(exercise.folder / "grader.py", None, f'no function has @group("{slug}")')
            for slug in slugs
            if slug not in graded
        ]
        found += [
            Problem(
                exercise.folder / "grader.py",
                function.__code__.co_firstlineno,
                f'exercise.md has no group "{slug}"',
            )
            for slug, function in graded.items()
            if slug not in slugs
        ]
        for group in exercise.groups:
            before = slugs[: slugs.index(group.slug)]
            found += [
                _at(
                    exercise,
                    f"slug: {group.slug}",
                    f'"{group.slug}" requires "{needed}", which is not before it',
                )
                for needed in group.requires
                if needed not in before
            ]
        if not any(group.visible for group in exercise.groups):
            found.append(_at(exercise, "groups:", "no group is visible, so there is nothing to try"))
        if len(exercise.wrong) < FEWEST_WRONG:
            text = f"{len(exercise.wrong)} wrong solutions; ship at least {FEWEST_WRONG}, one a misconception"
            found.append(Problem(exercise.folder / "wrong", None, text))
        return found

    def solution(self, seeds: Sequence[int]) -> None:
        """Full marks, whatever the seed."""
        path = self.exercise.folder / "solution.py"
        for seed, report in self._grade(path, self.exercise.solution, seeds):
            failed = [g for g in report.groups if g.verdict != Verdict.PASSED]
            if failed or report.score < 100:
                said = "; ".join(f'"{g.slug}" {g.verdict}: {g.message}' for g in failed)
                self._add(path, f"the solution gets {report.score:g} of 100 with seed {seed}. {said}")
                return

    def starter(self) -> None:
        """Under half, or there is nothing to do."""
        path = self.exercise.folder / "starter.py"
        for seed, report in self._grade(path, self.exercise.starter, self.seeds):
            if report.score >= MOST_FOR_STARTER:
                self._add(path, f"the starter already gets {report.score:g} of 100 with seed {seed}")
                return

    def wrong(self) -> None:
        """Each fails exactly the groups it names and brings its hints; each hidden group is failed by one."""
        convicted: set[str] = set()
        for path, source in self.exercise.wrong.items():
            try:
                claim = Misconception.read(source)
            except ValueError as mistake:
                self._add(path, str(mistake))
                continue
            self._claim_is_possible(path, source, claim)
            brought: set[str] = set()
            for seed, report in self._grade(path, source, self.seeds):
                failed = {g.slug for g in report.groups if g.verdict not in (Verdict.PASSED, Verdict.NOT_RUN)}
                convicted |= failed
                brought |= {g.hint for g in report.groups if g.hint}
                if failed != claim.fails:
                    self._add(path, _difference(claim.fails, failed, report, seed), _line(source, "fails:"))
                    break
            else:
                self._check_hints(path, source, claim, brought)
        for group in self.exercise.groups:
            if not group.visible and group.slug not in convicted:
                text = (
                    f'no wrong solution fails group "{group.slug}". Add one under wrong/, or drop the group.'
                )
                self.problems.append(_at(self.exercise, f"slug: {group.slug}", text))

    def _claim_is_possible(self, path: Path, source: str, claim: Misconception) -> None:
        known = {group.slug for group in self.exercise.groups}
        for slug in sorted(claim.fails - known):
            self._add(path, f'names a group "{slug}" that exercise.md does not have', _line(source, "fails:"))
        hints = {key for group in self.exercise.groups for key in group.hints}
        for key in sorted(claim.hints - hints):
            self._add(path, f'names a hint "{key}" that no group has', _line(source, "hint:"))

    def _check_hints(self, path: Path, source: str, claim: Misconception, brought: set[str]) -> None:
        line = _line(source, "hint:")
        for key in sorted(claim.hints - brought):
            self._add(path, f'does not bring the hint "{key}" that it names', line)
        for key in sorted(brought - claim.hints):
            self._add(path, f'brings the hint "{key}", which it does not name', line)

    def _grade(self, path: Path, source: str, seeds: Sequence[int]) -> list[tuple[int, Report]]:
        self.progress(path.name)
        reports = []
        for seed in seeds:
            try:
                report = grade(replace(self.job, source=source, seed=seed), self.backend)
            except GraderFault as fault:
                text = f"{fault} (grading {path.name}, seed {seed})"
                self.problems.append(Problem(self.exercise.folder / "grader.py", fault.line, text))
                break
            hints = {group.slug: group.hints for group in self.exercise.groups}
            for group in report.groups:
                if group.hint and group.hint not in hints[group.slug]:
                    text = (
                        f'gives "{group.slug}" the hint "{group.hint}", which exercise.md does not have there'
                    )
                    self._add(self.exercise.folder / "grader.py", text)
            reports.append((seed, report))
        return reports

    def _add(self, path: Path, message: str, line: int | None = None) -> None:
        problem = Problem(path, line, message)
        if problem not in self.problems:
            self.problems.append(problem)


def _difference(named: frozenset[str], failed: set[str], report: Report, seed: int) -> str:
    said = []
    if missing := sorted(named - failed):
        said.append(f"does not fail {', '.join(missing)}")
    if extra := sorted(failed - named):
        why = {g.slug: f"{g.slug} ({g.verdict}: {g.message})" for g in report.groups}
        said.append(f"fails {', '.join(why[slug] for slug in extra)} too")
    return f"{' and '.join(said)}, with seed {seed}"


def _line(text: str, needle: str) -> int | None:
    return next((i for i, line in enumerate(text.splitlines(), 1) if needle in line), None)


def _at(exercise: ExerciseSource, needle: str, message: str) -> Problem:
    """A problem in exercise.md, at the line that has `needle` where there is one."""
    path = exercise.folder / "exercise.md"
    try:
        line = _line(path.read_text(encoding="utf-8"), needle)
    except OSError:
        line = None
    return Problem(path, line, message)
