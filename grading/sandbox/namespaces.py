"""The default backend: a zygote for each runtime, namespaces around each student, a spare child waiting."""

import contextlib
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from . import doctor
from .care import USUAL, Care, Keeper
from .coarse import open_coarse
from .hierarchies import NoCgroups, open_cgroups
from .interface import Holding, Layer, Limits, Metering, Runtime, WallFault
from .processes import WalledProcess
from .waiting import Waiting
from .zygotes import Launcher, OwnLauncher, Zygote, ZygoteGone, fault

_USUAL = Limits(wall_seconds=0, cpu_seconds=0, memory_bytes=0)
"""Its scratch is what spares are made with; the rest is set when one is taken."""


class NamespacesBackend:
    """A zygote and a spare for each runtime.

    The spare is a child forked and walled before anyone asks for it; as soon as it is taken, another is
    made in the background. A start that finds none, or none with its scratch, forks its own; so does every
    start on a device, which a child that waits would keep from others. A zygote that
    dies or hangs under a start is made again once; before that it may be renewed by the keeper (`care.py`).
    """

    name = "namespaces"

    def __init__(self, metering: Metering, care: Care = USUAL) -> None:
        self.metering = metering
        self.care = care
        self._zygotes: dict[Runtime, Zygote] = {}
        self._making: dict[Runtime, threading.Lock] = {}
        self._spares: dict[Runtime, Waiting] = {}
        self._retired: list[Zygote] = []
        """Replaced, but with children that somebody still holds."""
        self._lock = threading.Lock()
        self._closed = False
        self._started: weakref.WeakSet[WalledProcess] = weakref.WeakSet()
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="wall-spares")
        self._keeper = Keeper(self.look_after, care.look_seconds)

    @classmethod
    def open(cls, *, allow_coarse: bool, care: Care = USUAL) -> "NamespacesBackend":
        """With cgroups; without them only where coarse limits are allowed."""
        return cls(open_metering(allow_coarse=allow_coarse), care)

    def prepare(self, runtime: Runtime) -> None:
        if runtime.device is not None:
            self._zygote(runtime)
            return
        try:
            self._make_spare(runtime)
        except ZygoteGone as error:
            raise fault("zygote", None, self._discard(self._zygote(runtime))) from error

    def start(self, runtime: Runtime, limits: Limits) -> WalledProcess:
        process = self._start(runtime, limits)
        with self._lock:
            self._started.add(process)
        return process

    def settle(self) -> None:
        """Wait until nothing is left of the processes that were retired."""
        with self._lock:
            started = list(self._started)
        for process in started:
            if process.retired:
                process.settle()

    def _start(self, runtime: Runtime, limits: Limits) -> WalledProcess:
        spare = self._take_spare(runtime, limits)
        if spare is not None:
            with contextlib.suppress(
                ZygoteGone
            ):  # it died waiting; a fork will tell whether the zygote lives
                return spare.go(limits)
        words = ""
        for _ in range(2):
            zygote = self._zygote(runtime)
            try:
                return Waiting(zygote, limits, self.metering).go(limits)
            except ZygoteGone:
                words = self._discard(zygote)
        raise fault("zygote", None, words)

    def doctor(self) -> list[Layer]:
        return doctor.layers(self.metering)

    def close(self) -> None:
        self._closed = True
        self._keeper.close()
        self._maker.shutdown(cancel_futures=True)
        self.settle()
        with self._lock:
            spares, self._spares = self._spares, {}
            zygotes, self._zygotes = [*self._zygotes.values(), *self._retired], {}
        for spare in spares.values():
            spare.close()
        for zygote in zygotes:
            zygote.close()
        self.metering.close()

    def holdings(self) -> list[Holding]:
        with self._lock:
            zygotes = [*self._zygotes.values(), *self._retired]
        return [zygote.holding() for zygote in zygotes]

    def look_after(self) -> None:
        """Replace zygotes that are gone or tired, and end those that were retired and have no child left."""
        with self._lock:
            zygotes = list(self._zygotes.values())
            idle = [zygote for zygote in self._retired if not zygote.children]
            self._retired = [zygote for zygote in self._retired if zygote.children]
        for zygote in idle:
            zygote.close()
        for zygote in zygotes:
            if zygote.has_ended() or not zygote.answers():
                self._discard(zygote)
                self._make_spare_quietly(zygote.runtime)
            elif self.care.is_tired(zygote):
                self._renew(zygote)

    def _renew(self, tired: Zygote) -> None:
        """Another zygote with its spare, made before this one steps back; it stays if none can be made."""
        runtime = tired.runtime
        tired.rest()
        try:
            fresh = Zygote(runtime, self._launch(runtime), self.care.answer_seconds)
        except WallFault:
            return
        try:
            spare = Waiting(fresh, _USUAL, self.metering) if runtime.device is None else None
        except (WallFault, ZygoteGone):
            fresh.close()
            return
        with self._lock:
            if self._zygotes.get(runtime) is tired:
                self._zygotes[runtime] = fresh
                self._retired.append(tired)
                unwanted = self._spares.pop(runtime, None)
                if spare is not None:
                    self._spares[runtime] = spare
            else:
                self._retired.append(fresh)  # somebody has made another meanwhile
                unwanted = spare
        if unwanted is not None:
            unwanted.close()

    def _launch(self, runtime: Runtime) -> Launcher:
        """What will become the zygote; other backends put it elsewhere."""
        return OwnLauncher(runtime)

    def _zygote(self, runtime: Runtime) -> Zygote:
        """The runtime's zygote; whoever comes while it is being made waits for it."""
        with self._lock:
            making = self._making.setdefault(runtime, threading.Lock())
        with making:
            if runtime not in self._zygotes:
                made = Zygote(runtime, self._launch(runtime), self.care.answer_seconds)
                with self._lock:
                    self._zygotes[runtime] = made
                self._keeper.start()
            return self._zygotes[runtime]

    def _discard(self, zygote: Zygote) -> str:
        """Forget a zygote that is gone or hangs, if nobody has yet, and its spare; its last words."""
        with self._lock:
            first = self._zygotes.get(zygote.runtime) is zygote
            if first:
                del self._zygotes[zygote.runtime]
            spare = self._spares.get(zygote.runtime)
            if spare is not None and spare.zygote is zygote:
                del self._spares[zygote.runtime]
            else:
                spare = None
        if spare is not None:
            spare.close()
        if not first:
            return ""
        zygote.kill()
        words = zygote.last_words()
        zygote.close()
        return words

    def _take_spare(self, runtime: Runtime, limits: Limits) -> Waiting | None:
        """The waiting child, if its scratch is the one asked for; the next is then on its way."""
        with self._lock:
            spare = self._spares.get(runtime)
            if spare is not None and spare.scratch != (limits.scratch_bytes, limits.scratch_files):
                return None
            self._spares.pop(runtime, None)
        if spare is not None and spare.zygote.has_ended():
            spare.close()
            return None
        self._maker.submit(self._make_spare_quietly, runtime)
        return spare

    def _make_spare(self, runtime: Runtime) -> None:
        if self._closed or runtime in self._spares or runtime.device is not None:
            return
        zygote = self._zygote(runtime)
        spare = Waiting(zygote, _USUAL, self.metering)
        with self._lock:
            is_current = not self._closed and self._zygotes.get(runtime) is zygote
            if is_current and self._spares.setdefault(runtime, spare) is spare:
                return
        spare.close()

    def _make_spare_quietly(self, runtime: Runtime) -> None:
        """Whatever is wrong, the next start meets it and tells whoever asked."""
        with contextlib.suppress(ZygoteGone, WallFault):
            self._make_spare(runtime)


def open_metering(*, allow_coarse: bool) -> Metering:
    """cgroups; without them rlimits and the watchdog, where that is allowed."""
    try:
        return open_cgroups()
    except NoCgroups as missing:
        if allow_coarse:
            return open_coarse()
        remedy = (
            f"{missing.reason}. {missing.remedy}. Or set COURSESITE_SANDBOX_ALLOW_COARSE_LIMITS=1 "
            "and accept limits held by rlimits and a watchdog only"
        )
        raise WallFault("own_cgroup", None, remedy) from missing
