"""What the reader of a teacher's page chose, read from the address; what makes no sense is not chosen."""

from __future__ import annotations

from django.http import HttpRequest

from dashboards.selectors.roster import Only, Order, Wanted
from lessons.models import Cohort, Enrolment
from lessons.selectors.people import cohorts_of

LONGEST = 100


def number(text: str, otherwise: int) -> int:
    """A positive whole number of the address, else `otherwise`."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0 else otherwise


def cohort_of(request: HttpRequest, teaching: Enrolment) -> Cohort | None:
    """The cohort that the address asks for, if the reader teaches it."""
    wanted = number(request.GET.get("cohort", ""), 0)
    return cohorts_of(teaching).filter(pk=wanted).first() if wanted else None


def wanted_by(request: HttpRequest, teaching: Enrolment) -> Wanted:
    """The choices of the address. At most 2 queries."""
    order, only = request.GET.get("order", ""), request.GET.get("only", "")
    idea = request.GET.get("idea", "")[:LONGEST]
    unit = number(request.GET.get("unit", ""), 0)
    return Wanted(
        unit=teaching.course.units.filter(number=unit).first() if unit else None,
        cohort=cohort_of(request, teaching),
        order=Order(order) if order in [*Order] else Order.NEED,
        only=Only.STUCK if idea else Only(only) if only in [*Only] else Only.ALL,
        idea=idea,
        text=request.GET.get("q", "")[:LONGEST].strip(),
        page=number(request.GET.get("page", ""), 1),
    )
