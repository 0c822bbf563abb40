"""Verbs that make sure of what a program needs, then hand over to it."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import NoReturn

from grading.sandbox.offers import offers

from . import environments, say
from .installing import ready
from .places import ROOT, SITE_PYTHON, VAR, environment
from .steps import side_by_side

NEEDS_NODE = {"loadcourse", "checkcourse"}
NEEDS_AUTHOR = {"drawfigures", "--redraw"}
SETS = ("site", "tests", "author", *offers())


def manage(words: list[str]) -> NoReturn:
    """Django's command line in the site's environment."""
    ready(author=bool(NEEDS_AUTHOR & set(words)), front_end=bool(NEEDS_NODE & set(words)))
    become([str(SITE_PYTHON), "manage.py", *words])


def bench(words: list[str]) -> NoReturn:
    """The benchmarks; those of the grading want the runtimes that they measure, and peers if asked."""
    ready(runtimes=("torch",) if "grading" in words else ())
    if "--peers" in words:
        environments.ensure_peers()
    become([str(SITE_PYTHON), "-m", "benchmarks", *words])


def preview(words: list[str]) -> NoReturn:
    """The site of the courses as they lie here, drafts included, with a database of its own."""
    folder = VAR / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(COURSESITE_VAR_DIR=str(folder), COURSESITE_PREVIEW="1")
    os.chdir(ROOT)
    port = [] if any(word.startswith("--port") for word in words) else ["--port", "8001"]
    os.execv(sys.executable, [sys.executable, "-m", "tooling", "up", *port, *words])  # noqa: S606


def install(words: list[str]) -> int:
    """What other verbs would install when they are first called; `site` when nothing is named."""
    asked = set(words)
    if unknown := asked - set(SETS):
        raise say.Refusal(f"there is no set {', '.join(sorted(unknown))}: name {', '.join(SETS)}")
    if asked and asked <= set(offers()):
        environments.ensure_uv()
        side_by_side(*(partial(environments.ensure_runtime, name) for name in offers() if name in asked))
    else:
        ready(tests="tests" in asked, runtimes=asked & set(offers()), author="author" in asked)
    return 0


def lock(_words: list[str]) -> int:
    """New locks."""
    environments.lock_all()
    return 0


def become(words: list[str]) -> NoReturn:
    """Hands this process over, so that signals, exit status and terminal are the program's own."""
    os.chdir(ROOT)
    os.execve(words[0], words, environment())  # noqa: S606
