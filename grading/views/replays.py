"""A student's recorded runs, for the race lab."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from exercises.access import Request, login_or_401
from grading.replays import replays_of
from lessons.selectors import courses_for


@require_GET
@never_cache
@login_or_401
def replays(request: Request, course: str) -> HttpResponse:
    """Always the reader's own: nobody asks for another's."""
    found = get_object_or_404(courses_for(request.user), slug=course)
    return JsonResponse({"replays": replays_of(student=request.user, course=found)})
