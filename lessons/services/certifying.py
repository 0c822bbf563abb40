"""Giving a certificate, taking it back, and giving it anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from lessons.certificate_codes import new_code
from lessons.models import Certificate, Course, Enrolment
from lessons.selectors.certificate import CertificateState, certificate_state, facts_of
from lessons.selectors.outline import course_outline


class Refused(Exception):
    """No certificate is issued; the message says to the student why, and what to do."""


@transaction.atomic
def issue_certificate(*, student: User, course: Course) -> Certificate:
    """Give the student the course's certificate, once: a second call gives back the valid one.

    Their place in the course is locked meanwhile, so that two clicks take turns. One that was revoked is not
    given again by a click of its owner. Raises Refused.
    """
    place = Enrolment.objects.select_for_update().filter(student=student, course=course).first()
    state = certificate_state(outline=course_outline(course=course, student=student), student=student)
    if place is None or state is None:
        raise Refused(_("Este curso no da certificado a quien no participa en él."))
    if state.valid is not None:
        return state.valid
    refuse_unless_due(state)
    return Certificate.objects.create(
        student=student,
        course=course,
        code=new_code(),
        name=student.name,
        facts=facts_of(course=course, shares=state.shares),
    )


def refuse_unless_due(state: CertificateState) -> None:
    """Raises Refused, the first reason that holds."""
    if state.revoked is not None:
        raise Refused(_("Tu certificado fue revocado. Solo quien lleva el curso puede expedir otro."))
    if not state.earned:
        raise Refused(_("Todavía no cumples lo que pide el certificado."))
    if not state.name:
        raise Refused(
            _("El certificado lleva tu nombre y tu perfil no tiene ninguno. Escríbelo allí y vuelve.")
        )


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, at: datetime | None = None) -> bool:
    """Take the certificate back; anybody who checks it reads the reason. False if it was revoked already."""
    valid = Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=True)
    return bool(valid.update(revoked_at=at or now(), revoked_because=reason))


@transaction.atomic
def reissue_certificate(*, certificate: Certificate, at: datetime | None = None) -> Certificate:
    """Give another in its place, with a new code and the name that its owner has now.

    The first is revoked, if it was not. What was reached is what it says: it was earned then. Raises Refused
    where its owner has another valid one, no name, or no account any more.
    """
    Enrolment.ever.select_for_update().filter(
        student=certificate.student_id, course=certificate.course_id
    ).first()
    owner = certificate.student
    if owner.anonymised_at is not None:
        raise Refused(_("La cuenta de su titular ya no existe."))
    if not owner.name:
        raise Refused(_("El perfil de su titular no tiene nombre; un certificado lo lleva."))
    revoke_certificate(certificate=certificate, reason=_("Se expidió otro en su lugar."), at=at)
    others = Certificate.objects.filter(student=owner, course=certificate.course_id, revoked_at__isnull=True)
    if others.exists():
        raise Refused(_("Ya tiene otro certificado válido de este curso."))
    return Certificate.objects.create(
        student=owner,
        course_id=certificate.course_id,
        code=new_code(),
        name=owner.name,
        facts=certificate.facts,
    )
