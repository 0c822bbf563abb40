"""What a list of people would do to a cohort, the invitations that are open, and the one of a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lessons.models import Cohort, Enrolment, Invitation, Role
from lessons.rosters import Line


class Outcome(models.TextChoices):
    """What happens to a line of a list once it is confirmed."""

    INVITE = "invite", gettext_lazy("se invita")
    RENEW = "renew", gettext_lazy("se invita otra vez")
    INVITED = "invited", gettext_lazy("ya tiene invitación")
    ENROLLED = "enrolled", gettext_lazy("ya está en el curso")
    BAD = "bad", gettext_lazy("no se puede")


@dataclass(frozen=True)
class Planned:
    """A line with what would happen, and why nothing would."""

    line: Line
    outcome: Outcome
    reason: str = ""

    @property
    def acts(self) -> bool:
        """Whether confirming does anything for this line."""
        return self.outcome in {Outcome.INVITE, Outcome.RENEW}


def plan_of(*, cohort: Cohort, lines: Sequence[Line], at: datetime) -> list[Planned]:
    """What inviting `lines` into the cohort would do, line by line. 2 queries, however many there are."""
    addresses = {line.email for line in lines if not line.problem}
    places = {
        str(email): (role, name)
        for email, role, name in Enrolment.objects.filter(course=cohort.course_id)
        .annotate(address=Lower("student__email"))
        .filter(address__in=addresses)
        .values_list("address", "role", "cohort__name")
    }
    unanswered = Invitation.objects.filter(
        cohort__course=cohort.course_id, accepted_at__isnull=True, revoked_at__isnull=True
    )
    invited: dict[str, list[tuple[int, str, datetime]]] = defaultdict(list)
    for email, group, name, until in (
        unanswered.annotate(address=Lower("email"))
        .filter(address__in=addresses)
        .values_list("address", "cohort_id", "cohort__name", "expires_at")
    ):
        invited[str(email)].append((group, name, until))

    def planned(line: Line) -> Planned:
        if line.problem:
            return Planned(line, Outcome.BAD, line.problem)
        if line.email in places:
            role, name = places[line.email]
            if role != Role.STUDENT:
                return Planned(line, Outcome.ENROLLED, _("Da clase en el curso."))
            return Planned(line, Outcome.ENROLLED, _("Grupo: %(name)s") % {"name": name} if name else "")
        asked = invited.get(line.email, [])
        if holding := next((name for _group, name, until in asked if until > at), None):
            return Planned(line, Outcome.INVITED, _("Grupo: %(name)s") % {"name": holding})
        if any(group == cohort.pk for group, _name, _until in asked):
            return Planned(line, Outcome.RENEW, _("La invitación anterior caducó."))
        return Planned(line, Outcome.INVITE)

    return [planned(line) for line in lines]


def open_invitations(cohort: Cohort) -> QuerySet[Invitation]:
    """Neither accepted nor revoked, expired ones too: by address. No query yet."""
    return (
        Invitation.objects.filter(cohort=cohort, accepted_at__isnull=True, revoked_at__isnull=True)
        .select_related("invited_by")
        .order_by("email")
    )


def invitation_by(digest: str) -> Invitation | None:
    """The invitation whose token has this digest, with its course. 1 query."""
    found = Invitation.objects.select_related("cohort__course", "invited_by")
    return found.filter(digest=digest).first()
