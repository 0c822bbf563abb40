"""How many answers one person may hold open at once: live events, and waiting for a lesson's code.

Each costs this process a connection to Redis for as long as it lasts. Counted in each web process.
"""

from __future__ import annotations

from collections import Counter

STREAMS_PER_PERSON = 8
streams_open: Counter[int] = Counter()


class Place:
    """One of a person's places, held until it is given back or nobody knows it any more."""

    def __init__(self, person_id: int) -> None:
        self.person_id = person_id
        self.held = True
        streams_open[person_id] += 1

    def give_back(self) -> None:
        """Let another have it; a second time does nothing."""
        if self.held:
            self.held = False
            streams_open[self.person_id] -= 1

    __del__ = give_back  # a reader who is gone before the first byte leaves a stream that never begins


def take(person_id: int) -> Place | None:
    """A place for the person; None when they hold as many as they may."""
    return Place(person_id) if streams_open[person_id] < STREAMS_PER_PERSON else None
