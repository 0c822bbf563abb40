"""Writes to a person's account."""

from __future__ import annotations

from .profile import choose_theme

__all__ = ["choose_theme"]
