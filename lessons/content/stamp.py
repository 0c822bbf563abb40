"""Hashes that tie a figure to its script and its data. Both sides use it: only the standard library."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

LENGTH = 16  # hex digits
PART = re.compile(rb"^\s*(?:from|import)\s+(_\w+)", re.MULTILINE)


def of_script(script: Path) -> str:
    """Hash of the script and of the `_part.py` files beside it that it imports, directly or not."""
    digest, seen, waiting = hashlib.sha256(), set(), [script]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        source = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + source + b"\0")
        waiting += sorted(script.parent / f"{name.decode()}.py" for name in PART.findall(source))
    return digest.hexdigest()[:LENGTH]


def of_data(content: bytes) -> str:
    """Hash of a figure's JSON as stored."""
    return hashlib.sha256(content).hexdigest()[:LENGTH]
