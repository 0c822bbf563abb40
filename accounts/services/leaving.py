"""Leaving: asked for, taken back by signing in, and carried out after two weeks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import privacy
from accounts.models import User

from .sessions import end_sessions

logger = logging.getLogger(__name__)

DAYS_TO_RETURN = 14


class Refused(Exception):
    """The person cannot leave yet; `reasons` are sentences for them."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def deletion_day(*, asked_at: datetime) -> datetime:
    """When an account whose deletion was asked for at `asked_at` is emptied."""
    return asked_at + timedelta(days=DAYS_TO_RETURN)


@transaction.atomic
def ask_deletion(*, person: User, at: datetime | None = None) -> datetime:
    """Close `person`'s account now, sign them out everywhere, and empty it in two weeks: returns when.

    Raises Refused while something depends on them, as a course that only they teach.
    """
    if reasons := privacy.objections(person):
        raise Refused(reasons)
    at = at or timezone.now()
    person.deletion_asked_at = at
    person.save(update_fields=["deletion_asked_at"])
    person.tokens.filter(revoked_at__isnull=True).update(revoked_at=at)
    end_sessions(person=person)
    day = deletion_day(asked_at=at)
    _write(person, "deletion_asked", day=day)
    return day


@transaction.atomic
def take_back_deletion(*, person: User) -> bool:
    """Keep the account after all; False when nobody had asked to delete it, or it is too late."""
    kept = User.objects.filter(
        pk=person.pk, deletion_asked_at__isnull=False, anonymised_at__isnull=True
    ).update(deletion_asked_at=None)
    if not kept:
        return False
    person.deletion_asked_at = None
    _write(person, "deletion_taken_back")
    return True


def anonymise_due(*, at: datetime | None = None) -> int:
    """Empty every account whose two weeks are over; returns how many. One that fails stops no other."""
    at = at or timezone.now()
    due = User.objects.filter(
        deletion_asked_at__lte=at - timedelta(days=DAYS_TO_RETURN), anonymised_at__isnull=True
    )
    emptied = 0
    for person in list(due):
        try:
            emptied += anonymise(person=person, at=at)
        except Exception:
            logger.exception("account %s was not emptied; the next round tries again", person.pk)
    return emptied


@transaction.atomic
def anonymise(*, person: User, at: datetime) -> bool:
    """Cut the person from what stays. False when they came back meanwhile, or it was done already.

    Every app erases its part in this transaction: either nothing tells who they were, or nothing has changed.
    """
    mine = User.objects.filter(
        pk=person.pk, deletion_asked_at__lte=at - timedelta(days=DAYS_TO_RETURN), anonymised_at__isnull=True
    ).update(anonymised_at=at)
    if not mine:
        return False
    end_sessions(person=person)
    _write(person, "deletion_done")
    for erasure in privacy.erasures():
        erasure.erase(person, at)
    _empty(person)
    return True


def _empty(person: User) -> None:
    """What is left of the row: that there was somebody."""
    person.refresh_from_db()
    person.email = f"{uuid4().hex}@anonymous.invalid"
    person.name = person.alias = person.time_zone = person.language = ""
    person.set_unusable_password()
    person.last_login = None
    person.is_active = person.is_staff = person.is_superuser = False
    person.save()
    person.groups.clear()
    person.user_permissions.clear()


def _write(person: User, what: str, **facts: object) -> None:
    """Send the mail accounts/mail/<what>.txt once this is true, in the person's language and time."""
    zone = person.time_zone or settings.TIME_ZONE
    with translation.override(person.language or translation.get_language()), timezone.override(zone):
        subject, _blank, body = render_to_string(f"accounts/mail/{what}.txt", facts).strip().partition("\n\n")
    address = person.email
    transaction.on_commit(
        lambda: send_mail(settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject, body, None, [address]), robust=True
    )
