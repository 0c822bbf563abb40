"""The scrubber as a process, on a driver's library whose memory is a file: what a student left is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grading.sandbox.devices import pool
from grading.sandbox.devices.pool import Unclean, scrub_by
from grading.sandbox.interface import MIB

from .conftest import device


@pytest.fixture
def memory(tmp_path: Path, compiled: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """All of a device's memory, 40 MB, as a student left it; the driver's library lies beside it."""
    (tmp_path / "libcuda.so.1").symlink_to(compiled("fake_cuda.c"))
    left = tmp_path / "memory"
    left.write_bytes(b"otro" * (10 * MIB))
    told = pool.subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        """The driver finds its device by a variable here."""
        options["env"] |= {"FAKE_GPU_MEMORY": str(left), **pinned}
        return told(command, **options)

    pinned: dict[str, str] = {}
    monkeypatch.setattr(pool.subprocess, "run", run)
    monkeypatch.setattr(pool, "PINNED", pinned, raising=False)
    return left


def scrub(memory: Path, verb: str = "fill") -> dict[str, Any]:
    return scrub_by(verb, folders=(str(memory.parent),))(device())


def test_nothing_is_left_of_what_lay_there(memory: Path) -> None:
    done = scrub(memory)
    assert memory.read_bytes() == bytes(40 * MIB)
    assert (done["total"], done["filled"], done["left"]) == (40 * MIB, 40 * MIB, 0)


def test_a_stain_is_found_until_it_is_scrubbed(memory: Path) -> None:
    scrub(memory, "stain")
    assert scrub(memory, "look")["found"] == 40 * MIB
    scrub(memory)
    assert scrub(memory, "look")["found"] == 0


def test_what_could_not_be_had_is_told(memory: Path) -> None:
    pool.PINNED["FAKE_GPU_PINNED"] = str(10 * MIB)  # type: ignore[attr-defined]
    assert scrub(memory)["left"] == 10 * MIB
    assert memory.read_bytes()[-10 * MIB :] == b"otro" * (10 * MIB // 4)


def test_a_device_that_is_gone_is_unclean(memory: Path) -> None:
    memory.unlink()
    with pytest.raises(Unclean, match="cuInit: CUDA error 100"):
        scrub(memory)


def test_without_the_drivers_library_nothing_is_called_clean(tmp_path: Path) -> None:
    with pytest.raises(Unclean, match="scrub failed"):
        scrub_by(folders=(str(tmp_path),))(device())
