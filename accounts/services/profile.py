"""What a person says of themself."""

from __future__ import annotations

from accounts.models import Theme, User


def choose_theme(*, user: User, theme: Theme) -> None:
    """Keep the theme in the profile, for devices that have no cookie yet."""
    if user.theme != theme:
        user.theme = theme
        user.save(update_fields=["theme"])
