"""Running a lesson's code: one request starts it, another waits for how it ended."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from redis.exceptions import RedisError

from exercises.access import Request, login_or_401
from grading import code_runs, streams
from grading.services import Refused
from lessons.selectors import courses_for

WAIT_SECONDS = 10.0
STATUS_OF = {"not_enrolled": 403, "busy": 429, "no_broker": 503}


@require_POST
@login_or_401
def run(request: Request, course: str) -> HttpResponse:
    """Start the posted `source` in the posted `runtime`; answers 202 with the address of the outcome."""
    found = get_object_or_404(courses_for(request.user), slug=course)
    source = request.POST.get("source", "").replace("\r\n", "\n")
    try:
        token = code_runs.start(
            student=request.user, course=found, source=source, runtime=request.POST.get("runtime", "")
        )
    except Refused as refusal:
        status = STATUS_OF.get(refusal.code, 422)
        return JsonResponse({"code": refusal.code, "message": refusal.message}, status=status)
    return JsonResponse({"outcome": reverse("grading:code_outcome", args=[token])}, status=202)


@require_GET
@never_cache
async def outcome(request: HttpRequest, token: str) -> HttpResponse:
    """How the run ended, as soon as it is known; 202 if that takes longer than ten seconds."""
    person = await request.auser()
    if not person.is_authenticated:
        return JsonResponse({"code": "signed_out"}, status=401)
    run_id = await sync_to_async(code_runs.run_of)(token=token, student=person)
    if run_id is None:
        return JsonResponse({"code": "unknown"}, status=404)
    place = streams.take(person.pk)
    if place is None:
        return JsonResponse({"code": "too_many_streams"}, status=429)
    try:
        ended = await code_runs.outcome(run_id, wait_seconds=WAIT_SECONDS)
    except (RedisError, OSError):
        message = _("Fallo nuestro: ahora no se puede ejecutar. Prueba en un minuto.")
        return JsonResponse({"code": "no_broker", "message": message}, status=503)
    finally:
        place.give_back()
    return JsonResponse(ended) if ended else JsonResponse({"state": "running"}, status=202)
