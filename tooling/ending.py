"""`./dev down` and `./dev clean`."""

from __future__ import annotations

import shutil
import sys

from . import say
from .places import DEV, FRONTEND, VAR
from .running import Site


def down(_words: list[str]) -> int:
    """Ends the site that runs in the background or in another terminal."""
    if Site().end():
        say.line("The site has ended.")
    else:
        say.line("The site does not run.")
    return 0


def clean(words: list[str]) -> int:
    """Deletes what ./dev has made: environments, built files, and the data of the local site."""
    if Site().runs():
        raise say.Refusal("the site runs: end it with ./dev down before its data is deleted")
    made = [folder for folder in (DEV, VAR, FRONTEND / "node_modules", FRONTEND / "dist") if folder.exists()]
    if not made:
        say.line("There is nothing to delete.")
        return 0
    say.line(
        "This deletes the environments, the built front end, and the local site with all that was handed in:"
    )
    for folder in made:
        say.line(f"    {folder}")
    if "--yes" not in words and not agreed():
        raise say.Refusal("nothing was deleted: answer y, or call ./dev clean --yes")
    for folder in made:
        shutil.rmtree(folder)
    say.line("Deleted.")
    return 0


def agreed() -> bool:
    """Whether a person at the terminal says yes."""
    if not sys.stdin.isatty():
        return False
    return input("Delete? [y/N] ").strip().lower() in {"y", "yes"}
