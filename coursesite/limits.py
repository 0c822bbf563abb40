"""How much one person may send in a minute, whatever it is."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

MINUTE = 60
READING = {"GET", "HEAD", "OPTIONS"}


class WritesAreCounted(MiddlewareMixin):
    """Answers 429 to who is signed in and sends more than `WRITES_PER_MINUTE`; reading is not counted.

    Far above what hands can do: it meets a script in a loop, whose rows would stay. Who is not signed in
    can write nothing but the forms of the account, and programs by their token nothing but the API, which
    count for themselves.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.method in READING or not request.user.is_authenticated:
            return None
        minute, spent = divmod(int(time.time()), MINUTE)
        name = f"writes:{request.user.pk}:{minute}"
        cache.add(name, 0, 2 * MINUTE)
        try:
            sent = cache.incr(name)
        except ValueError:  # dropped from a full cache since the line above
            return None
        return slow_down(request, MINUTE - spent) if sent > settings.WRITES_PER_MINUTE else None


def slow_down(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the seconds to wait, as JSON for a script."""
    sentence = _("Has enviado mucho en poco tiempo. Espera un minuto y prueba otra vez.")
    response: HttpResponse
    if "json" in request.headers.get("Accept", "") or request.content_type == "application/json":
        response = JsonResponse({"code": "too_many", "message": sentence}, status=429)
    else:
        response = render(request, "429.html", {"sentence": sentence}, status=429)
    response["Retry-After"] = str(seconds)
    return response
