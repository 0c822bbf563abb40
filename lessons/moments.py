"""A time on a wall clock as a moment, and the two hours a year in which that is not plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models import Cohort

ON_THE_CLOCK = "%Y-%m-%dT%H:%M"
YEARS = range(2000, 2200)


class NotATime(ValueError):
    """What was written is no time of a calendar; the text says what is."""


class Skipped(ValueError):
    """The clock never shows that time, for it was put forward over it; the text says from when to when."""


@dataclass(frozen=True)
class Read:
    """A moment as it was read; `twice` where the clock shows that time two times and the later one holds."""

    at: datetime
    twice: bool = False


def zone_of_cohort(cohort: Cohort | None) -> ZoneInfo:
    """The time zone of the cohort; the site's where it has none, or one that this machine does not know."""
    return zone_named(cohort.time_zone if cohort else "")


def zone_named(name: str) -> ZoneInfo:
    """The time zone `name`, else the site's."""
    try:
        return ZoneInfo(name or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def city_of(zone: ZoneInfo) -> str:
    """What the zone is called on a page."""
    return str(zone.key).rpartition("/")[2].replace("_", " ")


def on_the_clock(at: datetime | None, zone: ZoneInfo) -> str:
    """The moment as a field for date and time shows it; empty for None."""
    return at.astimezone(zone).strftime(ON_THE_CLOCK) if at else ""


def read_clock(text: str, zone: ZoneInfo, *, before: datetime | None = None) -> Read | None:
    """The moment at which a clock in `zone` shows `text`, such as 2026-10-25T02:30; None for an empty one.

    A time that comes twice is taken for the later one, which takes nothing from anybody. `before` is the
    moment that stood in the field: the same text again means it, whichever of the two it was.
    Raises NotATime and Skipped.
    """
    text = text.strip().replace(" ", "T", 1)
    if not text:
        return None
    if before is not None and text[:16] == on_the_clock(before, zone):
        return Read(before)
    try:
        shown = datetime.strptime(text[:16], ON_THE_CLOCK)
    except ValueError:
        raise NotATime(_("Escribe fecha y hora, por ejemplo 2026-11-27 23:59.")) from None
    if shown.year not in YEARS:
        raise NotATime(_("Ese año no puede ser."))
    early, late = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return Read(early.astimezone(UTC))
    if late.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != shown:
        raise Skipped(_skipped(shown, zone))
    return Read(late.astimezone(UTC), twice=True)


def _skipped(shown: datetime, zone: ZoneInfo) -> str:
    """Why there is no such time, and which one comes first after it."""
    early, late = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    first = late.astimezone(UTC)
    while first.astimezone(zone).utcoffset() == early.utcoffset():
        first += timedelta(minutes=1)
    step = (late.utcoffset() or timedelta()) - (early.utcoffset() or timedelta())
    return _(
        "El %(day)s no hay %(time)s en %(city)s: el reloj se adelanta %(minutes)d minutos. "
        "La primera hora que sí existe es %(first)s."
    ) % {
        "day": date_format(shown, "j M Y").lower(),
        "time": f"{shown:%H:%M}",
        "city": city_of(zone),
        "minutes": step.total_seconds() // 60,
        "first": f"{first.astimezone(zone):%H:%M}",
    }


def told_twice(read: Read, zone: ZoneInfo) -> str:
    """What is said of a time that comes twice."""
    local = read.at.astimezone(zone)
    return _("El %(day)s son las %(time)s dos veces en %(city)s; cuenta la segunda (%(utc)s UTC).") % {
        "day": date_format(local, "j M Y").lower(),
        "time": f"{local:%H:%M}",
        "city": city_of(zone),
        "utc": f"{read.at.astimezone(UTC):%H:%M}",
    }
