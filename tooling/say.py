"""What the person at the terminal reads: colours, times, and refusals that say what to do."""

from __future__ import annotations

import os
import sys

COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36, "grey": 90, "bold": 1}


class Refusal(Exception):
    """`./dev` will not go on. Its text is one sentence that says why and what to do."""


def live() -> bool:
    """Whether a person watches: a terminal that can redraw its last line."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: str) -> str:
    """`text` in `colour`, unless nobody could see it or NO_COLOR asks for plain text."""
    if os.environ.get("NO_COLOR") or not live():
        return text
    return f"\033[{COLOURS[colour]}m{text}\033[0m"


def line(text: str = "") -> None:
    """One line, at once."""
    print(text, flush=True)


def warn(text: str) -> None:
    """One line that should not be overlooked."""
    line(f"{paint('!', 'yellow')} {text}")


def seconds(spent: float) -> str:
    """A length of time as a person says it: 0.4 s, 12 s, 2 min 05 s."""
    if spent < 10:
        return f"{spent:.1f} s"
    if spent < 100:
        return f"{spent:.0f} s"
    return f"{int(spent // 60)} min {int(spent % 60):02d} s"
