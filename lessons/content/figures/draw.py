"""Runs an author's figure scripts: `python -m lessons.content.figures.draw SCRIPT… [--into FOLDER]`.

Answers with one line of JSON a script: `{"name", "seconds", "bytes"}` or `{"name", "error", "line"}`.
Run it only where the course's author is trusted: it executes the script.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import json
import math
import re
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

CSV_ROWS = 400


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


def as_csv(tables: list[Any]) -> str:
    """The drawn series, long form: panel, series, x, y; a long series is thinned to 400 rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    paneled = any(table.panel for table in tables)
    writer.writerow([*(["panel"] if paneled else []), "serie", "x", "y"])
    for table in tables:
        stride = max(1, math.ceil(len(table.x) / CSV_ROWS))
        for x, y in zip(table.x[::stride], table.y[::stride], strict=True):
            writer.writerow([*([table.panel] if paneled else []), table.label, f"{x:.6g}", f"{y:.6g}"])
    return out.getvalue()


def run(script: Path, into: Path) -> dict[str, Any]:
    """Compute and draw one figure into its JSON, its CSV and its two SVG files."""
    from .. import stamp
    from . import style
    from .canvas import NARROW, WIDE, Canvas
    from .svg import shrink

    style.use(salt=script.stem)
    started, name = time.monotonic(), script.stem
    sys.path.insert(0, str(script.parent))
    spec = importlib.util.spec_from_file_location(f"figure_{name.replace('-', '_')}", script)
    if spec is None or spec.loader is None:
        raise ValueError(f"{script} is no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        data = plain(module.compute())
    finally:
        sys.path.remove(str(script.parent))
    text = as_json(data)
    stamps = {"script": stamp.of_script(script), "data": stamp.of_data(text.encode())}
    (into / f"{name}.json").write_text(text, encoding="utf-8")
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
    asked = parser.parse_args()
    answers, sys.stdout = sys.stdout, sys.stderr
    failed = False
    for script in (path.resolve() for path in asked.scripts):
        try:
            answer = run(script, asked.into or script.parent)
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
