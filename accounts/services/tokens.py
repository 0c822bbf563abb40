"""Personal tokens: made once and shown once, found again by their digest, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import PersonalToken, Scope, User

START = "cs_"
SEEN_AGAIN_AFTER = timedelta(minutes=1)
MOST = 20


class TooManyTokens(Exception):
    """One person has enough tokens; one must be revoked first."""


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimal; the secret has 256 bits of its own, so it needs no salt."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, person: User, name: str, scopes: Collection[Scope], expires_at: datetime | None = None
) -> tuple[PersonalToken, str]:
    """A new token and its secret, which nobody can show again. Raises TooManyTokens."""
    User.objects.select_for_update().get(pk=person.pk)  # two at once take turns to be counted
    if person.tokens.filter(revoked_at__isnull=True).count() >= MOST:
        raise TooManyTokens
    secret = START + secrets.token_urlsafe(32)
    token = PersonalToken.objects.create(
        person=person,
        name=name,
        prefix=secret[: len(START) + 6],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(*, person: User, token_id: int) -> bool:
    """End a token of theirs; False if there is none that still works."""
    own = PersonalToken.objects.filter(person=person, pk=token_id, revoked_at__isnull=True)
    return bool(own.update(revoked_at=now()))


def token_of(secret: str, *, at: datetime | None = None) -> PersonalToken | None:
    """The token that works with this secret, with its person. 1 query; at most one write a minute."""
    at = at or now()
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    found = (
        PersonalToken.objects.select_related("person")
        .filter(alive, digest=digest_of(secret), revoked_at__isnull=True, person__is_active=True)
        .first()
    )
    if found and (found.last_used_at is None or at - found.last_used_at > SEEN_AGAIN_AFTER):
        PersonalToken.objects.filter(pk=found.pk).update(last_used_at=at)
    return found
