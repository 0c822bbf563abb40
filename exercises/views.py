"""The draft of an exercise, saved by the editor as the student types."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from exercises import selectors, services
from exercises.access import Request, for_student_of_exercise
from exercises.models import Draft, Exercise, KeepReason


def draft_state(draft: Draft | None) -> dict[str, Any]:
    """The draft as the editor knows it; revision 0 is "none yet"."""
    if draft is None:
        return {"source": None, "revision": 0, "saved_at": None}
    return {"source": draft.source, "revision": draft.revision, "saved_at": draft.updated_at}


@require_http_methods(["GET", "PUT", "POST"])
@never_cache
@for_student_of_exercise
def draft(request: Request, exercise: Exercise) -> HttpResponse:
    """Read or save the draft: `{"source", "revision", "keep"?}`; 409 carries the stored one."""
    if request.method == "GET":
        return JsonResponse(draft_state(selectors.draft_of(student=request.user, exercise=exercise)))
    try:
        body = json.loads(request.body)
        source, revision = body["source"], body["revision"]
        keep = KeepReason(body["keep"]) if body.get("keep") else None
        if not isinstance(source, str) or type(revision) is not int or revision < 0:
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse(
            {"code": "bad_request", "message": _("No se entiende lo que se quiso guardar.")}, status=400
        )
    try:
        saved = services.save_draft(
            student=request.user, exercise=exercise, source=source, revision=revision, keep=keep
        )
    except services.DraftConflict as conflict:
        message = _("Hay otra versión guardada desde otra pestaña o dispositivo.")
        return JsonResponse(
            {"code": "conflict", "message": message, **draft_state(conflict.stored)}, status=409
        )
    except services.DraftRefused as refusal:
        return JsonResponse({"code": refusal.code, "message": refusal.message}, status=422)
    return JsonResponse({"revision": saved.revision, "saved_at": saved.updated_at})
