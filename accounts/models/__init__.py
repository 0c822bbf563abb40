"""People, their tokens and their notifications."""

from __future__ import annotations

from .notifications import Notification, NotificationChoice, NotificationKind
from .person import Theme, User, UserManager
from .tokens import PersonalToken, Scope

__all__ = [
    "Notification",
    "NotificationChoice",
    "NotificationKind",
    "PersonalToken",
    "Scope",
    "Theme",
    "User",
    "UserManager",
]
