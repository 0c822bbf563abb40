"""The author's preview: what is saved is drawn, loaded and proved, drafts too, and every mistake is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grading.preview import Preview
from lessons import preview
from lessons.models import Course, Lesson
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace
from tooling.places import ROOT

LESSON = "01-uno/1.1.1-velocidad.md"
pytestmark = pytest.mark.django_db


@pytest.fixture
def author(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Preview:
    """A preview that has shown the course once and waits for changes."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    for module in ("course", "status"):
        monkeypatch.setattr(f"lessons.content.{module}.LABS", tmp_path / "labs")
    (tmp_path / "labs/simetria").mkdir(parents=True)
    (tmp_path / "labs/simetria/index.ts").write_text("")
    root = small_course.make(tmp_path / "curso")
    replace(root, LESSON, "status: written", "status: draft")
    opened = Preview(root, lambda _line: None)
    opened.changes()
    opened.show(set())
    return opened


def save(author: Preview, path: str, before: str, after: str) -> preview.News:
    """Change a file and let the preview see to it."""
    replace(author.root, path, before, after)
    author.show(author.changes())
    return preview.news()


def test_a_draft_is_shown_as_it_will_be_read(author: Preview) -> None:
    lesson = Lesson.objects.get(number="1.1.1")
    assert lesson.written
    assert "La idea" in lesson.html
    assert preview.news()["mistakes"] == []


def test_what_is_saved_is_on_the_page_and_the_page_is_told(author: Preview) -> None:
    loaded = preview.news()["loaded"]
    news = save(author, LESSON, "Porque $a = b$.", "Porque lo digo.")
    assert "Porque lo digo." in Lesson.objects.get(number="1.1.1").html
    assert (news["loaded"], news["lesson"]) == (loaded + 1, "1.1.1")


def test_a_mistake_is_told_with_its_line_and_the_last_good_page_stays(author: Preview) -> None:
    line = replace(author.root, LESSON, "(leccion:1.1.2)", "(leccion:9.9.9)")
    author.show(author.changes())
    news = preview.news()
    assert [f"{LESSON}:{line}:" in mistake for mistake in news["mistakes"]] == [True]
    assert news["loaded"] == 1
    assert "/lessons/1.1.2/" in Lesson.objects.get(number="1.1.1").html


def test_an_exercise_that_is_saved_is_proved_at_once(author: Preview) -> None:
    news = save(author, "01-uno/exercises/doble/solution.py", "2 *", "3 *")
    assert any("solution" in mistake for mistake in news["mistakes"]), news
    news = save(author, "01-uno/exercises/doble/solution.py", "3 *", "2 *")
    assert news["mistakes"] == []


def test_a_lesson_that_uses_what_is_not_written_is_shown_with_the_complaint(author: Preview) -> None:
    for path in sorted((author.root / "01-uno/exercises/doble").rglob("*.*"), reverse=True):
        path.unlink()
    author.show(author.changes())
    news = preview.news()
    assert any("'doble' is not written yet" in mistake for mistake in news["mistakes"])
    assert news["loaded"] == 2


def test_drafts_are_not_written_into_a_database_that_was_not_made_for_it(settings: Any) -> None:
    with pytest.raises(CommandError, match=r"\./dev preview"):
        call_command("preview")
    assert not Course.objects.exists()


def test_a_server_refuses_to_show_drafts() -> None:
    environment = {"COURSESITE_MODE": "server", "COURSESITE_SECRET_KEY": "x" * 50, "COURSESITE_PREVIEW": "1"}
    asked = subprocess.run(
        [sys.executable, "-c", "import coursesite.settings"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "it is for the local mode only" in asked.stderr
