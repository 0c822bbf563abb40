"""Telling a person something while they are away, once, and only what they want to hear."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from accounts.models import Notification, NotificationChoice, NotificationKind, User
from accounts.selectors import choices_of


def notify(
    *, person: User, kind: NotificationKind, key: str, facts: Mapping[str, Any], url: str
) -> Notification | None:
    """Tell `person` once; the same `key` again tells nothing. None: they want no news of this kind at all.

    Call it in the transaction that makes the news. `facts` are the plain values of the sentence, by kind:
    graded {exercise, points, passed, total}; comment {exercise, author, line}; regrade {exercise, before,
    after, new_version}; deadline {what, due_at}. `url` is a path of this site.
    """
    choice = NotificationChoice.objects.filter(person=person, kind=kind).first()
    if choice and not choice.on_site and not choice.by_mail:
        return None
    notification, _created = Notification.objects.get_or_create(
        person=person, key=key, defaults={"kind": kind, "facts": dict(facts), "url": url}
    )
    return notification


def mark_read(*, person: User, notification_id: int | None = None, at: datetime | None = None) -> int:
    """One notification of theirs, or all, has been read; returns how many were unread before."""
    unread = Notification.objects.filter(person=person, read_at__isnull=True)
    if notification_id is not None:
        unread = unread.filter(pk=notification_id)
    return unread.update(read_at=at or now())


@transaction.atomic
def choose(*, person: User, on_site: Collection[str], by_mail: Collection[str]) -> None:
    """What `person` wants to hear from now on: the kinds to show on the site, and those to send by mail."""
    for kind in NotificationKind:
        NotificationChoice.objects.update_or_create(
            person=person, kind=kind, defaults={"on_site": kind in on_site, "by_mail": kind in by_mail}
        )


def stop_mail(*, person: User) -> None:
    """No more mail of any kind; what the site itself shows stays as it was chosen."""
    shown = [choice.kind for choice in choices_of(person) if choice.on_site]
    choose(person=person, on_site=shown, by_mail=[])
