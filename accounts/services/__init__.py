"""Writes to a person's account."""

from __future__ import annotations

from .leaving import (
    DAYS_TO_RETURN,
    Refused,
    anonymise,
    anonymise_due,
    ask_deletion,
    deletion_day,
    take_back_deletion,
)
from .profile import AliasTaken, choose_alias, choose_theme, describe, rename
from .sessions import end_session, end_sessions

__all__ = [
    "DAYS_TO_RETURN",
    "AliasTaken",
    "Refused",
    "anonymise",
    "anonymise_due",
    "ask_deletion",
    "choose_alias",
    "choose_theme",
    "deletion_day",
    "describe",
    "end_session",
    "end_sessions",
    "rename",
    "take_back_deletion",
]
