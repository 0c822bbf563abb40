"""Lists of people as they come out of spreadsheets and mail programs, read line by line.

Nothing is stored here, and nothing of what is wrong is passed over: each line is a person or says why not.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.names import NAME_LIMIT, clean_name

from .models import Role

MOST_BYTES = 1024 * 1024
MOST_ROWS = 1000
EMAIL_LIMIT = 254
TAB = "\t"
DELIMITERS = f";{TAB},"
LONGEST_ROW = 3  # lines: what is longer has a quote that is never closed
MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>\Z")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
EMPTY = gettext_lazy("La lista está vacía: no hay ninguna dirección.")
COLUMNS = {
    "email": {"correo", "correo electronico", "email", "e-mail", "mail", "direccion", "address"},
    "name": {"nombre", "nombre completo", "nombre y apellidos", "name", "full name", "estudiante"},
    "role": {"rol", "papel", "role"},
}
ROLES = {
    Role.STUDENT: {"", "estudiante", "alumno", "alumna", "student"},
    Role.ASSISTANT: {"ayudante", "asistente", "assistant"},
}


class Unreadable(Exception):
    """The list as a whole cannot be read; the text says why and what to do."""


@dataclass(frozen=True)
class Line:
    """One line of the list. With `problem` it is nobody, else it is a person to invite."""

    number: int
    email: str
    name: str = ""
    role: Role = Role.STUDENT
    problem: str = ""


@dataclass(frozen=True)
class Roster:
    """The lines in their order, and what the reader should know of how they were read."""

    lines: list[Line]
    remarks: list[str | Promise] = field(default_factory=list)

    @property
    def people(self) -> list[Line]:
        return [line for line in self.lines if not line.problem]

    @property
    def bad(self) -> list[Line]:
        return [line for line in self.lines if line.problem]


def read_roster(data: bytes | str, *, role: Role = Role.STUDENT, delimiter: str = "") -> Roster:
    """The people of a file or of pasted text; who has no role of their own gets `role`.

    Without a `delimiter` it is found out. Raises Unreadable.
    """
    remarks: list[str | Promise] = []
    text = _decoded(data, remarks) if isinstance(data, bytes) else data
    if "\0" in text:
        raise Unreadable(_("El archivo no es texto. Guarda la lista como CSV y vuelve a subirla."))
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    rows = list(_rows(text, delimiter or _delimiter(text)))
    if not rows:
        raise Unreadable(EMPTY)
    if len(rows) > MOST_ROWS + 1:
        told = _("La lista tiene %(n)d líneas y caben %(limit)d de una vez. Divídela.")
        raise Unreadable(told % {"n": len(rows), "limit": MOST_ROWS})
    return Roster(_lines(rows, role), remarks)


def as_text(lines: Iterable[Line]) -> str:
    """The people once more, for `read_roster` with tabs: the same but for the numbers of their lines."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=TAB, lineterminator="\n")
    writer.writerows((line.email, line.name, line.role) for line in lines)
    return text.getvalue()


