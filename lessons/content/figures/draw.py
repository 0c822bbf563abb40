"""Runs an author's figure scripts: `python -m lessons.content.figures.draw SCRIPT… [--into FOLDER]`.

Answers with one line of JSON a script: `{"name", "seconds", "bytes"}` or `{"name", "error", "line"}`.
Run it only where the course's author is trusted: it executes the script.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import re
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any


def plain(value: Any) -> Any:
    """`value` with arrays as lists and numbers rounded to 7 significant digits; NaN and inf are None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.7g}") if math.isfinite(value) else None
    return value


def as_json(data: dict[str, Any]) -> str:
    """Readable in a diff: one key a line, a list of numbers on one line."""
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    return re.sub(r"\[\s+([^\[\]{}\"]*?)\s+\]", lambda m: "[" + " ".join(m[1].split()) + "]", text) + "\n"


def run(script: Path, into: Path, *, compute: bool = True) -> dict[str, Any]:
    """Compute and draw one figure into its JSON, its CSV and its two SVG files.

    Without `compute` it is drawn again from its stored data, as when the look of all figures changed.
    """
    from .. import stamp
    from . import style
    from .canvas import NARROW, WIDE, Canvas
    from .svg import shrink
    from .tables import as_csv

    style.use(salt=script.stem)
    started, name = time.monotonic(), script.stem
    folders = [str(folder) for folder in stamp.part_folders(script)]
    sys.path[:0] = folders
    spec = importlib.util.spec_from_file_location(f"figure_{name.replace('-', '_')}", script)
    if spec is None or spec.loader is None:
        raise ValueError(f"{script} is no Python file")
    module = importlib.util.module_from_spec(spec)
    stored = into / f"{name}.json"
    try:
        spec.loader.exec_module(module)
        if compute:
            stored.write_text(as_json(plain(module.compute())), encoding="utf-8")
    finally:
        for folder in folders:
            sys.path.remove(folder)
    text = stored.read_text(encoding="utf-8")
    data = json.loads(text)
    stamps = {
        "script": stamp.of_script(script),
        "computing": stamp.of_computing(script),
        "data": stamp.of_data(text.encode()),
    }
    size = len(text)
    for kind, width in (("wide", WIDE), ("narrow", NARROW)):
        canvas = Canvas(width)
        module.draw(data, canvas)
        with tempfile.TemporaryDirectory() as folder:
            raw = Path(folder) / "figure.svg"
            canvas.save(raw)
            drawn = shrink(raw.read_text(encoding="utf-8"), prefix=f"{name}-{kind}", stamps=stamps)
        (into / f"{name}.{kind}.svg").write_text(drawn, encoding="utf-8")
        size += len(drawn.encode())
        if kind == "wide":
            (into / f"{name}.csv").write_text(as_csv(canvas.tables), encoding="utf-8")
    return {"name": name, "seconds": round(time.monotonic() - started, 1), "bytes": size}


def main() -> None:
    """Draw the scripts named; their own prints go to stderr. Exits 1 if any failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--into", type=Path, help="write there instead of beside the script")
    parser.add_argument("--from-data", action="store_true", help="draw again from the stored data")
    asked = parser.parse_args()
    answers, sys.stdout = sys.stdout, sys.stderr
    failed = False
    for script in (path.resolve() for path in asked.scripts):
        try:
            answer = run(script, asked.into or script.parent, compute=not asked.from_data)
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(script)]
            at = frames[-1].lineno if frames else getattr(error, "lineno", None) or 1
            answer = {"name": script.stem, "error": f"{type(error).__name__}: {error}", "line": at}
            failed = True
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
