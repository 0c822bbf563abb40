"""What the base template knows of the reader."""

from __future__ import annotations

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


def look(request: HttpRequest) -> dict[str, Theme]:
    """Context processor: the theme painted now and the one that the theme button brings."""
    theme = theme_of(request)
    return {"theme": theme, "next_theme": _NEXT[theme]}
