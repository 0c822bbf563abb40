"""What the student sees while the grading runs. A curve is told at most fifteen times a second."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable
from typing import Any

from .curves import thin
from .spanish import printable

Event = dict[str, Any]
Emit = Callable[[Event], None]

_PERIOD = 1 / 15
_POINTS_A_BATCH = 60


class Interrupted(BaseException):
    """`emit` raised: whoever listens wants no more. The cause is what it raised."""


class Live:
    """Collects points and printed text, and emits them in batches."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._points: dict[str, list[tuple[float, float | None]]] = {}
        self._text = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._last = 0.0

    def emit(self, event: Event) -> None:
        """Send one event, after whatever waits."""
        self.flush()
        self._send(event)

    def point(self, label: str, x: float, y: float | None) -> None:
        """One more point of the student's curve `label`; y is None where it is not finite."""
        self._points.setdefault(label, []).append((x, y))
        if time.monotonic() - self._last >= _PERIOD:
            self.flush()

    def printed(self, data: bytes) -> None:
        """Some more of what the student's code printed."""
        self._text += self._decoder.decode(data)

    def wait(self) -> float | None:
        """How long until the next batch is due; None if nothing waits."""
        if not self._points and not self._text:
            return None
        return max(0.0, self._last + _PERIOD - time.monotonic())

    def tick(self) -> None:
        """Send the batch if it is due."""
        if self.wait() == 0.0:
            self.flush()

    def flush(self) -> None:
        """Send what waits."""
        if not self._points and not self._text:
            return
        self._last = time.monotonic()
        points, self._points, text, self._text = self._points, {}, self._text, ""
        for label, batch in points.items():
            thinned = [list(point) for point in thin(batch, _POINTS_A_BATCH)]
            self._send({"type": "points", "label": label, "role": "student", "points": thinned})
        if text:
            self._send({"type": "log", "text": printable(text, 16_000, lines=True)})

    def _send(self, event: Event) -> None:
        try:
            self._emit(event)
        except Exception as unwanted:
            raise Interrupted from unwanted
