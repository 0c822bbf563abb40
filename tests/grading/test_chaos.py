"""A small run of `./dev bench chaos`; the large one stands in docs/operating.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.killing import WEIGHTS

pytestmark = [pytest.mark.redis, pytest.mark.wall]


def test_what_is_killed_at_random_loses_no_submission_no_point_and_grades_none_twice(tmp_path: Path) -> None:
    told = tmp_path / "chaos.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSESITE_")}
    environment |= {name: os.environ[name] for name in ("COURSESITE_RUNTIMES_DIR",) if name in os.environ}
    words = ["--submissions", "60", "--kills", "30", "--lease", "4", "--json", str(told)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "chaos", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=540,
    )
    assert told.exists(), done.stdout[-2000:] + done.stderr[-4000:]
    figures = json.loads(told.read_text())
    assert figures["submissions"] == figures["accepted"] == 60
    assert figures["kills"] >= 30
    assert set(figures["kills_by_kind"]) <= set(WEIGHTS)
    must_be_zero = ["lost", "graded_twice", "stuck", "points_lost", "system_errors", "attempts_miscounted"]
    assert {name: figures[name] for name in must_be_zero} == dict.fromkeys(must_be_zero, 0), done.stdout
    assert done.returncode == 0
