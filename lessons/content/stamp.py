"""Hashes that tie a figure to its script and its data. Both sides use it: only the standard library.

They are of what a script says, not of how it is written: comments, docstrings and line breaks change none.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

LENGTH = 16  # hex digits
PART = re.compile(rb"^\s*(?:from|import)\s+(_\w+)", re.MULTILINE)
DRAWS = "draw"


def part_folders(script: Path) -> tuple[Path, Path]:
    """Where a script's `_part.py` files lie: beside it, or in the `figures/` of the whole course."""
    return script.parent, script.parents[2] / "figures"


def of_script(script: Path) -> str:
    """Hash of the script and of the parts that it imports, directly or not."""
    return _hash(script, skipping="")


def of_computing(script: Path) -> str:
    """The same without the script's function `draw`: as long as it stays, so do the data."""
    return _hash(script, skipping=DRAWS)


def of_data(content: bytes) -> str:
    """Hash of a figure's JSON as stored."""
    return hashlib.sha256(content).hexdigest()[:LENGTH]


def _hash(script: Path, *, skipping: str) -> str:
    digest, seen, waiting = hashlib.sha256(), set(), [script]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        source = path.read_bytes()
        said = _said(source, skipping if path == script else "")
        digest.update(path.name.encode() + b"\0" + said.encode() + b"\0")
        waiting += sorted(filter(None, (_part(script, name.decode()) for name in PART.findall(source))))
    return digest.hexdigest()[:LENGTH]


def _part(script: Path, name: str) -> Path | None:
    found = (folder / f"{name}.py" for folder in part_folders(script))
    return next((path for path in found if path.is_file()), None)


@lru_cache(maxsize=512)  # the preview asks after each save, and units share their parts
def _said(source: bytes, skipping: str) -> str:
    """A line for each thing that the source says; the source itself where it is no Python."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError):
        return source.decode("utf-8", "replace")
    wanted = [
        statement
        for statement in module.body
        if not (skipping and isinstance(statement, ast.FunctionDef) and statement.name == skipping)
    ]
    return "\n".join(line for statement in wanted for line in _lines(statement))


def _lines(node: ast.AST, depth: int = 0) -> Iterator[str]:
    """The syntax tree as text that is the same in every version of Python: what is empty is left out."""
    yield f"{depth} {type(node).__name__}"
    for name, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                if not _is_docstring(item):
                    yield from _lines(item, depth + 1)
            elif item is not None:
                yield f"{depth} {name} {item!r}"


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and type(node.value.value) is str
    )
