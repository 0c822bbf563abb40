"""Who reads, and which course they may know of."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from lessons.models import Course
from lessons.selectors import courses_for


def reader(request: HttpRequest) -> User | None:
    """Who reads; None when signed out."""
    return request.user if isinstance(request.user, User) else None


def find_course(request: HttpRequest, slug: str) -> Course:
    """The course of an address; 404 where there is none, or an unpublished one that they do not teach."""
    return get_object_or_404(courses_for(reader(request)), slug=slug)
