"""A small course folder on disk, valid in every part, for tests to bend."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.content import small_course


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_course.make(tmp_path / "curso")


@pytest.fixture(scope="session")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where formulas are remembered between tests, so that node runs seldom."""
    return tmp_path_factory.mktemp("maths") / "maths.json"
