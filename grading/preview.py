"""Shows a course while it is being written: draws, checks, loads and proves whatever was just saved.

One thread, one loop, for one author. What it last found lies in a file, where the site's pages read it
(`lessons.preview`): a page that hears of a newer load opens itself anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from exercises.loading import store
from grading.proofs import Proofs
from grading.sandbox import WallFault
from lessons import preview
from lessons.content import course as content
from lessons.content import drawings
from lessons.content.files import SKIPPED
from lessons.content.folders import shown_path
from lessons.content.mistakes import Mistake
from lessons.content.records import CourseRecord
from lessons.loading import LoadRefused

LOOK_SECONDS = 0.3
Snapshot = dict[Path, tuple[int, int]]


def snapshot(root: Path) -> Snapshot:
    """When each file of the folder was last written, and its size."""
    found = {}
    for path in root.rglob("*"):
        if SKIPPED.isdisjoint(path.parts) and path.is_file():
            told = path.stat()
            found[path] = (told.st_mtime_ns, told.st_size)
    return found


@dataclass
class Preview:
    """A course folder under an author's eyes. `say` hears each line for the terminal."""

    root: Path
    say: Callable[[str], None]
    seen: Snapshot = field(default_factory=dict)

    def run(self) -> None:
        """Show it, then again after each change, until the process is ended."""
        while True:
            if changed := self.changes():
                self.show(changed)
            time.sleep(LOOK_SECONDS)

    def changes(self) -> set[Path]:
        """What was written, made or deleted since the last call; waits until an editor is done with it."""
        now = snapshot(self.root)
        while (later := snapshot(self.root)) != now:
            now = later
            time.sleep(LOOK_SECONDS / 3)
        changed = {path for path, _ in now.items() ^ self.seen.items()}
        self.seen = now
        return changed

    def show(self, changed: set[Path]) -> None:
        """Draw, load and prove what `changed`; every mistake is told, on the terminal and on the pages."""
        started = time.monotonic()
        mistakes = list(self._draw())
        reading = content.read(self.root, cache=self._memory("maths.json"), strict=True, drafts=True)
        mistakes += reading.mistakes
        if is_loaded := self._load(reading, mistakes):
            took = time.monotonic() - started
            self.say(f"{self.root.name}: loaded ({took:.1f} s)")
        self._tell(mistakes, is_loaded=is_loaded, changed=changed, course=reading.course)
        if is_loaded and (proofs := list(self._prove(reading.course, changed))):
            self._tell([*mistakes, *proofs], is_loaded=False, changed=changed, course=reading.course)

    def _draw(self) -> Iterator[Mistake]:
        """Whatever figure is not that of its script."""
        for script in drawings.scripts(self.root):
            if drawings.is_current(script):
                continue
            self.say(f"drawing: {script.stem}")
            for drawn in drawings.draw([script]):
                if drawn.error:
                    yield Mistake(script.relative_to(self.root).as_posix(), drawn.line, drawn.error)
        self.seen = snapshot(self.root)

    def _load(self, reading: content.Reading, mistakes: list[Mistake]) -> bool:
        """Whether the site now shows the folder: what only a published course lacks does not hinder it."""
        if reading.mistakes:
            reading = content.read(self.root, cache=self._memory("maths.json"), drafts=True)
        if reading.mistakes:
            return False
        try:
            store(reading.course, f"preview {time.time_ns()}")
        except LoadRefused as refused:
            mistakes.append(Mistake("outline.yaml", 1, str(refused)))
            return False
        return True

    def _prove(self, course: CourseRecord, changed: set[Path]) -> Iterator[Mistake]:
        """The exercises and the printed code that were written just now; the first time all that is new."""
        names = {name for path in changed if (name := self._name(path))}
        proofs = Proofs(self._memory("proofs.json"), lambda name: self.say(f"proving: {name}"))
        try:
            if names:
                yield from proofs.course(course, self.root, names)
        except WallFault as fault:
            yield Mistake("course.md", 1, f"nothing is proved: {fault}")

    def _name(self, path: Path) -> str:
        """The exercise or the lesson that a file belongs to; empty for any other file."""
        parts = path.relative_to(self.root).parts
        if "exercises" in parts[:-1]:
            return parts[parts.index("exercises") + 1]
        return parts[-1].split("-")[0] if path.suffix == ".md" and parts[-1][0].isdigit() else ""

    def _tell(
        self, mistakes: list[Mistake], *, is_loaded: bool, changed: set[Path], course: CourseRecord
    ) -> None:
        """To the terminal and to the open pages."""
        lines = [shown_path(self.root, mistake) for mistake in mistakes]
        for line in lines:
            self.say(line)
        lesson = next(
            (one for one in course.lessons if any(path.name == Path(one.path).name for path in changed)), None
        )
        preview.tell(mistakes=lines, is_loaded=is_loaded, lesson=lesson.number if lesson else "")

    def _memory(self, name: str) -> Path:
        return settings.VAR_DIR / name
