"""A token may do what its scopes say; a session may do what its person may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from accounts.models import PersonalToken, Scope

if TYPE_CHECKING:  # REST framework reads this module while its own views are being made
    from rest_framework.views import APIView


class InScope(IsAuthenticated):
    """Signed in, and with a token whose scopes allow it: `read` to look, `submit` to act.

    A view with another need names it in `scope`.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        if not isinstance(request.auth, PersonalToken):
            return True
        otherwise = Scope.READ if request.method in SAFE_METHODS else Scope.SUBMIT
        return getattr(view, "scope", otherwise) in request.auth.scopes
