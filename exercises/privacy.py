"""What this app holds of a person: unsent code, given to them and deleted with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts import privacy
from accounts.models import User

from .models import Draft, KeptDraft

HELD = (Draft, KeptDraft)


def export(person: User) -> Iterator[privacy.Part]:
    """Each draft as a source file, those put aside with the moment of it in their name."""
    drafts = Draft.objects.filter(student=person).select_related("exercise__course")
    for draft in drafts.iterator(chunk_size=100):
        place = f"{draft.exercise.course.slug}/{draft.exercise.slug}"
        yield privacy.Text(f"drafts/{place}.py", draft.source)
    kept = KeptDraft.objects.filter(student=person).select_related("exercise__course")
    for old in kept.iterator(chunk_size=100):
        place = f"{old.exercise.course.slug}/{old.exercise.slug}"
        yield privacy.Text(f"drafts/{place}-{old.created_at:%Y%m%d-%H%M%S}-{old.pk}.py", old.source)


def erase(person: User, _at: datetime) -> None:
    """Unsent code served its writer alone."""
    for model in HELD:
        model._default_manager.filter(student=person).delete()


def register() -> None:
    """Say all this to `accounts.privacy`."""
    privacy.provide_export("exercises", export, holds=HELD)
    privacy.provide_erasure("exercises", erase, holds=HELD)
