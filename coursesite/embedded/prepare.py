"""`python -m coursesite.embedded.prepare PART…`: gets database, translations, course and static files ready.

One process for all parts, since Django's own start is most of what each would cost.
"""

from __future__ import annotations

import os
import sys
import time

import django
from django.core.management import CommandError, call_command

PARTS: dict[str, list[list[str]]] = {
    "database": [["migrate", "--verbosity", "0"]],
    "translations": [["compilecatalogs"]],
    "static": [["collectstatic", "--noinput", "--clear", "--verbosity", "0"]],
    "course": [["loadcourse"]],
    "demo": [["demo"]],
}


def main(parts: list[str]) -> None:
    """Do the named parts in their order, saying how long each took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coursesite.settings")
    django.setup()
    for part in parts:
        started = time.monotonic()
        try:
            for command in PARTS[part]:
                call_command(*command)
        except CommandError as refusal:
            sys.exit(f"{part}: {refusal}")
        print(f"{part}: {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
