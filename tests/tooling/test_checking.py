"""The house rules that no linter knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tooling import checking


@pytest.fixture
def complaints(monkeypatch, tmp_path: Path):
    """What is said about a file with this name and text."""
    monkeypatch.setattr(checking, "ROOT", tmp_path)

    def about(name: str, text: str) -> list[str]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return list(checking.complaints_about(path))

    return about


def test_a_registry_host_is_found_in_any_file_with_its_line(complaints):
    found = complaints("lock.txt", "first\nsee https://files.python" + "hosted.org/x\n")
    assert len(found) == 1
    assert found[0].startswith("lock.txt:2: ")


@pytest.mark.parametrize("call", ["    self.assertNumQueries(1)", "    django_assert_num_queries(2)"])
def test_a_query_count_without_with_is_found(complaints, call):
    assert "counts no query" in "".join(complaints("test_x.py", f"def test():\n{call}\n"))


def test_a_query_count_under_with_is_fine(complaints):
    assert (
        complaints("test_x.py", "def test():\n    with django_assert_num_queries(2):\n        pass\n") == []
    )


def test_an_endless_file_is_found_but_not_endless_prose(complaints):
    long = "x = 1\n" * (checking.LONGEST_FILE + 1)
    assert "421 lines" in "".join(complaints("views.py", long))
    assert complaints("lesson.md", long) == []


def test_a_picture_is_passed_over(complaints, tmp_path):
    (tmp_path / "p.webp").write_bytes(b"RIFF\xff\xfe")
    assert list(checking.complaints_about(tmp_path / "p.webp")) == []


def test_the_output_of_a_failing_program_is_its_complaint():
    assert checking.program(["sh", "-c", "echo line 3 is wrong; exit 1"])() == "line 3 is wrong"
    assert checking.program(["sh", "-c", "exit 1"])() == "ended with status 1"
    assert checking.program(["sh", "-c", "echo fine"])() == ""


def test_a_template_comment_that_goes_on_is_found_for_its_rest_is_shown(complaints):
    assert "ends on its line" in "".join(complaints("page.html", "{# Takes `course`,\n   and more. #}\n"))
    assert complaints("page.html", "{# Takes `course`. #}{% load i18n %}\n") == []
