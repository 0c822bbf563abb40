"""What an author's pages hear of the folder they show: a small file, written by `manage.py preview`.

Only where `COURSESITE_PREVIEW` is set, which server mode refuses.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class News(TypedDict):
    """`revision` counts loads and mistakes alike, `loaded` loads alone; `lesson` is the one just written."""

    revision: int
    loaded: int
    mistakes: list[str]
    lesson: str


def _path() -> Path:
    return settings.VAR_DIR / "preview.json"


def news() -> News:
    """The newest; before the first load, none with revision 0."""
    try:
        told: News = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return News(revision=0, loaded=0, mistakes=[], lesson="")
    return told


def tell(*, mistakes: list[str], is_loaded: bool, lesson: str) -> None:
    """Replace the news, whole: a reader never sees half of it."""
    before = news()
    told = News(
        revision=before["revision"] + 1,
        loaded=before["loaded"] + is_loaded,
        mistakes=mistakes,
        lesson=lesson,
    )
    aside = _path().with_suffix(".part")
    aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    aside.replace(_path())


def on_pages(_request: HttpRequest) -> dict[str, object]:
    """Context processor: where a page asks for news, and how many loads it has seen."""
    return {"preview_url": reverse("preview"), "preview_loaded": news()["loaded"]}
