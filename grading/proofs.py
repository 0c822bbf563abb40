"""Proves what a course claims by running it inside the wall: its exercises, and the code that pages print.

A proof that held is remembered by everything it hangs on, so only what changed is proved again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path

import django

from grading import gpus, wall
from grading.judge import grade
from grading.judge.prove import SOLUTION_SEEDS, ExerciseSource, Problem, prove
from grading.judge.report import GroupSpec, Job, JobLimits
from grading.judge.verdicts import Verdict
from grading.runtimes import OFFERS, is_ready, runtime_version
from grading.wall import runtime
from lessons.content.mistakes import Mistake
from lessons.content.records import CourseRecord, ExerciseRecord, Snippet

ROOT = Path(__file__).resolve().parent
SNIPPET_LIMITS = JobLimits(seconds=60, cpu_seconds=60, memory_mb=2048, output_kb=64)
PRINTS = """
from grading.judge.author import group

@group("salida")
def salida(attempt):
    return None
"""


class Proofs:
    """Remembers in `memory` (a file that may be missing) what was proved; `progress` hears what runs.

    `seeds`: with how many each solution must pass. `again`: prove also what was proved before.
    """

    def __init__(
        self,
        memory: Path,
        progress: Callable[[str], None] = lambda _: None,
        seeds: int = len(SOLUTION_SEEDS),
        *,
        again: bool = False,
    ) -> None:
        self.memory, self.progress, self.seeds, self.again = memory, progress, seeds, again
        self.held = self._read()

    def course(self, course: CourseRecord, root: Path, only: Collection[str] = ()) -> Iterator[Mistake]:
        """Every claim of the course that fails. Raises WallFault where there is no wall.

        `only`: exercises by slug and lessons by number, and nothing else; all if it names none.
        """
        asked = [one for one in course.exercises if not only or one.slug in only]
        yield from self._exercises(asked, root)
        for snippet in course.snippets:
            if not only or Path(snippet.path).name.split("-")[0] in only:
                yield from self._snippet(snippet)
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        self.memory.write_text(json.dumps(sorted(self.held)), encoding="utf-8")

    def _exercises(self, exercises: Sequence[ExerciseRecord], root: Path) -> Iterator[Mistake]:
        """One in this process; several side by side, for most of a proof is the judge's own computing."""
        due: dict[str, ExerciseRecord] = {}
        for exercise in exercises:
            if missing := _not_here(exercise.runtime):
                yield Mistake(f"{exercise.folder}/exercise.md", 1, f"not proved: {missing}")
                continue
            files = sorted((root / exercise.folder).rglob("*.py"))
            texts = (path.read_text("utf-8") for path in files)
            key = _key(exercise.runtime, exercise.content_hash, *texts)
            if self.again or key not in self.held:
                due[key] = exercise
        for key, problems in self._proved(due, root):
            if not problems:
                self.held.add(key)
            yield from (_mistake(problem, root) for problem in problems)

    def _proved(
        self, due: Mapping[str, ExerciseRecord], root: Path
    ) -> Iterator[tuple[str, Sequence[Problem]]]:
        """Key and problems of each, as it ends. Raises WallFault where there is no wall."""
        at_once = min(len(due), os.cpu_count() or 1)
        if at_once < 2:
            for key, exercise in due.items():
                yield key, prove_exercise(exercise, root, self.seeds, self.progress)
            return
        wall.backend()  # what keeps it from being built is told once, and here
        with ProcessPoolExecutor(at_once, get_context("spawn"), _begin) as pool:
            asked = {
                pool.submit(prove_exercise, exercise, root, self.seeds): (key, exercise.slug)
                for key, exercise in due.items()
            }
            for done in as_completed(asked):
                key, slug = asked[done]
                self.progress(slug)
                yield key, done.result()

    def _snippet(self, snippet: Snippet) -> Iterator[Mistake]:
        if missing := _not_here(snippet.runtime):
            yield Mistake(snippet.path, snippet.line, f"not run: {missing}")
            return
        key = _key(snippet.runtime, snippet.code, repr(snippet.output))
        if key in self.held and not self.again:
            return
        self.progress(f"{snippet.path} {snippet.name}")
        job = Job(
            grader=PRINTS,
            source=snippet.code,
            groups=(GroupSpec("salida", "Salida", 1, visible=True),),
            functions=(),
            runtime=runtime(snippet.runtime),
            limits=SNIPPET_LIMITS,
            seed=0,
        )
        with gpus.place(snippet.runtime, {}, holder="checkcourse") as backend:
            report = grade(job, backend)
        group = report.groups[0]
        if group.verdict != Verdict.PASSED:
            yield Mistake(
                snippet.path, snippet.line, f"the code does not run ({group.verdict}): {group.message}"
            )
        elif snippet.output is not None and _words(report.output) != _words(snippet.output):
            shown = report.output.strip()
            yield Mistake(
                snippet.path, snippet.line, f"the code prints something else than its salida: {shown!r}"
            )
        else:
            self.held.add(key)

    def _read(self) -> set[str]:
        try:
            return set(json.loads(self.memory.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return set()


def prove_exercise(
    exercise: ExerciseRecord, root: Path, seeds: int, progress: Callable[[str], None] = lambda _: None
) -> Sequence[Problem]:
    """What does not hold of one exercise. Raises WallFault where there is no wall."""
    source = ExerciseSource.read(
        root / exercise.folder,
        groups=tuple(
            GroupSpec(g.slug, g.title, g.points, g.visible, tuple(g.requires), g.hints)
            for g in exercise.groups
        ),
        functions=tuple(exercise.functions),
        runtime=exercise.runtime,
        limits=JobLimits.of(exercise.limits),
    )
    with gpus.place(exercise.runtime, exercise.limits, holder="checkcourse") as backend:
        return prove(
            source,
            backend,
            {exercise.runtime: runtime(exercise.runtime)},
            solution_seeds=range(1, seeds + 1),
            progress=lambda name: progress(f"{exercise.slug}/{name}"),
        )


def _begin() -> None:
    """A process that proves: Django is set up, and its wall ends with it."""
    django.setup()
    Finalize(None, wall.close, exitpriority=10)


def _not_here(name: str) -> str:
    if name not in OFFERS:
        return f"no runtime is called {name!r}; there are {', '.join(OFFERS)}"
    if OFFERS[name].needs_device and not gpus.in_use():
        return f"this machine has no GPU: {gpus.standing()[1] or 'every one is set aside'}"
    return "" if is_ready(name) else f"the runtime {name} is not installed here"


def _key(name: str, *texts: str) -> str:
    """Hash of what a proof hangs on: the texts, the runtime, the judge and the student's side."""
    digest = hashlib.sha256(json.dumps([name, runtime_version(name), *texts]).encode())
    for path in sorted([*(ROOT / "judge").glob("*.py"), *(ROOT / "student").glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _mistake(problem: Problem, root: Path) -> Mistake:
    return Mistake(problem.path.relative_to(root).as_posix(), problem.line or 1, problem.message)


def _words(text: str) -> list[str]:
    """Lines without the spaces at their ends: what a reader sees."""
    return [line.rstrip() for line in text.strip().splitlines()]
