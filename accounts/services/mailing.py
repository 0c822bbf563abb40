"""Sending what is unread, once a day."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from accounts.digest import digest, eight_of
from accounts.models import Notification, NotificationChoice, User

logger = logging.getLogger(__name__)
BETWEEN_MAILS = timedelta(hours=12)


def send_digests(*, at: datetime | None = None) -> int:
    """Mail each person for whom it is morning what was unread and unmailed at their eight; returns the mails.

    A notification counts as mailed after its mail has left. A server that refuses one address is asked for
    the next; one that is away ends the round, and the next round tries again.
    """
    at = at or now()
    sent = 0
    connection = get_connection()
    for person in _waiting(at).iterator(chunk_size=200):
        eight = eight_of(person, at)
        unmailed = (
            list(_unmailed(person).filter(created_at__lte=eight).order_by("created_at")) if eight else []
        )
        if not unmailed:
            continue
        mail = digest(person, unmailed)
        mail.connection = connection
        try:
            mail.send()
        except SMTPRecipientsRefused:
            logger.warning("the digest of person %s was refused", person.pk)
            continue
        except (SMTPException, OSError):
            logger.exception("the mail server is away: the digests that are left wait")
            break
        Notification.objects.filter(pk__in=[each.pk for each in unmailed]).update(mailed_at=at)
        sent += 1
    connection.close()
    return sent


def _unmailed(person: User) -> QuerySet[Notification]:
    refused = NotificationChoice.objects.filter(person=person, by_mail=False).values("kind")
    unread = person.notifications.filter(read_at__isnull=True, mailed_at__isnull=True)
    return unread.exclude(kind__in=refused)


def _waiting(at: datetime) -> QuerySet[User]:
    news = Notification.objects.filter(person=OuterRef("pk"))
    return User.objects.filter(
        Exists(news.filter(read_at__isnull=True, mailed_at__isnull=True)),
        ~Exists(news.filter(mailed_at__gt=at - BETWEEN_MAILS)),
        is_active=True,
        anonymised_at__isnull=True,
        deletion_asked_at__isnull=True,
    ).order_by("pk")
