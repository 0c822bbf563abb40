"""Coursesite from a terminal. Speaks to a site by its API alone, and imports nothing of it."""

__version__ = "0.1.0"
