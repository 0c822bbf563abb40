"""The student's own optimiser in the race: what the judge recorded, told to its author alone."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from exercises.models import Exercise
from grading import services
from grading.judge import GroupReport, Report
from grading.judge.races import SURFACES, recorded
from grading.judge.stops import GraderFault
from grading.judge.verdicts import Verdict
from grading.models import Kind
from grading.replays import replays_of
from lessons.models import Lesson
from tests import factories

pytestmark = pytest.mark.django_db


def graded(student: User, exercise: Exercise, *paths: list[list[float]], kind: Kind = Kind.SUBMIT) -> None:
    """A hand-in whose grading recorded these paths in the valley."""
    submission = factories.hand_in(student, exercise, kind=kind)
    lease = services.claim(submission_id=submission.pk)
    evidence = {"replays": [recorded("valle", path) for path in paths]} if paths else {}
    group = GroupReport(slug="ejemplos", verdict=Verdict.PASSED, fraction=1.0, evidence=evidence)
    report = Report(groups=(group,), score=100.0, output="", seconds=0.1)
    assert services.finish(lease=lease, report=report, runtime_version="test")


def test_the_newest_hand_in_of_an_exercise_is_told(
    ana: User, exercise: Exercise, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    graded(ana, exercise, [[-1.6, 0.4], [1, 1]])
    graded(ana, exercise, [[-1.6, 0.4], [0.5, 0.25]], [[-1.6, 0.4], [0, 0]])
    with django_assert_num_queries(1):
        told = replays_of(student=ana, course=exercise.course)
    assert [one["path"][-1] for one in told] == [[0.5, 0.25], [0, 0]]
    assert {(one["label"], one["surface"]) for one in told} == {(f"{exercise.title}, entrega 2", "valle")}
    assert {one["exercise"] for one in told} == {exercise.title}


def test_tries_and_hand_ins_without_a_recording_are_left_out(ana: User, exercise: Exercise) -> None:
    graded(ana, exercise)
    graded(ana, exercise, [[-1.6, 0.4], [1, 1]], kind=Kind.RUN)
    assert replays_of(student=ana, course=exercise.course) == []


def test_nobody_hears_of_another(
    ana: User, exercise: Exercise, as_ana: Client, as_carla: Client, dario: Client
) -> None:
    graded(ana, exercise, [[-1.6, 0.4], [1, 1]])
    address = f"/courses/{exercise.course.slug}/replays/"
    assert len(as_ana.get(address).json()["replays"]) == 1
    assert as_carla.get(address).json()["replays"] == []
    assert dario.get(address, headers={"Accept": "application/json"}).status_code == 401


def test_a_lab_of_an_enrolled_reader_knows_where_to_ask(
    exercise: Exercise, as_ana: Client, dario: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lessons.rendering.lab_script", lambda slug: f"/static/lab-{slug}.js")
    lesson = Lesson.objects.get(number="1.1.1")
    lesson.html = (
        '<section class="lab" data-lab="carrera" data-settings="{}"><div class="lab__stage"></div></section>'
    )
    lesson.save()
    address = f"/courses/{exercise.course.slug}/lessons/1.1.1/"
    assert f'data-replays="/courses/{exercise.course.slug}/replays/"' in as_ana.get(address).text
    assert "data-replays" not in dario.get(address).text


def test_a_recording_ends_before_it_breaks_and_is_of_a_known_surface() -> None:
    assert recorded("silla", [[0.1234567891, 1], [float("nan"), 1], [2, 2]])["path"] == [[0.123457, 1]]
    with pytest.raises(GraderFault, match="valle, rosenbrock, silla"):
        recorded("llanura", [[0, 0]])


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_the_gradients_are_those_of_the_values(surface) -> None:

    at, probe = np.array([0.3, -0.7]), 1e-6
    for i, step in enumerate(np.eye(2) * probe):
        slope = (surface.value(at + step) - surface.value(at - step)) / (2 * probe)
        assert surface.gradient(at)[i] == pytest.approx(slope, rel=1e-6)
