"""A folder with an exercise in it: the statement, the solution, and a note of which exercise it is."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from .trouble import refused
from .words import _

NOTE = "coursesite.json"
STATEMENT = "statement.md"
SOLUTION = "solution.py"


@dataclass
class Note:
    """What `coursesite.json` remembers. `sha256` is that of the solution as the site last had it,
    `revision` that of its draft there, `pending` what was sent and got no answer yet.
    """

    site: str
    course: str
    exercise: str
    file: str = SOLUTION
    sha256: str = ""
    revision: int = 0
    pending: dict[str, str] = field(default_factory=dict)


def digest(text: str) -> str:
    """What tells one source from another, whatever ends their lines."""
    return sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


def read_source(path: Path) -> str:
    """A source, which must be UTF-8. Raises Trouble that says where it is not."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise refused(_("No hay ningún fichero %(path)s.") % {"path": path}, "no_file") from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        told = {"path": path, "line": line}
        raise refused(
            _("%(path)s, línea %(line)d: no es texto UTF-8. Guárdalo como UTF-8.") % told, "not_utf8"
        ) from None
    except OSError as fault:
        raise refused(
            _("No se puede leer %(path)s: %(why)s") % {"path": path, "why": fault.strerror}
        ) from None


def write_text(path: Path, text: str) -> None:
    """The whole file or none of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except OSError as fault:
        raise refused(
            _("No se puede escribir %(path)s: %(why)s") % {"path": path, "why": fault.strerror}
        ) from None


def _umask() -> int:
    """What files of this process are not allowed, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def note_of(folder: Path) -> Note | None:
    """The folder's note, None where there is none. Raises Trouble for one that cannot be understood."""
    path = folder / NOTE
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = {name: told[name] for name in Note.__dataclass_fields__ if name in told}
        note = Note(**known)
        fine = all(
            isinstance(text, str) for text in (note.site, note.course, note.exercise, note.file, note.sha256)
        )
        if not fine or not isinstance(note.revision, int) or not isinstance(note.pending, dict):
            raise TypeError
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError, AttributeError):
        text = _("%(path)s no se entiende. Trae el ejercicio otra vez: coursesite get EJERCICIO") % {
            "path": path
        }
        raise refused(text, "bad_note") from None
    return note


def keep(folder: Path, note: Note) -> None:
    """Store the note."""
    write_text(folder / NOTE, json.dumps(asdict(note), indent=1, ensure_ascii=False) + "\n")


def edited(folder: Path, note: Note | None) -> bool:
    """Whether the solution there is the owner's work: not what came from the site, as far as is known."""
    path = folder / (note.file if note else SOLUTION)
    return path.exists() and (note is None or digest(read_source(path)) != note.sha256)


def put_aside(path: Path) -> Path:
    """Rename a file to a name that is free, and say which."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    return aside


def sending_key(note: Note | None, *, kind: str, source: str) -> str:
    """The idempotency key for this: that under which the same was sent without an answer, else a new one."""
    sent = {"kind": kind, "sha256": digest(source)}
    if note is None:
        return str(uuid4())
    if {name: note.pending.get(name) for name in sent} != sent:
        note.pending = sent | {"key": str(uuid4())}
    return note.pending["key"]
