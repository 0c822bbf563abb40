"""Taking typed values out of YAML, each wrong or missing one told with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from .files import Data
from .mistakes import Mistakes, Where

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def as_written(value: str | int | float) -> str:
    """A text, or a number as it stands in the file."""
    return str(getattr(value, "written", value))


class Fields:
    """A YAML mapping of `what` ("the lesson", "question x"). Ask for each key, then call `finish`."""

    def __init__(self, data: Data, what: str, mistakes: Mistakes) -> None:
        self.data, self.what, self.mistakes = data, what, mistakes
        self.asked: set[str] = set()
        self.values: dict[str, Any] = data.value if isinstance(data.value, dict) else {}
        if not isinstance(data.value, dict):
            mistakes.add(data.where, f"{what} must be a list of 'key: value'")

    def where(self, key: str) -> Where:
        """Where the key stands, or the whole when it does not."""
        return self.data.at(key)

    def wrong(self, key: str, message: str) -> None:
        """Tell a mistake in the value of `key`."""
        self.mistakes.add(self.where(key), f"{self.what}: {message}")

    def has(self, key: str) -> bool:
        """Whether the key is there, whatever its value."""
        return key in self.values

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        """A text; a number is taken as it would be written."""
        value = self._take(key, required)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(key, f"'{key}' must be a text; put it in quotes")
            return default
        if required and not str(value).strip():
            self.wrong(key, f"'{key}' is empty")
        return as_written(value).strip("\n")

    def slug(self, key: str, *, required: bool = True) -> str:
        """A name of small letters, digits and hyphens."""
        value = self.text(key, required=required)
        if value and not (SLUG.fullmatch(value) and len(value) <= 80):
            self.wrong(key, f"'{key}' is {value!r}; only a-z, 0-9 and single hyphens, at most 80")
            return ""
        return value

    def choice(self, key: str, among: Collection[str], *, default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(key, required=default is None, default=default or "")
        if value and value not in among:
            self.wrong(key, f"'{key}' is {value!r}; it can be {', '.join(sorted(among))}")
            return default or ""
        return value

    def integer(self, key: str, low: int, high: int, *, required: bool = True) -> int | None:
        """A whole number within limits."""
        value = self.number(key, required=required)
        if value is None:
            return None
        if value != int(value) or not low <= value <= high:
            self.wrong(key, f"'{key}' is {value:g}; a whole number from {low} to {high} is due")
            return None
        return int(value)

    def number(self, key: str, *, required: bool = True) -> float | None:
        """A number; YAML 1.1 reads 1e-3 as a text, so a text that is one is taken."""
        value = self._take(key, required)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                self.wrong(key, f"'{key}' is {value!r}; a number is due (with a decimal point)")
                return None
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.wrong(key, f"'{key}' must be a number")
            return None
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(key, False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, f"'{key}' must be true or false")
            return default
        return value

    def texts(self, key: str, *, required: bool = True) -> list[str]:
        """A list of texts."""
        found = []
        for item in self.items(key, required=required):
            if isinstance(item.value, bool) or not isinstance(item.value, str | int | float):
                self.mistakes.add(
                    item.where, f"{self.what}: each of '{key}' must be a text; put it in quotes"
                )
            else:
                found.append(as_written(item.value))
        return found

    def items(self, key: str, *, required: bool = True) -> list[Data]:
        """A list, item by item."""
        value = self._take(key, required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, f"'{key}' must be a list")
            return []
        if required and not value:
            self.wrong(key, f"'{key}' is empty")
        return [self.data.sub(key, index) for index in range(len(value))]

    def mapping(self, key: str, *, required: bool = True) -> Data | None:
        """A mapping inside."""
        value = self._take(key, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, f"'{key}' must be a list of 'key: value'")
            return None
        return self.data.sub(key)

    def skip(self, *keys: str) -> None:
        """Keys that somebody else reads."""
        self.asked.update(keys)

    def finish(self) -> None:
        """Tell the keys that nobody asked for: most are misspelt."""
        for key in self.values:
            if key not in self.asked:
                close = get_close_matches(key, self.asked, n=1)
                hint = f"; do you mean '{close[0]}'?" if close else ""
                self.wrong(key, f"unknown key '{key}'{hint}")

    def _take(self, key: str, required: bool) -> Any:
        self.asked.add(key)
        value = self.values.get(key)
        if value is None and required and isinstance(self.data.value, dict):
            self.mistakes.add(self.data.at(key), f"{self.what}: '{key}' is missing")
        return value
