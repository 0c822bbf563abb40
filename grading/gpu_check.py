"""Proves on a GPU what the rest only promises: `manage.py sandbox gpu-check` and `./dev test gpu`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grading import gpus, wall
from grading.judge import JobLimits, run_code
from grading.judge.running import CodeReport
from grading.runtimes import OFFERS, is_ready
from grading.sandbox import Backend, WallFault
from grading.sandbox.devices import Busy, Pool
from grading.sandbox.devices.interface import LibraryFault
from grading.sandbox.devices.pool import Unclean, scrub_by
from grading.sandbox.interface import MIB, Device

SEES = """
import json, os, torch
nodes = sorted(one for one in os.listdir("/dev") if one.startswith("nvidia"))
title = torch.cuda.get_device_name(0)
print(json.dumps({"count": torch.cuda.device_count(), "title": title, "nodes": nodes}))
"""
SEES_NONE = """
import json, os
print(json.dumps([one for one in os.listdir("/dev") if one.startswith("nvidia")]))
"""
COMPUTES = """
import torch
torch.manual_seed(0)
a, b = torch.randn(512, 512, dtype=torch.float64), torch.randn(512, 512, dtype=torch.float64)
print(float(((a.cuda() @ b.cuda()).cpu() - a @ b).abs().max()))
"""
MANY = """
import torch
streams = [torch.cuda.Stream() for _ in range(64)]
parts = []
for one in streams:
    with torch.cuda.stream(one):
        parts.append(torch.ones(1000, device="cuda").sum())
torch.cuda.synchronize()
print(int(sum(float(part) for part in parts)))
"""
GREEDY = """
import time, torch
held = torch.ones(1 << 28, device="cuda")
torch.cuda.synchronize()
time.sleep(10)
"""
LEAVES = """
import torch
held = []
try:
    while True:
        held.append(torch.full((1 << 26,), -1012573636, dtype=torch.int32, device="cuda"))
except torch.cuda.OutOfMemoryError:
    torch.cuda.synchronize()
