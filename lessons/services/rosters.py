"""Who is in which cohort and with which role, as those who teach decide it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from lessons.mails import enrolled_mail
from lessons.models import Cohort, Enrolment, Role
from lessons.rosters import Line

from .enrolling import put_into
from .inviting import invite

logger = logging.getLogger(__name__)


class NotTheirs(Exception):
    """That role is not given or taken here: an instructor's, or one's own."""


@transaction.atomic
def add(*, cohort: Cohort, line: Line, by: User, at: datetime | None = None) -> Enrolment | None:
    """Give whoever has the confirmed address a place in the cohort, and write to them.

    None: nobody has it, so it was invited, or had been. Raises `enrolling.InAnotherCohort`.
    """
    at = at or now()
    known = EmailAddress.objects.filter(email__iexact=line.email, verified=True, user__is_active=True)
    address = known.select_related("user").first()
    if address is None:
        invite(cohort=cohort, lines=[line], by=by, at=at)
        return None
    there = Enrolment.objects.filter(student=address.user, course=cohort.course).first()
    place = put_into(student=address.user, cohort=cohort, at=at, role=line.role)
    if there is None:
        transaction.on_commit(lambda: _write_to(place, by))
    return place


def _write_to(place: Enrolment, by: User) -> None:
    """Their place stands whether or not the mail server does."""
    try:
        enrolled_mail(place, by=by).send()
    except (SMTPException, OSError):
        logger.exception("the mail about enrolment %s did not leave", place.pk)


def move(*, places: Sequence[Enrolment], cohort: Cohort | None) -> int:
    """Put students into another cohort, or into none; returns how many moved. Their extensions stay."""
    moving = Enrolment.objects.filter(pk__in=[place.pk for place in places], role=Role.STUDENT)
    return moving.exclude(cohort=cohort).update(cohort=cohort) if cohort else moving.update(cohort=None)


@transaction.atomic
def change_role(*, place: Enrolment, role: Role, by: User) -> None:
    """Make a student an assistant of their cohort, or an assistant a student again.

    Raises NotTheirs.
    """
    both = {Role.STUDENT, Role.ASSISTANT}
    if place.student_id == by.pk or place.role not in both or role not in both:
        raise NotTheirs
    place.role = role
    place.whole_course = role == Role.STUDENT
    place.save(update_fields=["role", "whole_course"])
    place.cohorts_taught.set([place.cohort] if role == Role.ASSISTANT and place.cohort else [])
