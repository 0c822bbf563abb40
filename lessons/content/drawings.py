"""Figures from the site's side: finding scripts, having them drawn, and whether a drawing is current.

The site has no matplotlib: scripts run in the authors' environment, in a process of its own, and only
when somebody asks for it (`drawfigures`, `checkcourse --redraw`), never while a course is loaded.
"""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import stamp

ROOT = Path(__file__).resolve().parents[2]
STAMPS = re.compile(
    r'data-script="(?P<script>\w+)" data-computing="(?P<computing>\w+)" data-data="(?P<data>\w+)"'
)
REDRAWN = 1e-3  # relative; another BLAS rounds otherwise, and training carries that on
SUFFIXES = (".json", ".csv", ".wide.svg", ".narrow.svg")


class NoAuthorPython(Exception):
    """The authors' environment is not installed."""


@dataclass(frozen=True)
class Drawn:
    """What became of one script: its time and size, or its `error` at `line`."""

    script: Path
    computed: bool = True
    """False: only drawn, from the data that it had computed before."""
    seconds: float = 0.0
    size: int = 0
    error: str = ""
    line: int = 0


def scripts(folder: Path) -> list[Path]:
    """Every figure script under `folder`; a name that begins with `_` is a part of others."""
    found = [path for path in folder.rglob("figures/*.py") if not path.name.startswith("_")]
    return sorted(path for path in found if "exercises" not in path.relative_to(folder).parts)


def stale(script: Path) -> str:
    """Why what is stored is not what `script` draws, or "" if it is."""
    paths = {suffix: script.with_name(script.stem + suffix) for suffix in SUFFIXES}
    if missing := [path.name for path in paths.values() if not path.is_file()]:
        return f"{', '.join(missing)} not drawn yet"
    data, says = stamp.of_data(paths[".json"].read_bytes()), stamp.of_script(script)
    for suffix in (".wide.svg", ".narrow.svg"):
        stamps = _stamps(paths[suffix])
        if stamps.get("script") != says:
            return f"{paths[suffix].name} was drawn by another version of the script"
        if stamps["data"] != data:
            return f"{paths[suffix].name} was drawn from other data than {paths['.json'].name}"
    return ""


def has_its_data(script: Path) -> bool:
    """Whether the stored data are what the script would compute: nothing but its `draw` has changed."""
    data, drawing = script.with_suffix(".json"), script.with_name(f"{script.stem}.wide.svg")
    if not (data.is_file() and drawing.is_file()):
        return False
    stamps = _stamps(drawing)
    return stamps.get("computing") == stamp.of_computing(script) and stamps["data"] == stamp.of_data(
        data.read_bytes()
    )


def _stamps(drawing: Path) -> dict[str, str]:
    found = STAMPS.search(drawing.read_text(encoding="utf-8")[:2000])
    return found.groupdict() if found else {}


def is_current(script: Path) -> bool:
    """Whether the stored drawing and data are those of the script as it stands."""
    return not stale(script)


def author_python() -> Path:
    """The interpreter with matplotlib: `COURSESITE_AUTHOR_PYTHON`, else the one that ./dev makes."""
    path = Path(os.environ.get("COURSESITE_AUTHOR_PYTHON", ROOT / ".dev" / "author" / "bin" / "python"))
    if not path.is_file():
        raise NoAuthorPython(
            f"{path} does not exist: install requirements/author.txt in an environment "
            "of its own and name its python in COURSESITE_AUTHOR_PYTHON"
        )
    return path


def draw(chosen: Sequence[Path], *, into: Path | None = None, anew: bool = False) -> Iterator[Drawn]:
    """Run each script and yield as it ends; files go beside the script, or `into` a folder.

    Where nothing but the drawing changed, it is drawn from the data that are there, unless `anew` is wanted.
    Threads and hash seed are fixed, so that a figure comes out the same everywhere.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",  # leave nothing in the course folder but the figure
        "MPLCONFIGDIR": str(ROOT / ".dev" / "matplotlib"),
        **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")},
    }
    program = [str(author_python()), "-m", "lessons.content.figures.draw"]
    for script in chosen:
        computed = anew or into is not None or not has_its_data(script)
        ran = subprocess.run(
            [
                *program,
                str(script),
                "--into",
                str(into or script.parent),
                *([] if computed else ["--from-data"]),
            ],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
            check=False,
        )
        if not ran.stdout.strip():
            yield Drawn(script, error=f"the script ended its process (exit {ran.returncode})", line=1)
            continue
        answer = json.loads(ran.stdout)
        if "error" in answer:
            yield Drawn(script, computed, error=answer["error"], line=answer["line"])
        else:
            yield Drawn(script, computed, seconds=answer["seconds"], size=answer["bytes"])


def redraw(chosen: Sequence[Path]) -> Iterator[tuple[Path, int, str]]:
    """Compute and draw each script again, elsewhere; yields script, line and what differs ("" if nothing)."""
    with tempfile.TemporaryDirectory() as folder:
        for drawn in draw(chosen, into=Path(folder)):
            again = Path(folder) / f"{drawn.script.stem}.json"
            stored = drawn.script.with_suffix(".json")
            if drawn.error:
                yield drawn.script, drawn.line, drawn.error
            elif not stored.is_file():
                yield drawn.script, 1, f"{stored.name} not drawn yet"
            else:
                old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (stored, again))
                where = difference(old, new)
                yield drawn.script, 1, f"computed again, {where} comes out different" if where else ""


def difference(old: object, new: object, where: str = "the data") -> str:
    """Where two figures' data first part by more than rounding, or ""."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        pairs = [(f"{where}.{key}".removeprefix("the data."), old[key], new[key]) for key in old]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [
            (f"{where}.{index}", one, other) for index, (one, other) in enumerate(zip(old, new, strict=True))
        ]
    elif isinstance(old, int | float) and isinstance(new, int | float):
        return "" if math.isclose(old, new, rel_tol=REDRAWN, abs_tol=1e-9) else where
    else:
        return "" if old == new else where
    return next(filter(None, (difference(one, other, at) for at, one, other in pairs)), "")
