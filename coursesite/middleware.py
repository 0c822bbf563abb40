"""What every request and every response get, whatever the page."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast
from zoneinfo import ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation
from django.utils.decorators import sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import escape_leading_slashes

Handler = Callable[[HttpRequest], HttpResponseBase]
AsyncHandler = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def content_security_policy(nonce: str) -> str:
    """The policy: everything from this site, no script in the page.

    Style elements need the nonce (the editor makes one). Style attributes are let through, for MathML
    and figures carry them; the course's HTML is sanitised before it is stored.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": " ".join(["'self'", *settings.SOCIAL_ORIGINS]),  # a browser holds redirects to it, too
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _harden(response: HttpResponseBase, nonce: str) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", content_security_policy(nonce))
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response


@sync_and_async_middleware
def security_headers(get_response: Handler | AsyncHandler) -> Handler | AsyncHandler:
    """Give each request a `csp_nonce` and each response the policy that names it."""
    if iscoroutinefunction(get_response):

        async def harden_async(request: HttpRequest) -> HttpResponseBase:
            request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
            return _harden(await get_response(request), request.csp_nonce)  # type: ignore[attr-defined]

        return harden_async

    def harden(request: HttpRequest) -> HttpResponseBase:
        request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]
        return _harden(cast(Handler, get_response)(request), request.csp_nonce)  # type: ignore[attr-defined]

    return harden


def on_one_thread(get_response: Handler) -> Handler:
    """Innermost, and by its kind synchronous, which makes all that stands around it so.

    Middleware that could run on the event loop as well goes there and back to the request's thread for each
    of its halves, some thirty times a request. Now the request goes to its thread once.
    """
    return get_response


LANGUAGE_SWITCHES = ("lengua", "lang")
FOR_PROGRAMS = "/api/"


class ReadersLanguage(LocaleMiddleware):
    """The language of this answer: that of the address, of this device, of the profile, of the browser, ours.

    `?lengua=en` (or `?lang=en`) on any page is a choice for this device: kept in the cookie that the
    footer's buttons set, and taken off the address. Who has chosen nothing gets what their browser asks for.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        if response := switched(request):
            return response
        translation.activate(
            known_language(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
            or known_language(getattr(request.user, "language", ""))
            or translation.get_language_from_request(request)
        )
        request.LANGUAGE_CODE = translation.get_language()
        return None


def known_language(code: str) -> str:
    """`code`, if the site speaks it; else nothing."""
    return code if code in dict(settings.LANGUAGES) else ""


def switched(request: HttpRequest) -> HttpResponse | None:
    """The redirect to the same address without its language switch; None when it has none.

    None for the API, too: a program has its headers, keeps no cookie, and follows no redirect unasked.
    """
    if request.method not in {"GET", "HEAD"} or request.path.startswith(FOR_PROGRAMS):
        return None
    asked = [request.GET[name] for name in LANGUAGE_SWITCHES if name in request.GET]
    if not asked:
        return None
    rest = request.GET.copy()
    for name in LANGUAGE_SWITCHES:
        rest.pop(name, None)
    query = rest.urlencode()
    response = HttpResponseRedirect(escape_leading_slashes(request.path) + (f"?{query}" if query else ""))
    if code := known_language(asked[0]):
        keep_language(response, code)
    return response


def keep_language(response: HttpResponse, code: str) -> None:
    """Let this device speak `code` from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


class ReadersTime(MiddlewareMixin):
    """Dates are told in the time zone of the profile; without one, in the site's."""

    def process_request(self, request: HttpRequest) -> None:
        zone = getattr(request.user, "time_zone", "")
        try:
            timezone.activate(zone or settings.TIME_ZONE)
        except ZoneInfoNotFoundError:  # a zone that this machine's tables no longer know
            timezone.deactivate()

    def process_response(self, _request: HttpRequest, response: HttpResponse) -> HttpResponse:
        timezone.deactivate()
        return response
