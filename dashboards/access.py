"""Who may open a teacher's page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from lessons.models import Course, Enrolment, Role
from lessons.selectors import teaching_of


class Request(HttpRequest):
    """What a view behind `for_staff` is given: for type checkers only."""

    user: User


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the enrolment by which the person teaches the course of the address; 404 to others."""

    @wraps(view)
    def checked(request: Request, course: str, **rest: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        found = Course.objects.filter(slug=course).first()
        teaching = teaching_of(teacher=request.user, course=found) if found else None
        if found is None or teaching is None:
            raise Http404
        teaching.course = found
        return view(request, teaching, **rest)

    return checked


def for_instructors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `for_staff`, for what an assistant may not do."""

    @wraps(view)
    @for_staff
    def checked(request: Request, teaching: Enrolment, **rest: Any) -> HttpResponse:
        if teaching.role != Role.INSTRUCTOR:
            raise Http404
        return view(request, teaching, **rest)

    return checked
