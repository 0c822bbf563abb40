"""Personal tokens in the `Authorization` header; the browser's session is REST framework's own."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import PersonalToken, User
from accounts.services.tokens import token_of

KEYWORD = "bearer"
CHALLENGE = 'Bearer realm="coursesite"'


def token_in(request: Request | HttpRequest) -> PersonalToken | None:
    """The token of the request, None without one. Raises AuthenticationFailed for one that does not work."""
    keyword, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if keyword.lower() != KEYWORD:
        return None
    found = token_of(secret.strip())
    if found is None:
        raise AuthenticationFailed(_("El token no vale: caducó, se revocó o está mal copiado."))
    return found


class Guesses(SimpleRateThrottle):
    """Tokens that do not work, by address: as many as one may ask without any.

    REST framework counts requests only after it knows who asks, and so would never count these.
    """

    scope = "anon"

    def get_cache_key(self, request: Request, _view: object) -> str:
        return f"guesses:{self.get_ident(request)}"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cs_…`."""

    def authenticate(self, request: Request) -> tuple[User, PersonalToken] | None:
        try:
            token = token_in(request)
        except AuthenticationFailed:
            guesses = Guesses()
            if not guesses.allow_request(request, None):  # type: ignore[arg-type]
                raise Throttled(guesses.wait()) from None
            raise
        return (token.person, token) if token else None

    def authenticate_header(self, _request: Request) -> str:
        return CHALLENGE


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made at /accounts/tokens/.",
        }
