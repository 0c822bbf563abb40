"""The one sandbox backend of this process."""

from __future__ import annotations

import atexit
import threading

from django.conf import settings

from grading.sandbox import Backend, open_backend

_lock = threading.Lock()
_backend: Backend | None = None


def backend() -> Backend:
    """The backend named by the settings, opened on first use. Raises WallFault when there is no wall."""
    global _backend
    with _lock:
        if _backend is None:
            _backend = open_backend(
                settings.SANDBOX_BACKEND, allow_coarse=settings.SANDBOX_ALLOW_COARSE_LIMITS
            )
            atexit.register(close)
        return _backend


def close() -> None:
    """End the zygotes; the next call of `backend` starts anew."""
    global _backend
    with _lock:
        if _backend is not None:
            _backend.close()
            _backend = None
