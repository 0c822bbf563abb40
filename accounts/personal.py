"""What this app itself holds of a person: their copy of it, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.translation import gettext as _

from . import privacy
from .models import Notification, NotificationChoice, PersonalToken, User

OWN_ROWS = (
    EmailAddress,
    Authenticator,
    SocialAccount,
    UserSession,
    PersonalToken,
    Notification,
    NotificationChoice,
)
PROFILE = (
    "email",
    "name",
    "alias",
    "time_zone",
    "language",
    "theme",
    "reduced_motion",
    "date_joined",
    "last_login",
    "deletion_asked_at",
)


def export(person: User) -> Iterator[privacy.Part]:
    """Profile, addresses, ways of signing in (never a secret), devices, tokens, notifications."""
    yield privacy.Records("profile.json", User.objects.filter(pk=person.pk).values(*PROFILE))
    yield privacy.Records(
        "email-addresses.json",
        EmailAddress.objects.filter(user=person).values("email", "verified", "primary"),
    )
    yield privacy.Records(
        "second-factors.json",
        Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at"),
    )
    yield privacy.Records(
        "connected-accounts.json",
        SocialAccount.objects.filter(user=person).values(
            "provider", "uid", "extra_data", "date_joined", "last_login"
        ),
    )
    yield privacy.Records(
        "sessions.json",
        UserSession.objects.filter(user=person).values("created_at", "last_seen_at", "ip", "user_agent"),
    )
    yield privacy.Records(
        "tokens.json",
        person.tokens.values(
            "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at"
        ),
    )
    yield privacy.Records(
        "notifications.json",
        person.notifications.values("kind", "facts", "url", "created_at", "read_at", "mailed_at"),
    )
    yield privacy.Records(
        "notification-choices.json", person.notification_choices.values("kind", "on_site", "by_mail")
    )
    yield privacy.Records(
        "administration.json",
        LogEntry.objects.filter(user=person).values("action_time", "action_flag", "change_message"),
    )


def erase(person: User, _at: datetime) -> None:
    """Delete what was theirs alone; in the operators' log, blank what names them."""
    for model in OWN_ROWS:
        owner = "person" if hasattr(model, "person") else "user"
        model._default_manager.filter(**{owner: person}).delete()
    named = Q(object_repr__contains=person.email) | Q(change_message__contains=person.email)
    if person.name:
        named |= Q(object_repr__contains=person.name) | Q(change_message__contains=person.name)
    LogEntry.objects.filter(named).update(object_repr="", change_message="")


def only_operator(person: User) -> str | None:
    """Why the last operator stays: nobody would be left to run the site."""
    others = User.objects.filter(
        is_superuser=True, is_active=True, deletion_asked_at__isnull=True, anonymised_at__isnull=True
    ).exclude(pk=person.pk)
    if not person.is_superuser or others.exists():
        return None
    return _("Nadie más lleva este sitio. Da antes permisos de administración a otra persona.")


def register() -> None:
    """Say all this to `privacy`."""
    privacy.provide_export("account", export, holds=(User, LogEntry, *OWN_ROWS))
    privacy.provide_erasure("accounts", erase, holds=(User, LogEntry, *OWN_ROWS))
    privacy.provide_objection(only_operator)
