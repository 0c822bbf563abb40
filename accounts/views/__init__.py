"""Pages about the person rather than the course; signing in and passwords are allauth's."""

from __future__ import annotations

from .appearance import back, theme
from .data import data, delete, deleted, download
from .profile import profile
from .sessions import end_session
from .tokens import revoke, tokens

__all__ = [
    "back",
    "data",
    "delete",
    "deleted",
    "download",
    "end_session",
    "profile",
    "revoke",
    "theme",
    "tokens",
]
