"""Ending what a person has open on other devices."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from accounts.models import User


def end_session(*, person: User, session_id: int) -> bool:
    """Sign `person` out of one device; False when it is not theirs, or has ended already."""
    session = UserSession.objects.filter(user=person, pk=session_id).first()
    if session is None:
        return False
    session.end()
    return True


def end_sessions(*, person: User) -> None:
    """Sign `person` out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()
