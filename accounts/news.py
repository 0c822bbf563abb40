"""A notification as a sentence, in the language and the time zone that are active."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Notification, NotificationKind

Facts = Mapping[str, Any]
NEAR = timedelta(days=20)


def sentence(notification: Notification) -> str:
    """What happened, of the kind and the facts; plain text, to be escaped where it is shown."""
    return SENTENCES[NotificationKind(notification.kind)](notification.facts)


def _graded(facts: Facts) -> str:
    return _("«%(exercise)s», corregida: %(passed)s de %(total)s grupos, %(points)s puntos.") % facts


def _comment(facts: Facts) -> str:
    if facts.get("line") is None:
        return _("%(author)s ha comentado la entrega de «%(exercise)s».") % facts
    return _("%(author)s ha comentado la línea %(line)s en «%(exercise)s».") % facts


def _regrade(facts: Facts) -> str:
    if not facts.get("new_version", True):
        return _("«%(exercise)s», recalificada: %(before)s → %(after)s. La anterior se conserva.") % facts
    return (
        _(
            "«%(exercise)s», recalificada con la versión nueva: %(before)s → %(after)s. "
            "La anterior se conserva."
        )
        % facts
    )


def _deadline(facts: Facts) -> str:
    due = parse_datetime(str(facts["due_at"]))
    return _("«%(what)s» vence el %(when)s.") % {"what": facts["what"], "when": due and moment(due)}


def moment(at: datetime) -> str:
    """A moment in the reader's zone and in UTC: «vie 27, 23:59 (tu hora, Madrid; 22:59 UTC)».

    With the month once the day alone could be another's, and UTC's own day where it is another one.
    """
    local, universal = timezone.localtime(at), at.astimezone(UTC)
    near = abs(at - timezone.now()) < NEAR
    here = date_format(local, "D j, H:i" if near else "D j M, H:i").lower()
    if not near and local.year != timezone.localtime().year:
        here = date_format(local, "D j M Y, H:i").lower()
    if local.utcoffset() == universal.utcoffset():
        return _("%(here)s (UTC)") % {"here": here}
    city = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
    return _("%(here)s (tu hora, %(city)s; %(utc)s UTC)") % {
        "here": here,
        "city": city,
        "utc": date_format(universal, "H:i" if universal.date() == local.date() else "D j, H:i").lower(),
    }


SENTENCES: dict[NotificationKind, Callable[[Facts], str]] = {
    NotificationKind.GRADED: _graded,
    NotificationKind.COMMENT: _comment,
    NotificationKind.REGRADE: _regrade,
    NotificationKind.DEADLINE: _deadline,
}
ICONS = {
    NotificationKind.GRADED: "circle-check",
    NotificationKind.COMMENT: "pencil",
    NotificationKind.REGRADE: "rotate-ccw",
    NotificationKind.DEADLINE: "clock",
}
