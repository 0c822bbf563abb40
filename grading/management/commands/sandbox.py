"""`manage.py sandbox doctor [--json]`: what this machine's wall has and lacks, and whether it grades."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from grading import canary, wall
from grading.runtimes import OFFERS, is_ready
from grading.sandbox import Layer, WallFault


class Command(BaseCommand):
    help = "doctor: each layer of the wall on this machine, with remedies, and a canary behind it."
    requires_system_checks: list[str] = []  # they would say the same, and end the command where it is wanted

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["doctor"])
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *_: Any, **options: Any) -> None:
        """Exit code 1 when nothing can be graded here, or a canary came out otherwise than it must."""
        found = examine()
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self._tell(found)
        wall.close()
        if not found["can_grade"]:
            raise SystemExit(1)

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
        if found["problem"]:
            self.stdout.write(f"  NO    {found['problem']}")
        self.stdout.write("This machine can grade." if found["can_grade"] else "Nothing can be graded here.")


def examine() -> dict[str, Any]:
    """Layers, canaries of the installed runtimes, and the conclusion, as plain data."""
    layers: list[Layer] = []
    songs: dict[str, list[canary.Song]] = {}
    problem = ""
    try:
        layers = wall.backend().doctor()
        for runtime in filter(is_ready, OFFERS):
            songs[runtime] = canary.sing(runtime)
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
        "problem": problem,
        "can_grade": not problem and sound,
    }
