"""Keeping a place in a cohort for an address, mailing the link to it, and what becomes of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from smtplib import SMTPException, SMTPRecipientsRefused

from celery import current_app
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import transaction
from django.utils.timezone import now
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from accounts.services import rename
from lessons.mails import invitation_mail
from lessons.models import Cohort, Enrolment, Invitation, Role
from lessons.rosters import Line
from lessons.selectors.invitations import Outcome, plan_of

from .enrolling import put_into

logger = logging.getLogger(__name__)
DAYS = 14
AGAIN_AFTER = timedelta(minutes=5)
MAIL = "lessons.mail_invitations"
_LOCK, _LOCK_SECONDS = "lessons.mail_invitations", 60


class NotOpen(Exception):
    """The invitation was accepted, revoked or has expired; `Invitation` itself says which."""


class JustSent(Exception):
    """Its mail has left a moment ago."""


class AnotherAddress(Exception):
    """An assistant's place, which shows other people's work, is for the invited address alone."""


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def invite(*, cohort: Cohort, lines: Sequence[Line], by: User, at: datetime | None = None) -> int:
    """Keep a place for each of the people, as `plan_of` says it; the mails follow. Returns how many.

    Who has a place already, or an invitation that still holds, is left as they are.
    """
    at = at or now()
    Cohort.objects.select_for_update().get(pk=cohort.pk)  # two who confirm the same list take turns
    plan = plan_of(cohort=cohort, lines=lines, at=at)
    wanted = [row.line for row in plan if row.outcome == Outcome.INVITE]
    again = [row.line for row in plan if row.outcome == Outcome.RENEW]
    expires_at = at + timedelta(days=DAYS)
    Invitation.objects.bulk_create(
        Invitation(
            cohort=cohort,
            email=line.email,
            name=line.name,
            role=line.role,
            digest=digest_of(token_urlsafe(32)),  # nobody's, until the mail is made
            invited_by=by,
            expires_at=expires_at,
        )
        for line in wanted
    )
    for line in again:
        Invitation.objects.filter(
            cohort=cohort, email__iexact=line.email, accepted_at__isnull=True, revoked_at__isnull=True
        ).update(role=line.role, expires_at=expires_at, mailed_at=None, invited_by=by)
    transaction.on_commit(ring)
    return len(wanted) + len(again)


def ring() -> None:
    """Ask a worker for the mails; if nobody hears, the scheduler does, minutes later."""
    try:
        current_app.send_task(MAIL, queue="cpu.run", retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the broker did not answer, the invitations wait for the scheduler: %s", error)


@transaction.atomic
def renew(*, invitation: Invitation, at: datetime | None = None) -> None:
    """Send it once more: a new link, and its time begins anew. The old link dies.

    Raises NotOpen once it was accepted or revoked, and JustSent.
    """
    at = at or now()
    if invitation.mailed_at and at - invitation.mailed_at < AGAIN_AFTER:
        raise JustSent
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    if not still.update(mailed_at=None, expires_at=at + timedelta(days=DAYS)):
        raise NotOpen
    transaction.on_commit(ring)


def revoke(*, invitation: Invitation, at: datetime | None = None) -> bool:
    """End it; False where it was accepted or revoked before."""
    still = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
    return bool(still.update(revoked_at=at or now()))


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Whether it can be accepted."""
    return not invitation.accepted_at and not invitation.revoked_at and invitation.expires_at > at


@transaction.atomic
def accept(*, invitation: Invitation, person: User, at: datetime | None = None) -> Enrolment:
    """Take the place that was kept; who has said no name yet is called as they were invited.

    Raises NotOpen, AnotherAddress, and `enrolling.InAnotherCohort`; then it stays as it was.
    """
    at = at or now()
    held = Invitation.objects.select_for_update().select_related("cohort__course").get(pk=invitation.pk)
    if not is_open(held, at):
        raise NotOpen
    if held.role != Role.STUDENT and held.email.lower() != person.email.lower():
        raise AnotherAddress
    place = put_into(student=person, cohort=held.cohort, at=at, role=Role(held.role))
    if held.name and not person.name and held.email.lower() == person.email.lower():
        rename(user=person, name=held.name)
    held.accepted_at, held.accepted_by = at, person
    held.save(update_fields=["accepted_at", "accepted_by"])
    return place


def mail_waiting(*, at: datetime | None = None) -> int:
    """Send the mails that wait; returns how many left. One round at a time.

    A token is made for each mail and its digest written before the mail leaves; it counts as mailed only
    after. A round that dies in between is made good by the next, whose mail carries the link that works.
    """
    at = at or now()
    if not cache.add(_LOCK, 1, _LOCK_SECONDS):
        return 0
    try:
        return _mail_waiting(at)
    finally:
        cache.delete(_LOCK)


def _mail_waiting(at: datetime) -> int:
    sent = 0
    connection = get_connection()
    waiting = Invitation.objects.filter(
        mailed_at__isnull=True, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    ).select_related("cohort__course", "invited_by")
    for invitation in waiting.order_by("created_at", "pk").iterator(chunk_size=100):
        cache.touch(_LOCK, _LOCK_SECONDS)
        token = token_urlsafe(32)
        written = Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest)
        if not written.update(digest=digest_of(token)):
            continue
        mail = invitation_mail(invitation, token=token)
        mail.connection = connection
        try:
            mail.send()
        except SMTPRecipientsRefused:
            logger.warning("the invitation %s was refused by the mail server", invitation.pk)
        except (SMTPException, OSError):
            logger.exception("the mail server is away: the invitations that are left wait")
            break
        else:
            sent += 1
        Invitation.objects.filter(pk=invitation.pk, digest=digest_of(token)).update(mailed_at=now())
    connection.close()
    return sent
