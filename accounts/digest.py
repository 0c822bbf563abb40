"""The daily mail of what is unread: who gets it now, what it says, and how it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import Notification, User
from accounts.news import sentence

SALT = "accounts.digest"
HOUR = 8
LAST_HOUR = 12  # a mail server that was away at eight is tried again until noon


def token_for(person: User) -> str:
    """What the link in their mail carries; it ends no session and opens none."""
    return signing.dumps(person.pk, salt=SALT)


def reader_of(token: str) -> User | None:
    """Whose mail carried the token; None for one that we did not sign."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None


def zone_of(person: User) -> ZoneInfo:
    """Their time zone; the site's where they named none, or one that this machine does not know."""
    try:
        return ZoneInfo(person.time_zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def eight_of(person: User, at: datetime) -> datetime | None:
    """Their eight o'clock of today, if it is past and before noon: what came until then goes along."""
    local = at.astimezone(zone_of(person))
    if not HOUR <= local.hour < LAST_HOUR:
        return None
    return local.replace(hour=HOUR, minute=0, second=0, microsecond=0)


def digest(person: User, notifications: Sequence[Notification]) -> EmailMultiAlternatives:
    """The mail, in their language and zone: plain text and HTML, nothing that tells us it was opened."""
    with (
        translation.override(person.language or settings.LANGUAGE_CODE),
        timezone.override(zone_of(person)),
    ):
        refuse = address(reverse("accounts:unsubscribe", args=[token_for(person)]))
        context = {
            "person": person,
            "lines": [{"sentence": sentence(each), "url": address(each.url)} for each in notifications],
            "choices": address(reverse("accounts:notifications")),
            "refuse": refuse,
        }
        count = len(notifications)
        mail = EmailMultiAlternatives(
            subject=ngettext("Coursesite: %(n)s aviso", "Coursesite: %(n)s avisos", count) % {"n": count},
            body=render_to_string("accounts/mail/digest.txt", context),
            to=[person.email],
            headers={
                "List-Unsubscribe": f"<{refuse}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("accounts/mail/digest.html", context), "text/html")
        return mail


def address(path: str) -> str:
    """A path of this site as whoever reads mail needs it."""
    return f"{settings.SITE_URL}{path}"
