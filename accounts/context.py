"""What the base template knows of the reader."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from .models import Theme

THEME_COOKIE = "theme"
_NEXT = {Theme.SYSTEM: Theme.LIGHT, Theme.LIGHT: Theme.DARK, Theme.DARK: Theme.SYSTEM}


def theme_of(request: HttpRequest) -> Theme:
    """This device's theme by its cookie, else the profile's, else the system's."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    if chosen in Theme.values:
        return Theme(chosen)
    user = getattr(request, "user", None)
    return Theme(user.theme) if user is not None and user.is_authenticated else Theme.SYSTEM


def look(request: HttpRequest) -> dict[str, object]:
    """Context processor: the theme painted now, the one after it, and how much may move."""
    theme = theme_of(request)
    user = getattr(request, "user", None)
    calm = user is not None and user.is_authenticated and user.reduced_motion
    return {"theme": theme, "next_theme": _NEXT[theme], "motion": "less" if calm else "system"}


def mail_folder(_request: HttpRequest) -> dict[str, object]:
    """Context processor: where mail lies that leaves nothing, told to nobody but who owns the machine."""
    in_files = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
    return {"mail_folder": getattr(settings, "EMAIL_FILE_PATH", "") if settings.LOCAL and in_files else ""}
