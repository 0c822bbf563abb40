"""Fingerprints of files, so that a second start does only what the first has not done."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .places import ROOT

PASSED_OVER = {"__pycache__", "node_modules", "dist"}


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A short hash of names and contents; a folder stands for every file below it."""
    digest = hashlib.blake2b("\0".join(more).encode(), digest_size=10)
    for path in sorted(set(paths)):
        for file in sorted(files_below(path)):
            digest.update(f"\0{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def files_below(path: Path) -> Iterator[Path]:
    """Every file at or below `path` that is a source and not something built."""
    if path.is_file():
        yield path
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name not in PASSED_OVER]
        yield from (Path(folder) / name for name in names)


class Stamps:
    """What was done last time, by name, in one small JSON file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, str]:
        """The marks; none where the file is missing or torn."""
        try:
            return dict(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def holds(self, name: str, mark: str) -> bool:
        """Whether `name` was last done for exactly this mark."""
        return self.read().get(name) == mark

    def write(self, **marks: str) -> None:
        """Remember `marks` beside those that are there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({**self.read(), **marks}, indent=1), encoding="utf-8")
        fresh.replace(self.path)
