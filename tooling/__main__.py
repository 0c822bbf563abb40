"""`./dev VERB`: the verbs, one line each."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from . import checking, ending, machine, passing_on, say, steps, testing, up

Verb = Callable[[list[str]], int]

VERBS: dict[str, tuple[Verb, str]] = {
    "up": (up.up, "run the site here: ./dev up [--port N] [--host H] [--no-torch]; Ctrl-C ends it"),
    "down": (ending.down, "end a site that runs in the background or elsewhere"),
    "test": (
        testing.test,
        "run the tests: ./dev test [fast|postgres|wall|security|browser|frontend|mutations|fuzz] [options]",
    ),
    "check": (checking.check, "lint, format, types, imports and courses, all at once"),
    "preview": (
        passing_on.preview,
        "write a course and watch it: ./dev preview [--port N]",
    ),
    "bench": (
        passing_on.bench,
        "measure: ./dev bench grading [--peers] [--docs] [--json FILE], ./dev bench chaos [--json FILE]",
    ),
    "manage": (passing_on.manage, "Django's commands: ./dev manage createsuperuser"),
    "install": (passing_on.install, f"only install: ./dev install [{'|'.join(passing_on.SETS)}]"),
    "lock": (passing_on.lock, "write requirements/*.txt anew from requirements/*.in"),
    "clean": (ending.clean, "delete what ./dev has made here, data included, after asking"),
}


def usage() -> str:
    """The list of verbs."""
    lines = [f"    {verb:<9}{told}" for verb, (_run, told) in VERBS.items()]
    return "\n".join(["./dev VERB [options]", "", *lines, f"    {'help':<9}this list", ""])


def main(words: list[str]) -> int:
    """Runs one verb; 2 for one that is not there, 1 for a refusal, else what the verb says."""
    verb, *rest = words or ["help"]
    if verb in {"help", "-h", "--help"}:
        print(usage(), end="")
        return 0
    if verb not in VERBS:
        print(f"dev: there is no verb {verb!r}\n\n{usage()}", end="", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return VERBS[verb][0](rest)
    except say.Refusal as refusal:
        print(f"dev: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        steps.end_children()
        return 130
    except OSError as fault:
        told = machine.explain(fault)
        if told is None:
            raise
        print(f"dev: {told}", file=sys.stderr)
        return 1


def _interrupt(_number: int, _frame: object) -> NoReturn:
    """SIGTERM ends an installation as Ctrl-C does; `up` takes both over once it supervises."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
