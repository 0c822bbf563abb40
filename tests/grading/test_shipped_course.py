"""The course of one unit that ships with the tests is as sound as a real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from lessons.models import Course
from lessons.selectors.outline import course_outline

COURSES = Path(__file__).resolve().parents[1] / "courses"


@pytest.mark.wall
def test_every_claim_of_it_is_proved(settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    settings.VAR_DIR = tmp_path
    call_command("checkcourse", folder=COURSES)
    told = capsys.readouterr()
    assert told.err == ""
    assert "una-unidad: checked" in told.out


@pytest.mark.django_db
def test_it_is_whole_so_that_its_certificate_can_be_earned(settings: Any, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    call_command("loadcourse", folder=COURSES)
    course = Course.objects.get(slug="una-unidad")
    outline = course_outline(course=course, student=None)
    assert course.certificate_rule == {"lessons": 1, "exercises": 1, "quizzes": 0.7}
    assert outline.lessons_written == outline.lessons_total == 2
    assert len(outline.exercises) == outline.exercises_promised == 1
    assert outline.labs == 1
    assert course.ideas.count() == 3
