"""History, comparison and taking a version back up."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exercises import selectors, services
from exercises.models import Draft, Exercise, KeepReason, KeptDraft
from tests import factories
from tests.grading.views.conftest import CURVE, grade

pytestmark = pytest.mark.django_db

EXERCISE = "/courses/curso/exercises/doble/"
HISTORY = f"{EXERCISE}history/"
DIFF = f"{HISTORY}diff/"
RESTORE = f"{EXERCISE}restore/"


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def fellow(exercise: Exercise) -> User:
    person = factories.make_user("fellow")
    factories.enrol(person, exercise.course)
    return person


def two_attempts(student: User, exercise: Exercise) -> None:
    wrong = {"verdict": "wrong", "fraction": 0.0}
    before = factories.hand_in(student, exercise, source="a = 1\nb = 2\nc = 3\n")
    grade(before, 50, azar={**wrong, "curves": CURVE})
    after = factories.hand_in(student, exercise, source="a = 1\nb = <20>\nc = 3\nd = 4\n")
    grade(after, 100, azar={"curves": CURVE})


def test_before_the_first_hand_in_the_history_leads_to_the_exercise(
    as_ana: Client, exercise: Exercise
) -> None:
    page = text(as_ana.get(HISTORY))
    assert "Aún no hay entregas." in page
    assert f'href="{EXERCISE}"' in page


def test_the_history_shows_each_attempt_with_the_mark_of_every_group(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    two_attempts(ana, exercise)
    page = text(as_ana.get(HISTORY))
    assert page.count("Azar: resultado incorrecto") == 2  # title and text for readers of the screen
    assert page.index("Azar: superado") < page.index("Azar: resultado incorrecto")


def test_a_comparison_starts_with_what_changed_in_the_result(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    two_attempts(ana, exercise)
    page = text(as_ana.get(DIFF, {"a": "1", "b": "2"}))
    assert "50 → 100 <strong>(+50)</strong>" in page
    assert "<strong>Azar</strong>: resultado incorrecto → superado" in page
    assert page.index("Qué cambió en el resultado") < page.index("Qué cambió en el código")
    assert "b = &lt;20&gt;" in page
    assert "chart__line--before" in page
    assert "chart__line--after" in page


def test_added_and_removed_lines_are_told_in_words_too(as_ana: Client, ana: User, exercise: Exercise) -> None:
    two_attempts(ana, exercise)
    page = text(as_ana.get(DIFF, {"a": "1", "b": "2"}))
    assert '<span class="sr-only">quitada:</span>' in page
    assert '<span class="sr-only">añadida:</span>' in page


def test_the_draft_can_be_compared_with_an_attempt(as_ana: Client, ana: User, exercise: Exercise) -> None:
    two_attempts(ana, exercise)
    services.save_draft(student=ana, exercise=exercise, source="z = 9\n", revision=0)
    assert "z = 9" in text(as_ana.get(DIFF, {"a": "2", "b": "borrador"}))


@pytest.mark.parametrize("query", [{"a": "1", "b": "9"}, {"a": "x", "b": "1"}, {"a": "1", "b": "borrador"}])
def test_what_is_not_there_cannot_be_compared(
    as_ana: Client, ana: User, exercise: Exercise, query: dict[str, str]
) -> None:
    two_attempts(ana, exercise)
    assert as_ana.get(DIFF, query).status_code == 404


def test_nobody_reads_another_students_attempts_by_their_numbers(
    as_ana: Client, fellow: User, exercise: Exercise
) -> None:
    two_attempts(fellow, exercise)
    assert as_ana.get(DIFF, {"a": "1", "b": "2"}).status_code == 404
    assert "b = 2" not in text(as_ana.get(HISTORY))


@pytest.mark.parametrize("url", [HISTORY, DIFF])
def test_who_is_not_enrolled_or_signed_in_sees_no_history(
    as_bruno: Client, dario: Client, exercise: Exercise, url: str
) -> None:
    assert as_bruno.get(url).status_code == 404
    assert dario.get(url).status_code == 302


def test_restoring_an_attempt_puts_the_present_draft_aside_and_that_can_be_restored_too(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    two_attempts(ana, exercise)
    services.save_draft(student=ana, exercise=exercise, source="lo de ahora", revision=0)
    assert as_ana.post(RESTORE, {"attempt": "1"}).url == EXERCISE
    assert Draft.objects.get(student=ana).source == "a = 1\nb = 2\nc = 3\n"
    kept = selectors.kept_drafts(student=ana, exercise=exercise).get()
    assert (kept.source, kept.reason) == ("lo de ahora", KeepReason.RESTORE)
    assert "lo de ahora" in text(as_ana.get(HISTORY))
    as_ana.post(RESTORE, {"kept": kept.pk})
    assert Draft.objects.get(student=ana).source == "lo de ahora"
    assert "lo de ahora</textarea>" in text(as_ana.get(EXERCISE))


def test_nobody_restores_what_is_another_students(
    as_ana: Client, ana: User, fellow: User, exercise: Exercise
) -> None:
    two_attempts(fellow, exercise)
    theirs = KeptDraft.objects.create(student=fellow, exercise=exercise, source="secret", reason="reset")
    for form in ({"attempt": "1"}, {"kept": theirs.pk}, {}, {"attempt": "-1"}, {"kept": "9" * 30}):
        assert as_ana.post(RESTORE, form).status_code == 404
    assert not Draft.objects.filter(student=ana).exists()


def test_restoring_needs_a_post_of_this_site(as_ana: Client, ana: User, exercise: Exercise) -> None:
    two_attempts(ana, exercise)
    assert as_ana.get(RESTORE, {"attempt": "1"}).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert strict.post(RESTORE, {"attempt": "1"}).status_code == 403


def test_a_very_long_draft_is_not_compared_line_by_line(
    as_ana: Client, ana: User, exercise: Exercise
) -> None:
    grade(factories.hand_in(ana, exercise), 50)
    services.replace_draft(student=ana, exercise=exercise, source="x = 1\n" * 5000, reason=KeepReason.RESTORE)
    assert "demasiado largos" in text(as_ana.get(DIFF, {"a": "1", "b": "borrador"}))
