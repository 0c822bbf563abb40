"""Who may open a teacher's page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from exercises.access import Request, login_or_401
from lessons.models import Course, Enrolment, Role
from lessons.selectors import teaching_of
from lessons.selectors.people import cohorts_of


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the enrolment by which the person teaches the course of the address; 404 to others."""

    @wraps(view)
    @login_or_401
    def checked(request: Request, course: str, **rest: Any) -> HttpResponse:
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


def for_staff_of_cohort(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `for_staff`, and give the view the cohort of the address; 404 for one that they do not teach."""

    @wraps(view)
    @for_staff
    def checked(request: Request, teaching: Enrolment, cohort: int, **rest: Any) -> HttpResponse:
        found = cohorts_of(teaching).filter(pk=cohort).first()
        if found is None:
            raise Http404
        found.course = teaching.course
        return view(request, teaching, found, **rest)

    return checked


def for_instructors_of_cohort(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `for_staff_of_cohort`, for what an assistant may not do."""

    @wraps(view)
    @for_staff_of_cohort
    def checked(request: Request, teaching: Enrolment, *args: Any, **rest: Any) -> HttpResponse:
        if teaching.role != Role.INSTRUCTOR:
            raise Http404
        return view(request, teaching, *args, **rest)

    return checked
