"""Every write of the app: saving a draft, putting another source in its place, setting deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from exercises.models import Draft, Exercise, ExerciseDeadline, KeepReason, KeptDraft
from lessons.models import Cohort

KEPT_DRAFTS = 30


class DraftConflict(Exception):
    """The save builds on a revision that is not the stored one; `stored` is what the other tab saved."""

    def __init__(self, stored: Draft) -> None:
        super().__init__(f"draft {stored.pk} is at revision {stored.revision}")
        self.stored = stored


class DraftRefused(Exception):
    """A source that cannot be stored. `code` is for programs, the text is for the student."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def refuse_unstorable(source: str) -> None:
    """Refuse what no database text can hold, and what is far beyond any submission."""
    try:
        size = len(source.encode("utf-8"))
    except UnicodeEncodeError:
        raise DraftRefused("not_utf8", _("El código no es texto UTF-8.")) from None
    if size > settings.SUBMISSION_MAX_BYTES:
        raise DraftRefused(
            "too_large",
            _("El código ocupa %(size)d kB y el máximo son %(limit)d kB. ¿Pegaste datos?")
            % {"size": size // 1024, "limit": settings.SUBMISSION_MAX_BYTES // 1024},
        )
    if "\0" in source:
        raise DraftRefused("nul", _("Hay un byte NUL en el código. Bórralo para que se guarde."))


@transaction.atomic
def save_draft(
    *, student: User, exercise: Exercise, source: str, revision: int, keep: KeepReason | None = None
) -> Draft:
    """Store `source` over the revision it was written on; 0 is "there was none yet".

    With `keep`, the replaced source is put aside first. The same source again is no conflict: the
    answer to the first save was lost. Raises DraftConflict and DraftRefused.
    """
    refuse_unstorable(source)
    stored = Draft.objects.select_for_update().filter(student=student, exercise=exercise).first()
    if stored is None:
        return first_draft(student=student, exercise=exercise, source=source)
    if stored.source == source:
        return stored
    if stored.revision != revision:
        raise DraftConflict(stored)
    if keep is not None:
        put_aside(stored, reason=keep)
    return write(stored, source=source)


def first_draft(*, student: User, exercise: Exercise, source: str) -> Draft:
    """Create the draft. Raises DraftConflict when another tab was first."""
    try:
        with transaction.atomic():
            return Draft.objects.create(student=student, exercise=exercise, source=source)
    except IntegrityError:
        stored = Draft.objects.get(student=student, exercise=exercise)
        if stored.source == source:
            return stored
        raise DraftConflict(stored) from None


@transaction.atomic
def replace_draft(*, student: User, exercise: Exercise, source: str, reason: KeepReason) -> Draft:
    """Make `source` the draft whatever its revision, and put the present one aside. Raises DraftRefused."""
    refuse_unstorable(source)
    stored = Draft.objects.select_for_update().filter(student=student, exercise=exercise).first()
    if stored is None:
        return first_draft(student=student, exercise=exercise, source=source)
    if stored.source == source:
        return stored
    put_aside(stored, reason=reason)
    return write(stored, source=source)


def put_aside(draft: Draft, *, reason: KeepReason) -> None:
    """Keep the draft's source where the history shows it; only the newest few of an exercise stay."""
    if not draft.source.strip():
        return
    kept = KeptDraft.objects.filter(student=draft.student_id, exercise=draft.exercise_id)
    kept.create(
        student_id=draft.student_id, exercise_id=draft.exercise_id, source=draft.source, reason=reason
    )
    oldest = kept.values_list("pk", flat=True)[KEPT_DRAFTS:]
    KeptDraft.objects.filter(pk__in=list(oldest)).delete()


def write(draft: Draft, *, source: str) -> Draft:
    """The next revision. The caller holds the row, or the guard loses to who was faster."""
    won = Draft.objects.filter(pk=draft.pk, revision=draft.revision).update(
        source=source, revision=draft.revision + 1, updated_at=timezone.now()
    )
    draft.refresh_from_db()
    if not won:
        raise DraftConflict(draft)
    return draft


@transaction.atomic
def set_deadlines(*, cohort: Cohort, due: Mapping[int, datetime | None]) -> None:
    """Exercise id to when the cohort is due with it alone; None: with its unit. What is not named stays."""
    for exercise_id, at in due.items():
        if at is None:
            ExerciseDeadline.objects.filter(cohort=cohort, exercise=exercise_id).delete()
        else:
            ExerciseDeadline.objects.update_or_create(
                cohort=cohort, exercise_id=exercise_id, defaults={"due_at": at}
            )
