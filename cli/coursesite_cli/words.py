"""The language of the program: Spanish as it is written here, English by the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from .english import ENGLISH

LANGUAGES = ("es", "en")
_spoken = {"language": "es"}


def speak(language: str) -> None:
    """Say everything in `language` from now on."""
    _spoken["language"] = language if language in LANGUAGES else "es"


def language() -> str:
    """The language that is spoken."""
    return _spoken["language"]


def of_environment(environment: Mapping[str, str]) -> str:
    """What the terminal speaks by its locale; Spanish, as the courses are, where it names no language."""
    named = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    short = named.partition(".")[0].partition("_")[0].lower()
    if short in {"", "c", "posix", "es"}:
        return "es"
    return "en"


def _(text: str) -> str:
    """`text` in the language that is spoken."""
    return ENGLISH.get(text, text) if _spoken["language"] == "en" else text


def number(value: float, digits: int = 4) -> str:
    """A number as it is read: with a comma in Spanish."""
    told = f"{value:.{digits}g}"
    return told.replace(".", ",") if _spoken["language"] == "es" else told
