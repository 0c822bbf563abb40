"""The default backend: a zygote for each runtime, namespaces around each student."""

import threading

from . import doctor
from .coarse import open_coarse
from .hierarchies import NoCgroups, open_cgroups
from .interface import Layer, Limits, Metering, Runtime, WallFault
from .processes import WalledProcess, start
from .zygotes import Zygote, ZygoteGone, fault


class NamespacesBackend:
    """Zygotes by runtime, each made when first needed and made again once if it dies under a start."""

    name = "namespaces"

    def __init__(self, metering: Metering) -> None:
        self.metering = metering
        self._zygotes: dict[Runtime, Zygote] = {}
        self._making: dict[Runtime, threading.Lock] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, *, allow_coarse: bool) -> "NamespacesBackend":
        """With cgroups; without them only where coarse limits are allowed."""
        try:
            return cls(open_cgroups())
        except NoCgroups as missing:
            if allow_coarse:
                return cls(open_coarse())
            remedy = (
                f"{missing.reason}. {missing.remedy}. Or set COURSESITE_SANDBOX_ALLOW_COARSE_LIMITS=1 and accept "
                "limits held by rlimits and a watchdog only"
            )
            raise WallFault("own_cgroup", None, remedy) from missing

    def prepare(self, runtime: Runtime) -> None:
        self._zygote(runtime)

    def start(self, runtime: Runtime, limits: Limits) -> WalledProcess:
        zygote = self._zygote(runtime)
        try:
            return start(zygote, limits, self.metering)
        except ZygoteGone:
            self._discard(zygote)
        zygote = self._zygote(runtime)
        try:
            return start(zygote, limits, self.metering)
        except ZygoteGone as error:
            words = zygote.last_words()
            self._discard(zygote)
            raise fault("zygote", None, words) from error

    def doctor(self) -> list[Layer]:
        return doctor.layers(self.metering)

    def close(self) -> None:
        with self._lock:
            zygotes, self._zygotes = self._zygotes, {}
        for zygote in zygotes.values():
            zygote.close()
        self.metering.close()

    def _zygote(self, runtime: Runtime) -> Zygote:
        """The runtime's zygote; whoever comes while it is being made waits for it."""
        with self._lock:
            making = self._making.setdefault(runtime, threading.Lock())
        with making:
            if runtime not in self._zygotes:
                made = Zygote(runtime)
                with self._lock:
                    self._zygotes[runtime] = made
            return self._zygotes[runtime]

    def _discard(self, zygote: Zygote) -> None:
        with self._lock:
            if self._zygotes.get(zygote.runtime) is zygote:
                del self._zygotes[zygote.runtime]
        zygote.close()
