"""A token may do what its scopes say; a session may do what its person may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from accounts.models import PersonalToken, Scope

if TYPE_CHECKING:  # REST framework reads this module while its own views are being made
    from rest_framework.views import APIView

MISSING = "missing_scope"


def lacks(token: object, scope: Scope) -> str:
    """What to tell a token without `scope`; empty for one that has it, and where there is none: a session."""
    if not isinstance(token, PersonalToken) or scope in token.scopes:
        return ""
    return _("A esta clave le falta el permiso «%(scope)s». Crea otra que lo tenga.") % {"scope": scope}


def refuse_without(token: object, scope: Scope) -> None:
    """Raises PermissionDenied, with the reason, for a token without `scope`."""
    if told := lacks(token, scope):
        raise PermissionDenied(told, code=MISSING)


class InScope(IsAuthenticated):
    """Signed in, and with a token whose scopes allow it: `read` to look, `submit` to act.

    A view with another need names it in `scope`.
    """

    message = ""
    code = MISSING

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        otherwise = Scope.READ if request.method in SAFE_METHODS else Scope.SUBMIT
        self.message = lacks(request.auth, getattr(view, "scope", otherwise))
        return not self.message
