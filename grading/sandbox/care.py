"""When a zygote is replaced: it has ended, it does not answer, it has forked often enough, or it has grown.

A keeper thread looks every few seconds. What is tired but well is replaced before it is retired, its waiting
child too, and goes once its last child has gone: nobody waits for an import. What hangs or has ended is
discarded first, for nobody is served by it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .interface import MIB
from .zygotes import Zygote

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Care:
    """How zygotes are looked after."""

    answer_seconds: float = 10.0
    """A zygote that has not answered a request for so long hangs."""
    most_forks: int = 5000
    most_growth_bytes: int = 64 * MIB
    """Of what it holds that is no file's, since it stood ready."""
    look_seconds: float = 5.0

    def is_tired(self, zygote: Zygote) -> bool:
        """Whether another should take its place."""
        return zygote.forks >= self.most_forks or zygote.growth() > self.most_growth_bytes


USUAL = Care()


class Keeper:
    """The thread that calls `look` every so often, from its first `start` until `close`."""

    def __init__(self, look: Callable[[], None], seconds: float) -> None:
        self._look = look
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wall-keeper", daemon=True)
        self._starting = threading.Lock()

    def start(self) -> None:
        """Again is harmless."""
        with self._starting:
            if self._thread.ident is None and not self._over.is_set():
                self._thread.start()

    def close(self) -> None:
        """No look begins after this, and none is under way."""
        with self._starting:
            self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._look()
            except Exception:
                logger.exception("the zygotes could not be looked after; the next look tries again")
