"""How the program ends, and what it says when it cannot go on."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """The exit status. docs/cli.md lists them for those who write scripts."""

    PASSED = 0
    NOT_PASSED = 1
    REFUSED = 2
    SITE_FAULT = 3
    NO_CONTACT = 4
    CANCELLED = 5
    INTERRUPTED = 130


class Trouble(Exception):
    """The end of a command: what was wrong and what to do; `code` is for programs."""

    def __init__(self, text: str, *, exit: Exit, code: str) -> None:  # noqa: A002 - it is the exit status
        super().__init__(text)
        self.text = text
        self.exit = exit
        self.code = code


def refused(text: str, code: str = "refused") -> Trouble:
    """What was asked makes no sense here, or was not granted."""
    return Trouble(text, exit=Exit.REFUSED, code=code)


def no_contact(text: str, code: str = "no_contact") -> Trouble:
    """The site could not be reached, or does not know who asks."""
    return Trouble(text, exit=Exit.NO_CONTACT, code=code)
