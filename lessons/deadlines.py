"""When something is due, once all that decides it is known. No query here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

THROUGH_ITS_MINUTE = timedelta(minutes=1)
"""Who reads 23:59 has the whole of that minute."""


@dataclass(frozen=True)
class Due:
    """A moment by which something counts; `extended` where it is the student's own."""

    at: datetime
    extended: bool = False

    def is_over(self, at: datetime) -> bool:
        """Whether what comes at `at` comes too late."""
        return at >= self.at + THROUGH_ITS_MINUTE


@dataclass(frozen=True)
class Dates:
    """What decides when one student is due: the end of the cohort, its deadlines and their extensions.

    The two mappings go from a unit's number to a moment. Without a cohort all is empty: nothing is ever due.
    """

    ends_at: datetime | None = None
    of_cohort: Mapping[int, datetime] = field(default_factory=dict)
    extensions: Mapping[int, datetime] = field(default_factory=dict)

    def due(self, unit: int, *, own: datetime | None = None) -> Due | None:
        """When the unit of that number is due; `own` takes the place of the unit's deadline. None: never.

        Nothing counts after the cohort has ended, unless an extension says so.
        """
        bounds = [at for at in (own or self.of_cohort.get(unit), self.ends_at) if at]
        if not bounds:
            return None
        until = self.extensions.get(unit)
        return Due(until, extended=True) if until and until > min(bounds) else Due(min(bounds))
