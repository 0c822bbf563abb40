"""`manage.py compilecatalogs`: turns locale/*/django.po into what Django reads, without gettext."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compiles the translations; needs no msgfmt on the machine."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the .mo beside each .po of LOCALE_PATHS that has changed since."""
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
                    polib.pofile(str(source)).save_as_mofile(str(target))
