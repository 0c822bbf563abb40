"""What a person says of themself."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import Theme, User
from accounts.names import clean_name


class AliasTaken(Exception):
    """Somebody else goes by that alias, perhaps written in other capitals."""


def choose_theme(*, user: User, theme: Theme) -> None:
    """Keep the theme in the profile, for devices that have no cookie yet."""
    if user.theme != theme:
        user.theme = theme
        user.save(update_fields=["theme"])


def rename(*, user: User, name: str) -> None:
    """Call `user` by `name`, cleaned; an empty one is no name."""
    user.name = clean_name(name)
    user.save(update_fields=["name"])


def choose_alias(*, user: User, alias: str) -> None:
    """Let others see `user` as `alias`. Raises AliasTaken, and then keeps nothing."""
    user.alias = alias
    try:
        with transaction.atomic():
            user.save(update_fields=["alias"])
    except IntegrityError as error:
        raise AliasTaken from error


def describe(
    *,
    user: User,
    name: str,
    alias: str,
    time_zone: str,
    language: str,
    theme: Theme,
    reduced_motion: bool,
) -> None:
    """Keep all that the profile page holds. Raises AliasTaken, and then keeps nothing."""
    user.name = clean_name(name)
    user.alias = alias
    user.time_zone = time_zone
    user.language = language
    user.theme = theme
    user.reduced_motion = reduced_motion
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "alias", "time_zone", "language", "theme", "reduced_motion"])
    except IntegrityError as error:
        raise AliasTaken from error
