from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading.models import GroupResult, Submission
from lessons.models import Course


@pytest.mark.usefixtures("exercise")
def test_a_made_up_class_fills_the_teachers_page_without_running_anything(as_carla: Client, course: Course):
    call_command("demo_class", students=30)

    assert course.enrolments.filter(role="student").count() == 30
    assert GroupResult.objects.exists()
    assert not Submission.objects.exclude(state="graded").exists()
    assert "30 estudiantes" in as_carla.get(f"/teach/{course.slug}/").content.decode()


def test_the_same_seed_makes_the_same_class(course: Course, exercise: Exercise):
    call_command("demo_class", students=10, seed=3)
    scores = list(exercise.submissions.order_by("student__email", "attempt_number").values_list("score"))
    with pytest.raises(CommandError, match="already"):
        call_command("demo_class", students=10, seed=3)
    User.objects.all().delete()
    call_command("demo_class", students=10, seed=3)
    assert scores == list(
        exercise.submissions.order_by("student__email", "attempt_number").values_list("score")
    )


@pytest.mark.usefixtures("course")
def test_a_site_that_is_not_local_gets_no_made_up_students(settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="local"):
        call_command("demo_class")
