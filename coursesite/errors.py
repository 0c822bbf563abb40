"""Error pages, and the address that load balancers ask."""

from __future__ import annotations

import logging
import secrets

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault, with a reference that stands in the log too; renders without database or session."""
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    logger.error("reference %s: the answer to %s %s was a 500", reference, request.method, request.path)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while this process can answer and reach its database, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})
