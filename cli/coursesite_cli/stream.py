"""A submission as it goes on: its server-sent events, resumed where they broke off, or asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from .api import Json, Site
from .trouble import Exit, Trouble

FINAL = {"graded", "system_error", "cancelled"}
SILENCE = 15.0  # the site says something every five seconds
POLL = 2.0
AGAIN = 0.25  # after a stream that brought something
ENOUGH = 2  # streams that brought nothing: something on the way holds them back


@dataclass(frozen=True)
class Event:
    """One event; `id` is empty for those that come from the database and not from the stream."""

    kind: str
    data: Any
    id: str = ""


def parse(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a text/event-stream, whose data is JSON; comments and what is no JSON are passed over."""
    kind, data, last = "message", list[str](), ""
    for line in lines:
        if line:
            name, _colon, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                kind = value
            elif name == "data":
                data.append(value)
            elif name == "id" and "\0" not in value:
                last = value
            continue
        named, kind = kind, "message"
        if data:
            text, data = "\n".join(data), []
            try:
                told = json.loads(text)
            except ValueError:
                continue
            yield Event(named, told, last)


def state_event(state: Json) -> Event:
    """How a submission stands, as the stream would say it."""
    return Event("verdict" if state["state"] in FINAL else "state", state)


def follow(
    site: Site, submission_id: str, *, poll: float = POLL, silence: float = SILENCE
) -> Iterator[Event]:
    """The events of a submission until its verdict, which comes last and once.

    A stream that breaks is taken up after the last event seen. While there is none, the submission is
    asked for instead. Raises Trouble when the site is silent for longer than its patience, or knows of no
    such submission.
    """
    last, fruitless = "", 0
    while True:
        heard = over = False
        if fruitless < ENOUGH:
            try:
                with site.stream(
                    f"submissions/{submission_id}/events/", after=last, silence=silence
                ) as lines:
                    for event in parse(lines):
                        heard, last = True, event.id or last
                        over = over or event.kind == "verdict"
                        if not over:  # after it the site notes that its news were seen, and closes
                            yield event
            except httpx.TransportError:
                pass
            except Trouble as trouble:
                if trouble.exit is Exit.NO_CONTACT and trouble.code != "not_a_site":
                    raise
            fruitless = 0 if heard else fruitless + 1
        state = state_event(site.get(f"submissions/{submission_id}/"))
        yield state
        if state.kind == "verdict":
            return
        if not over:
            time.sleep(AGAIN if heard else poll)
