"""The mails about places in courses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.digest import address, zone_of
from accounts.models import User
from lessons.models import Cohort, Enrolment, Invitation
from lessons.moments import zone_of_cohort


def invitation_mail(invitation: Invitation, *, token: str) -> EmailMessage:
    """The mail with the link. To a stranger in the site's language, to whom we know in theirs."""
    person = User.objects.filter(email__iexact=invitation.email).first()
    context = {
        "invitation": invitation,
        "cohort": invitation.cohort,
        "course": invitation.cohort.course,
        "link": address(reverse("lessons:open_invitation", args=[token])),
    }
    return _mail("invitation", invitation.email, person, invitation.cohort, context)


def enrolled_mail(enrolment: Enrolment, *, by: User) -> EmailMessage:
    """That a teacher has given them a place."""
    context = {
        "cohort": enrolment.cohort,
        "course": enrolment.course,
        "by": by,
        "link": address(enrolment.course.get_absolute_url()),
        "leave": address(reverse("lessons:leave", args=[enrolment.course.slug])),
    }
    return _mail("enrolled", enrolment.student.email, enrolment.student, enrolment.cohort, context)


def _mail(
    what: str, to: str, person: User | None, cohort: Cohort | None, context: dict[str, Any]
) -> EmailMessage:
    """lessons/mail/<what>.txt in the language and time of `person`, else those of the cohort."""
    language = person.language if person and person.language else settings.LANGUAGE_CODE
    zone = zone_of(person) if person and person.time_zone else zone_of_cohort(cohort)
    with translation.override(language), timezone.override(zone):
        text = render_to_string(f"lessons/mail/{what}.txt", context)
    subject, _blank, body = text.strip().partition("\n\n")
    subject = " ".join(subject.split())
    return EmailMessage(subject=subject, body=body, to=[to], headers={"Auto-Submitted": "auto-generated"})