def _decoded(data: bytes, remarks: list[str | Promise]) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable(too_large(len(data)))
    if data.startswith((ZIP, OLD_EXCEL)):
        raise Unreadable(
            _("Es un libro de una hoja de cálculo. Guárdalo como CSV (UTF-8) y vuelve a subirlo.")
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        remarks.append(gettext_lazy("El archivo no está en UTF-8; se leyó como Latin-1. Mira los acentos."))
        return data.decode("cp1252", "replace")


def too_large(size: int) -> str:
    """What is said of a list of `size` bytes, which is more than is read."""
    return _("La lista ocupa %(size)d kB y el máximo son %(limit)d kB.") % {
        "size": size // 1024,
        "limit": MOST_BYTES // 1024,
    }


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(Line number, cells) of each line that holds anything; one of several addresses gives one each."""
    reader = csv.reader(text.split("\n"), delimiter=delimiter)
    here = number = 1
    try:
        for cells in reader:
            here, number = number, reader.line_num + 1
            if number - here > LONGEST_ROW:
                raise csv.Error
            stripped = [_plain(cell) for cell in cells]
            if sum("@" in cell for cell in stripped) > 1 and all("@" in cell for cell in stripped if cell):
                yield from ((here, [cell]) for cell in stripped if cell)
            elif any(stripped):
                yield here, stripped
    except csv.Error as error:
        told = _("La línea %(line)d no se puede leer como CSV: ¿unas comillas sin cerrar?")
        raise Unreadable(told % {"line": here}) from error


def _delimiter(text: str) -> str:
    """The mark that stands most evenly between cells: on most of the first lines, then most often."""
    sample = [line for line in text.split("\n") if line.strip()][:20]

    def weight(mark: str) -> tuple[int, int]:
        return sum(mark in line for line in sample), sum(line.count(mark) for line in sample)

    return max(DELIMITERS, key=weight)


def _plain(cell: str) -> str:
    """The cell without what nobody sees, and without the quote that keeps a spreadsheet from counting."""
    return clean_name(cell).removeprefix("'").strip()


def _folded(cell: str) -> str:
    """A heading or a role without accents and capitals."""
    marks = unicodedata.normalize("NFD", cell.casefold())
    return re.sub(r"[\s_]+", " ", "".join(m for m in marks if not unicodedata.combining(m))).strip(" :.")


def _lines(rows: Sequence[tuple[int, list[str]]], role: Role) -> list[Line]:
    first_number, first = rows[0]
    known = {
        place: column for place, cell in enumerate(first) if (column := _column(cell)) and "@" not in cell
    }
    lines: list[Line] = []
    if known and not any("@" in cell for cell in first):
        if "email" not in known.values():
            told = _("La línea %(line)d parece la cabecera y no tiene columna «correo».")
            raise Unreadable(told % {"line": first_number})
        lines += _foreign_columns(first_number, first, known)
        rows = rows[1:]
        if not rows:
            raise Unreadable(EMPTY)
    else:
        known = {}
    seen: dict[str, int] = {}
    for number, cells in rows:
        line = _line(number, cells, known, role)
        if not line.problem and (earlier := seen.setdefault(line.email, number)) != number:
            told = _("Repetida: ya está en la línea %(line)d.") % {"line": earlier}
            line = Line(number, line.email, line.name, line.role, told)
        elif not line.problem and sum(one.email == line.email for one in lines if one.number == number):
            continue  # the same address twice on one line
        lines.append(line)
    return lines


def _column(cell: str) -> str:
    return next((name for name, words in COLUMNS.items() if _folded(cell) in words), "")


def _foreign_columns(number: int, cells: Sequence[str], known: dict[int, str]) -> Iterator[Line]:
    for place, cell in enumerate(cells):
        if cell and place not in known:
            told = _("Columna desconocida: se pasa por alto. Valen «correo», «nombre» y «rol».")
            yield Line(number, cell[:EMAIL_LIMIT], problem=told)


def _line(number: int, cells: Sequence[str], known: dict[int, str], role: Role) -> Line:
    """A person, of a table with headings or of address, name and role in this order."""
    if known:
        found = {column: cells[place] for place, column in known.items() if place < len(cells)}
    else:
        found = _unheaded(cells)
    shown, name = found.get("email", ""), found.get("name", "")
    if mailbox := MAILBOX.match(shown):
        name, shown = name or clean_name(mailbox["name"].strip('" ')), mailbox["email"]
    email = shown.strip().lower()
    given = _folded(found.get("role", ""))
    chosen = next((one for one, words in ROLES.items() if given and given in words), role)
    problem = _problem(email, name, given, found.get("rest", ""))
    return Line(number, (email or found.get("email", ""))[:EMAIL_LIMIT], name[:NAME_LIMIT], chosen, problem)


def _unheaded(cells: Sequence[str]) -> dict[str, str]:
    """Address, name, role; the address may stand second, as where a name comes first."""
    ordered = list(cells)
    if len(ordered) > 1 and "@" not in ordered[0] and "@" in ordered[1]:
        ordered[0], ordered[1] = ordered[1], ordered[0]
    names = ("email", "name", "role")
    found = dict(zip(names, ordered, strict=False))
    return found | {"rest": next(filter(None, ordered[len(names) :]), "")}


def _problem(email: str, name: str, role: str, rest: str) -> str:
    """Why the line is no person; empty for one that is."""
    if not email:
        return _("Falta la dirección de correo.")
    if len(email) > EMAIL_LIMIT:
        return _("La dirección tiene más de %(n)d caracteres.") % {"n": EMAIL_LIMIT}
    try:
        validate_email(email)
    except ValidationError:
        return _("No es una dirección de correo.")
    if len(name) > NAME_LIMIT:
        return _("El nombre tiene más de %(n)d caracteres.") % {"n": NAME_LIMIT}
    if role and not any(role in words for words in ROLES.values()):
        if role in {"docente", "profesor", "profesora", "instructor", "teacher"}:
            return _(
                "Por invitación entran estudiantes y ayudantes; a un docente lo nombra quien administra."
            )
        return _("Rol desconocido: «%(role)s». Valen «estudiante» y «ayudante».") % {"role": role[:40]}
    if rest:
        return _("Sobra una columna: «%(cell)s». El orden es correo, nombre, rol.") % {"cell": rest[:40]}
    return ""