print(len(held))
"""
LIMITS = {"seconds": 60.0, "cpu_seconds": 60.0, "memory_mb": 8192, "gpu_memory_mb": 512}


@dataclass(frozen=True)
class Proof:
    """One thing that was tried, and what came of it."""

    name: str
    holds: bool
    detail: str


class Failed(Exception):
    """It did not come out as it should."""


def runtime_on_gpu() -> str:
    """The runtime to prove it with; empty where none is installed."""
    return next((name for name, offer in OFFERS.items() if offer.needs_device and is_ready(name)), "")


class Check:
    """Every proof on one device, in order. It is in use again if all hold, and set aside if one does not."""

    def __init__(self, pool: Pool, device: Device, runtime: str) -> None:
        self.leases = pool.leases
        self.pool = Pool(pool.library, [device], pool.leases, pool.scrub)
        self.device = device
        self.runtime = runtime

    def proofs(self) -> Iterator[Proof]:
        """One after the other; none after one over which the device was set aside."""
        name = self.device.name
        self.leases.put_back(name)
        sound = True
        for word, prove in PROOFS.items():
            try:
                proof = Proof(word, True, prove(self))
            except (Failed, WallFault, Busy, Unclean, LibraryFault) as problem:
                proof = Proof(word, False, f"{type(problem).__name__}: {problem}")
            sound = sound and proof.holds
            yield proof
            if self.leases.aside(name):
                return
        if not sound:
            self.leases.set_aside(name, "gpu-check failed")

    def one_holder(self) -> str:
        """Two cannot have it."""
        with self._leased():
            if self.leases.take(self.device.name) is not None:
                raise Failed("a second one could take it")
        return "one holder at a time"

    def sees_one(self) -> str:
        """A student's process finds this device, and no node of another."""
        with self._leased() as backend:
            seen = json.loads(_said(_run(SEES, backend, self.runtime)))
        own = sorted({one.removeprefix("/dev/").split("/")[0] for one in self.device.nodes})
        if seen["count"] != 1 or seen["nodes"] != own:
            raise Failed(f"it sees {seen}; {own} are its own")
        return f"{seen['title']}, by {', '.join(seen['nodes'])}"

    def others_see_none(self) -> str:
        """Nor does one without a lease find any."""
        seen = json.loads(_said(_run(SEES_NONE, wall.backend(), "numpy")))
        if seen:
            raise Failed(f"a student without a lease sees {seen}")
        return f"nothing of {self.device.title} in a root without a lease"

    def computes(self) -> str:
        """Rightly."""
        with self._leased() as backend:
            error = float(_said(_run(COMPUTES, backend, self.runtime)))
        if not error < 1e-9:
            raise Failed(f"its product of matrices is off by {error:g}")
        return f"512 × 512 in float64, off by at most {error:.1e}"

    def many_streams(self) -> str:
        """What CUDA opens later still finds descriptors, and passes the filter."""
        with self._leased() as backend:
            _said(_run(MANY, backend, self.runtime))
        return "64 streams under the limit of open files and the filter"

    def memory_cap(self) -> str:
        """Who takes more than the exercise allows is ended."""
        with self._leased() as backend:
            report = _run(GREEDY, backend, self.runtime)
        if report.verdict != "memory_limit":
            raise Failed(f"1 GB under a limit of 512 MB ended as {report.verdict}: {report.message}")
        return f"1 GB under a limit of 512 MB was ended after {report.seconds:.2f} s"

    def leaves_nothing(self) -> str:
        """Once against a stain of the scrubber's own hand, once against a student's."""
        look, stain = scrub_by("look"), scrub_by("stain")
        with self._leased():
            stained = stain(self.device)["filled"]
            unscrubbed = look(self.device)["found"]
            self.pool.overwrite(self.device)
            if left := look(self.device)["found"]:
                raise Failed(f"{left} bytes of a stain are left")
        whole = self.device.memory_bytes // MIB
        with self._leased() as backend:
            blocks = _said(_run(LEAVES, backend, self.runtime, gpu_memory_mb=whole))
        with self._leased():
            if left := look(self.device)["found"]:
                raise Failed(f"{left} bytes that a student wrote are left")
        kept = f"without it {unscrubbed // MIB} MB of the stain would have been readable"
        return f"nothing of {stained // MIB} MB, nor of a student's {256 * int(blocks)}; {kept}"

    @contextmanager
    def _leased(self) -> Iterator[Backend]:
        """Whatever the device's size, which is no reason to refuse here."""
        with self.pool.lease(wall.backend(), memory_bytes=0, seconds=30, holder="gpu-check") as backend:
            yield backend


PROOFS: dict[str, Callable[[Check], str]] = {
    "lease": Check.one_holder,
    "sees its device": Check.sees_one,
    "others see none": Check.others_see_none,
    "computes": Check.computes,
    "streams": Check.many_streams,
    "memory cap": Check.memory_cap,
    "scrub": Check.leaves_nothing,
}


def _run(source: str, backend: Backend, runtime: str, **limits: float) -> CodeReport:
    asked = JobLimits.of({**LIMITS, **limits})
    return run_code(source=source, runtime=wall.runtime(runtime), limits=asked, backend=backend)


def _said(report: CodeReport) -> str:
    if report.verdict != "passed":
        raise Failed(f"it ended as {report.verdict}: {report.message} {report.output}"[:500])
    return report.output.strip()


def examine() -> tuple[list[dict[str, Any]], str]:
    """Every device's proofs as plain data, and why there are none."""
    runtime = runtime_on_gpu()
    _, why = gpus.standing()
    if why or not runtime:
        return [], why or "no runtime for a GPU is installed: ./dev install torch-gpu"
    pool = gpus.pool()
    return [
        {
            "device": device.place,
            "name": device.name,
            "proofs": [vars(one) for one in Check(pool, device, runtime).proofs()],
        }
        for device in pool.devices
    ], ""
