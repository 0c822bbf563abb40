"""Who may open an exercise."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts.models import User
from exercises import selectors


class Request(HttpRequest):
    """What a view behind `login_or_401` is given: for type checkers only."""

    user: User
    csp_nonce: str


def wants_json(request: HttpRequest) -> bool:
    """Whether the asker sends or prefers JSON to a page."""
    if request.content_type == "application/json":
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def signed_out(request: HttpRequest) -> HttpResponse:
    """To sign in, and back; a script hears 401, so that it can keep the text and say so."""
    if wants_json(request):
        message = _("Tu sesión caducó. Entra en otra pestaña y sigue: no se pierde nada.")
        return JsonResponse({"code": "signed_out", "message": message}, status=401)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def login_or_401(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only people who are signed in through."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else signed_out(request)

    return checked


def for_student_of_exercise(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the exercise of its address: 404, not 403, to whoever may not know that it exists."""

    @wraps(view)
    @login_or_401
    def checked(request: Request, course: str, exercise: str, **rest: Any) -> HttpResponse:
        found = selectors.exercise_for(student=request.user, course=course, slug=exercise)
        if found is None:
            raise Http404
        return view(request, found, **rest)

    return checked
