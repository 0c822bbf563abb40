from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.translation import trans_real

from lessons.models import Course
from tests.coursesite.messages import offered

CATALOG = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.fixture
def _english(db: None) -> None:
    call_command("compilecatalogs")
    trans_real._translations.clear()


def test_every_sentence_has_its_english_with_the_same_holes():
    entries = list(polib.pofile(str(CATALOG)))

    assert entries
    for entry in entries:
        said = [entry.msgstr, *entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
        said = [text for text in said if text] if entry.msgid_plural else said
        assert all(said), entry.msgid
        for text in said:
            assert set(HOLES.findall(text)) <= set(HOLES.findall(entry.msgid + entry.msgid_plural)), (
                entry.msgid
            )
        assert "fuzzy" not in entry.flags, entry.msgid


def test_every_sentence_of_code_and_templates_is_in_the_catalogue_and_none_beside():
    said = set()
    for entry in polib.pofile(str(CATALOG)):
        said |= {entry.msgid, entry.msgid_plural} - {""}
    found = offered()

    assert {text: place for text, place in found.items() if text not in said} == {}, "run makemessages"
    assert said - set(found) == set(), "nobody says these any more: run makemessages"


@pytest.mark.usefixtures("_english")
def test_a_reader_of_english_meets_no_spanish_word_of_ours(course: Course, dario: Client):
    dario.cookies["django_language"] = "en"

    page = dario.get("/").content.decode() + dario.get(course.get_absolute_url()).content.decode()
    assert "Here you learn by measuring" in page
    for word in ("Entrar", "Empezar", "lecciones", "Saltar", "Idioma", "Unidades"):
        assert word not in page


@pytest.mark.usefixtures("_english")
def test_the_compiled_catalog_follows_its_source(monkeypatch, tmp_path: Path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "hola"\nmsgstr "hello"\n'
    )
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path])

    call_command("compilecatalogs")
    assert polib.mofile(str(folder / "django.mo")).find("hola").msgstr == "hello"
