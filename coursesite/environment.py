"""How a setting is read from the environment, and what an address of a database or a mail server says."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KEEP_SECONDS = 60
"""How old a database connection gets before the next request or task opens another."""


def env(name: str, default: str = "") -> str:
    """The variable `COURSESITE_<name>`, or the text in the file that `COURSESITE_<name>_FILE` names."""
    if path := os.environ.get(f"COURSESITE_{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(f"COURSESITE_{name}", default)


def flag(name: str, default: bool) -> bool:
    """A yes/no variable: 1, true, yes, on are yes."""
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def database(url: str) -> dict[str, object]:
    """Django's description of `sqlite:///path` or `postgres://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "CONN_MAX_AGE": KEEP_SECONDS,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a writer waits its turn instead of failing half-way
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": env("DATABASE_PASSWORD") or unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": KEEP_SECONDS,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"COURSESITE_DATABASE_URL has the scheme {parts.scheme!r}; use sqlite or postgres"
    )


def mail(url: str, *, folder: Path) -> dict[str, object]:
    """Django's settings for `smtp://user:password@host:port` (STARTTLS) or `smtps://…`.

    Where `url` is empty, mail goes to files in `folder`.
    """
    parts = urlsplit(url)
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured(f"COURSESITE_EMAIL_URL has the scheme {parts.scheme!r}; use smtp or smtps")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 10,
    }
