"""A person's copy of their data: one zip, written part by part to a file that nobody else can open."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from io import TextIOWrapper
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.template.loader import render_to_string

from . import privacy
from .models import User

CHUNK = 500


def archive_of(person: User) -> IO[bytes]:
    """The zip, open at its beginning. Few rows are in memory at a time, however many there are."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        archive.writestr("README.txt", render_to_string("accounts/archive.txt", {"person": person}))
        for export in privacy.exports():
            for part in export.parts(person):
                with (
                    archive.open(f"{export.folder}/{part.path}", "w", force_zip64=True) as entry,
                    TextIOWrapper(entry, encoding="utf-8") as text,
                ):
                    _write(part, text)
    file.seek(0)
    return file


def _write(part: privacy.Part, text: TextIOWrapper) -> None:
    if isinstance(part, privacy.Text):
        text.write(part.text)
        return
    text.write("[")
    for number, row in enumerate(_one_by_one(part.rows)):
        text.write(",\n" if number else "\n")
        text.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
    text.write("\n]\n")


def _one_by_one(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows
