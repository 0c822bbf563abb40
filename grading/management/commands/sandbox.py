"""`manage.py sandbox doctor|workers|gpu-check [--json]`: this machine's wall and GPUs, the workers' word."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from grading import canary, gpu_check, gpus, health, wall
from grading.runtimes import OFFERS, is_ready
from grading.sandbox import Holding, Layer, WallFault
from grading.sandbox.devices import Busy
from grading.sandbox.interface import MIB


class Command(BaseCommand):
    help = (
        "doctor: each layer of the wall on this machine, with remedies, a canary behind it, and what the "
        "runtimes take of memory. workers: what each worker that is alive says of itself. gpu-check: proves "
        "on each GPU what is promised of it, and puts it back into use, or sets it aside."
    )
    requires_system_checks: list[str] = []  # they would say the same, and end the command where it is wanted

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["doctor", "workers", "gpu-check"])
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_: Any, **options: Any) -> None:
        """Exit code 1 when nothing can be graded (here, or by any worker), or a canary sang another song."""
        if options["verb"] == "workers":
            self._workers(as_json=options["json"])
            return
        if options["verb"] == "gpu-check":
            self._gpu_check(as_json=options["json"])
            return
        found = examine()
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self._tell(found)
        wall.close()
        if not found["can_grade"]:
            raise SystemExit(1)

    def _workers(self, *, as_json: bool) -> None:
        now = health.read()
        if as_json:
            self.stdout.write(json.dumps({name: asdict(note) for name, note in now.notes.items()}, indent=2))
        for name, note in {} if as_json else now.notes.items():
            said = note.problem or f"{note.places} places, {', '.join(note.runtimes) or 'no runtime'}"
            self.stdout.write(f"{name}: {said}")
            self._holdings(note.holdings)
            self._devices(note.devices)
        if now.problem:
            self.stderr.write(now.problem)
            raise SystemExit(1)

    def _gpu_check(self, *, as_json: bool) -> None:
        checked, problem = gpu_check.examine()
        wall.close()
        if as_json:
            self.stdout.write(json.dumps({"devices": checked, "problem": problem}, indent=2))
        for one in [] if as_json else checked:
            self.stdout.write(f"GPU {one['device']} ({one['name']})")
            for proof in one["proofs"]:
                mark = "ok  " if proof["holds"] else "NO  "
                self.stdout.write(f"  {mark}  {proof['name']:<24} {proof['detail']}")
        if problem:
            self.stderr.write(problem)
        if problem or not all(proof["holds"] for one in checked for proof in one["proofs"]):
            raise SystemExit(1)

    def _devices(self, devices: list[dict[str, Any]]) -> None:
        for one in devices:
            device = one["device"]
            words = f"{device['title']}, {_mb(one['used_bytes'])} of {_mb(device['memory_bytes'])} used"
            words += f", instance ({device['name']})" if one["is_instance"] else f" ({device['name']})"
            state = f"held by {one['holder']}" if one["holder"] else "free"
            state += "" if one["clean"] or one["holder"] else ", will be scrubbed first"
            mark = "NO  " if one["aside"] else "ok  "
            self.stdout.write(f"  {mark}  {'GPU ' + device['place']:<24} {words}; {state}")
            if one["aside"]:
                self.stdout.write(f"{'':32}set aside: {one['aside']}; cure: manage.py sandbox gpu-check")

    def _holdings(self, holdings: list[dict[str, Any]]) -> None:
        for one in holdings:
            children = ", ".join(_mb(size) for size in one["children_bytes"]) or "none"
            words = f"zygote {_mb(one['zygote_bytes'])}, children {children}"
            words += f"; {one['forks']} forks, grown by {_mb(one['growth_bytes'])}"
            self.stdout.write(f"  {'':<4}  {'memory ' + one['runtime']:<24} {words}")

    def _tell(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"backend {found['backend']}, uid {found['uid']}")
        for layer in found["layers"]:
            mark = "ok  " if layer["present"] else ("NO  " if layer["required"] else "less")
            self.stdout.write(f"  {mark}  {layer['name']:<24} {layer['detail']}")
            if layer["remedy"]:
                self.stdout.write(f"{'':32}cure: {layer['remedy']}")
        for runtime, songs in found["canary"].items():
            for song in songs:
                mark = "ok  " if song["verdict"] == song["expected"] else "NO  "
                words = f"{song['name']}: {song['verdict']} in {song['milliseconds']} ms"
                self.stdout.write(f"  {mark}  {'canary ' + runtime:<24} {words}")
                if song["verdict"] != song["expected"]:
                    self.stdout.write(f"{'':32}it should be {song['expected']}: {song['message']}")
        self._holdings(found["memory"])
        self._devices(found["gpus"])
        if found["no_gpus"]:
            self.stdout.write(f"  {'less'}  {'GPU':<24} {found['no_gpus']}")
        elif found["driver"]:
            self.stdout.write(f"  {'ok  '}  {'GPU driver':<24} {found['driver']}")
        if found["problem"]:
            self.stdout.write(f"  NO    {found['problem']}")
        self.stdout.write("This machine can grade." if found["can_grade"] else "Nothing can be graded here.")


def examine() -> dict[str, Any]:
    """Layers, canaries of the installed runtimes, and the conclusion, as plain data."""
    layers: list[Layer] = []
    songs: dict[str, list[canary.Song]] = {}
    memory: list[Holding] = []
    problem = ""
    devices, no_devices = gpus.standing()
    try:
        layers = wall.backend().doctor()
        for runtime in filter(is_ready, OFFERS):
            if OFFERS[runtime].needs_device and not gpus.in_use():
                continue
            try:
                songs[runtime] = canary.sing(runtime)
            except Busy as busy:
                no_devices = no_devices or f"no canary sang: {busy}"
        memory = wall.holdings()
        if not songs:
            problem = f"no student runtime is installed under {settings.RUNTIMES_DIR}: ./dev install"
    except WallFault as fault:
        layers = layers or wall.layers()
        problem = str(fault)
    sound = all(song.as_it_should for some in songs.values() for song in some)
    return {
        "backend": settings.SANDBOX_BACKEND,
        "uid": os.geteuid(),
        "layers": [asdict(layer) for layer in layers],
        "canary": {runtime: [asdict(song) for song in some] for runtime, some in songs.items()},
        "memory": [asdict(one) for one in memory],
        "gpus": devices,
        "no_gpus": no_devices,
        "driver": gpus.pool().library.driver if devices else "",
        "problem": problem,
        "can_grade": not problem and sound,
    }


def _mb(size: int) -> str:
    return f"{size / MIB:.1f} MB"
