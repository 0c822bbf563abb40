"""Where labs hear of the reader's own optimisers, without knowing the app that grades them."""

from __future__ import annotations

from collections.abc import Callable

from .models import Course

Address = Callable[[Course], str]
_addresses: list[Address] = []


def provide_replays(address: Address) -> None:
    """Register where a course's replays are told, when its app is ready."""
    if address not in _addresses:
        _addresses.append(address)


def replays_url(course: Course) -> str:
    """The address at which a student's recorded runs are told; empty where no app has any."""
    return next((address(course) for address in _addresses), "")
