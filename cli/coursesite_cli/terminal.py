"""Where the program speaks: a terminal with colours, a pipe with plain lines, or JSON for a script."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TextIO

from rich.console import Console, RenderableType

from .watching import Signs


@dataclass(frozen=True)
class Terminal:
    """The three streams of the process, and whether a script wants JSON."""

    input: TextIO
    out: TextIO
    err: TextIO
    json: bool = False

    @cached_property
    def console(self) -> Console:
        """rich's, which leaves colours out where they would not be seen."""
        return Console(file=self.out, highlight=False, markup=False, emoji=False, soft_wrap=True)

    @cached_property
    def signs(self) -> Signs:
        """What this terminal's encoding can show."""
        return Signs(braille=(self.out.encoding or "").lower().replace("-", "").startswith("utf"))

    @property
    def live(self) -> bool:
        """Whether pictures may move."""
        return not self.json and self.out.isatty() and os.environ.get("TERM") != "dumb"

    def say(self, *told: RenderableType) -> None:
        """Some lines for a reader; nothing where JSON is wanted."""
        if not self.json:
            for one in told:
                if self.out.isatty():
                    self.console.print(one)
                else:
                    print(str(one), file=self.out, flush=True)  # rich would turn tabs into spaces

    def note(self, text: str) -> None:
        """Something on the side: it does not mix with what was asked for."""
        print(text, file=self.err, flush=True)

    def answer(self, value: Any) -> None:
        """What was asked for, where JSON is wanted."""
        if self.json:
            print(json.dumps(value, ensure_ascii=False, indent=1), file=self.out, flush=True)
