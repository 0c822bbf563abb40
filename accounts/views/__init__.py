"""Pages about the person rather than the course; signing in and passwords are allauth's."""

from __future__ import annotations

from .appearance import back, theme
from .data import data, delete, deleted, download
from .notifications import (
    choose_notifications,
    notifications,
    open_notification,
    read_notifications,
    unsubscribe,
)
from .profile import profile
from .sessions import end_session
from .tokens import revoke, tokens

__all__ = [
    "back",
    "choose_notifications",
    "data",
    "delete",
    "deleted",
    "download",
    "end_session",
    "notifications",
    "open_notification",
    "profile",
    "read_notifications",
    "revoke",
    "theme",
    "tokens",
    "unsubscribe",
]
