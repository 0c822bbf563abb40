"""Error pages, and the address that load balancers ask."""

from __future__ import annotations

import logging
import secrets
import sys

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.api.problems import Refusal, problem_response

logger = logging.getLogger(__name__)

OUT_OF_REACH = (OperationalError, InterfaceError)
COME_BACK = 5  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault, with a reference that stands in the log too; renders without database or session."""
    if isinstance(error := sys.exc_info()[1], OUT_OF_REACH):
        return unavailable(request, error)
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    logger.error("reference %s: the answer to %s %s was a 500", reference, request.method, request.path)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """503: the database is out of reach or takes nothing. Who sent a form finds it there, to send it again.

    Again as it was, its token included: where the first had come through after all, it counts once.
    """
    logger.error("the database left %s %s: %s", request.method, request.path, error)
    if request.method == "POST":
        message = _(
            "No es cosa tuya: ahora mismo no podemos guardar nada. Lo que enviaste sigue aquí; "
            "envíalo otra vez dentro de un momento."
        )
    else:
        message = _("No es cosa tuya: ahora mismo no llegamos a los datos. Prueba dentro de un momento.")
    response: HttpResponse
    if request.path.startswith("/api/"):
        refusal = Refusal(status_code=503, code="unavailable", message=message, wait=COME_BACK)
        return problem_response(refusal)
    if "json" in request.headers.get("Accept", ""):
        response = JsonResponse({"code": "unavailable", "message": message}, status=503)
    else:
        response = HttpResponse(
            render_to_string("503.html", sent_back(request) | {"message": message}), status=503
        )
    response["Retry-After"] = str(COME_BACK)
    return response


def sent_back(request: HttpRequest) -> dict[str, object]:
    """The fields of the form that came, several lines to be seen, the rest unseen; nothing of a password."""
    if request.method != "POST" or request.FILES or any("password" in name for name in request.POST):
        return {}
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    return {
        "action": request.get_full_path(),
        "csrf_token": get_token(request),
        "shown": [(name, value) for name, value in fields if "\n" in value],
        "hidden": [(name, value) for name, value in fields if "\n" not in value],
    }


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while this process can answer and reach its database, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})
