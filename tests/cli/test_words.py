"""The two languages of the program, and what it is made of."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from coursesite_cli import words
from coursesite_cli.commands.looking import STATES
from coursesite_cli.english import ENGLISH
from coursesite_cli.watching import LABELS
from grading.models import State, Verdict
from tests.cli.conftest import CLI

HOLES = re.compile(r"%\(\w+\)(?:\.0f|[sd])")


def sources() -> list[tuple[Path, ast.Module]]:
    return [
        (path, ast.parse(path.read_text(encoding="utf-8"))) for path in (CLI / "coursesite_cli").rglob("*.py")
    ]


def said() -> set[str]:
    """Every sentence that the code says."""
    found = {*LABELS.values(), *STATES.values()}
    for _path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                [sentence] = node.args
                if isinstance(sentence, ast.Constant):
                    found.add(str(sentence.value))
    return found


def test_every_sentence_has_its_english_with_the_same_holes_and_none_is_beside():
    assert said() - set(ENGLISH) == set()
    assert set(ENGLISH) - said() == set()
    for spanish, english in ENGLISH.items():
        assert sorted(HOLES.findall(english)) == sorted(HOLES.findall(spanish)), spanish


def test_every_verdict_and_state_of_the_site_has_its_word():
    assert set(LABELS) == set(Verdict.values)
    assert set(STATES) == set(State.values)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "es"),
        ({"LANG": "C.UTF-8"}, "es"),
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": "es_ES"}, "es"),
        ({"LANG": "es_ES", "LC_MESSAGES": "en_US"}, "en"),
    ],
)
def test_the_terminals_locale_chooses_the_language(environment: dict[str, str], language: str):
    assert words.of_environment(environment) == language


def test_the_program_is_made_of_the_standard_library_httpx_and_rich_alone():
    allowed = set(sys.stdlib_module_names) | {"httpx", "rich", "coursesite_cli"}
    for path, tree in sources():
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                assert name.partition(".")[0] in allowed, f"{path}: {name}"
