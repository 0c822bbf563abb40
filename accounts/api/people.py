"""The person behind a request that a permission has let through."""

from __future__ import annotations

from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User


def person_of(request: Request) -> User:
    """Who asks. Raises NotAuthenticated, should a view have forgotten its permission."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user
