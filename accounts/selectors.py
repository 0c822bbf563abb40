"""Every read of a person's notifications."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Notification, NotificationChoice, NotificationKind, User


@dataclass(frozen=True)
class Choice:
    """What a person wants to hear of one kind."""

    kind: NotificationKind
    on_site: bool
    by_mail: bool


def notifications_of(person: User) -> QuerySet[Notification]:
    """What the site shows them, newest first. No query yet."""
    silent = NotificationChoice.objects.filter(person=person, on_site=False).values("kind")
    return person.notifications.exclude(kind__in=silent)


def unread_count(person: User) -> int:
    """How many of those they have not opened. 1 query."""
    return notifications_of(person).filter(read_at__isnull=True).count()


def choices_of(person: User) -> list[Choice]:
    """One for each kind; where they said nothing, both. 1 query."""
    said = {choice.kind: choice for choice in person.notification_choices.all()}
    return [
        Choice(
            kind=kind,
            on_site=said[kind].on_site if kind in said else True,
            by_mail=said[kind].by_mail if kind in said else True,
        )
        for kind in NotificationKind
    ]
