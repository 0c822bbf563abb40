"""`manage.py regrade`: an operator's door to regrades, and the check that old hand-ins get the same again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from exercises.models import Exercise, ExerciseVersion
from grading import bell, services, wall, work
from grading.models import Grading, GroupResult, Regrade, RegradeItem, RegradeState, Submission
from grading.services import regrade_items
from tests import factories
from tests.grading.test_regrading import grade_items
from tests.grading.views.conftest import grade

pytestmark = pytest.mark.django_db
BY_CHANCE = """
import numpy as np

def doble(x):
    return 2 * x if np.random.default_rng().random() < 0.5 else 0.0
"""


def regrade(*words: str, **options: Any) -> None:
    call_command("regrade", *words, **options)


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring_regrade", lambda *, item_id, queue: True)


@pytest.fixture
def forty(unheard: None, ana: User, exercise: Exercise) -> Submission:
    return grade(factories.hand_in(ana, exercise), 40)


def test_a_dry_run_says_how_many_and_begins_nothing(forty, capsys: pytest.CaptureFixture[str]):
    regrade("doble", "--dry-run")
    assert capsys.readouterr().out == "doble: 1 hand-ins of 1 students.\n"
    regrade("curso/doble", "--dry-run", "--since", "2999-01-01")
    assert "0 hand-ins" in capsys.readouterr().out
    assert not Regrade.objects.exists()


def test_it_begins_one_with_the_version_asked_for_and_applies_it_once_it_is_ready(
    forty: Submission, exercise: Exercise, capsys: pytest.CaptureFixture[str], monkeypatch
):
    monkeypatch.setattr(regrade_items, "is_ready", lambda name: True)
    regrade("doble", "--version", "same", "--reason", "El grupo «azar» estaba mal.")
    begun = Regrade.objects.get()
    assert (begun.version, begun.reason, begun.asked_by) == (None, "El grupo «azar» estaba mal.", None)
    assert "0 of 1 graded" in capsys.readouterr().out
    grade_items(begun, 80)
    regrade("doble", "--apply")
    assert "1 up, 0 down, 0 the same" in capsys.readouterr().out
    forty.refresh_from_db()
    assert forty.score == 80
    assert exercise.current
    assert Regrade.objects.filter(state=RegradeState.APPLIED).count() == 1


def test_an_open_one_can_be_discarded(forty):
    regrade("doble", "--reason", "Porque sí.")
    regrade("doble", "--discard")
    assert Regrade.objects.get().state == RegradeState.DISCARDED


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Name an exercise"),
        (("triple",), "no exercise called triple"),
        (("doble",), "--reason"),
        (("doble", "--since", "ayer", "--dry-run"), "2026-11-25"),
        (("doble", "--since", "2026-13-45", "--dry-run"), "2026-11-25"),
        (("doble", "--discard"), "no open regrade"),
        (("doble", "--reason", "x", "--since", "2999-01-01"), "No hay ninguna entrega"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(words: tuple[str, ...], told: str, forty):
    with pytest.raises(CommandError, match=told):
        regrade(*words)
    assert not Regrade.objects.exists()


def test_a_slug_of_two_courses_asks_for_the_course(forty):
    factories.make_exercise(factories.make_course("otro"))
    with pytest.raises(CommandError, match="curso/doble, otro/doble"):
        regrade("doble", "--dry-run")


@pytest.mark.wall
class TestCheck:
    @pytest.fixture
    def graded(self, ana: User, exercise: Exercise) -> list[Submission]:
        """Really graded: right, wrong, by chance, and one that raises."""
        sources = [
            factories.RIGHT,
            factories.WRONG,
            BY_CHANCE,
            "def doble(x):\n    raise ValueError('no')\n",
        ]
        found = []
        for source in sources:
            submission = factories.hand_in(ana, exercise, source)
            lease = services.claim(submission_id=submission.pk)
            assert lease
            work.grade_under(lease=lease)
            found.append(submission)
        wall.close()
        return found

    def test_what_is_graded_the_same_leaves_no_trace_and_exit_code_0(
        self, graded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        before = list(Submission.objects.order_by("pk").values())
        regrade("--check", "10", "--seed", "1", "--json", str(tmp_path / "check.json"))
        assert "4 graded again with seed 1: 0 differ." in capsys.readouterr().out
        assert json.loads((tmp_path / "check.json").read_text())["differences"] == []
        assert list(Submission.objects.order_by("pk").values()) == before
        assert Grading.objects.count() == 4
        assert not RegradeItem.objects.exists()

    def test_a_difference_is_told_group_by_group_and_the_exit_code_is_1(
        self, graded: list[Submission], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        right = graded[0].gradings.get()
        GroupResult.objects.filter(grading=right, group__slug="azar").update(verdict="wrong", fraction=0)
        Grading.objects.filter(pk=right.pk).update(score=50)
        with pytest.raises(SystemExit) as ended:
            regrade("--check", "10", "--seed", "1", "--json", str(tmp_path / "check.json"))
        assert ended.value.code == 1
        told = json.loads((tmp_path / "check.json").read_text())["differences"]
        assert [(one["submission"], one["group"], one["then"], one["now"]) for one in told] == [
            (str(graded[0].pk), "score", "50", "100"),
            (str(graded[0].pk), "azar", "wrong 0", "passed 1"),
        ]
        shown = capsys.readouterr().out
        assert f"{graded[0].pk}  doble     azar   wrong 0  passed 1" in shown

    def test_the_seed_chooses_and_chooses_again(self, graded, tmp_path: Path):
        told = []
        for _time in range(2):
            regrade("--check", "2", "--seed", "5", "--json", str(tmp_path / "check.json"))
            told.append(json.loads((tmp_path / "check.json").read_text()))
        assert told[0] == told[1]
        assert told[0]["graded"] == 2

    def test_what_cannot_be_tried_here_is_said(self, graded, capsys: pytest.CaptureFixture[str]):
        ExerciseVersion.objects.update(runtime="fortran")
        regrade("--check", "1")
        assert "not tried" in capsys.readouterr().out
