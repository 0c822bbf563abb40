"""`manage.py sandbox doctor` and `gpu-check`: what an operator hears of the GPUs, with and without one."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from grading import gpu_check, gpus, wall
from grading.management.commands import sandbox
from grading.sandbox import WallFault
from grading.sandbox.devices import Leases, NoDevices, Pool
from tests.grading.sandbox.devices.conftest import Backend, Driver, device


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pool:
    """A machine with one GPU, and a runtime for it."""
    driver = Driver(device())
    found = Pool(driver, driver.devices(), Leases(tmp_path), lambda _device: {"left": 0}, gpus._alert)
    monkeypatch.setattr(gpus, "_pool", found)
    monkeypatch.setattr(gpu_check, "is_ready", lambda _name: True)
    return found


@pytest.fixture
def walled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing else than the GPUs is asked for."""

    def none() -> None:
        raise WallFault("own_cgroup", None, "not asked for here")

    monkeypatch.setattr(wall, "backend", none)
    monkeypatch.setattr(wall, "layers", list)


def test_without_a_gpu_the_doctor_says_why_and_is_no_less_content(walled: None) -> None:
    found = sandbox.examine()
    assert found["gpus"] == []
    assert "driver" in found["no_gpus"]


def test_gpu_check_without_a_gpu_fails_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("sandbox", "gpu-check")
    assert stopped.value.code == 1
    assert "driver" in capsys.readouterr().err


def test_students_may_be_kept_from_every_gpu(settings: Any) -> None:
    settings.GPU_DEVICES = ["none"]
    with pytest.raises(NoDevices, match="COURSESITE_GPU_DEVICES=none"):
        gpus.pool()


def test_the_doctor_tells_each_gpu_its_driver_and_its_holder(
    pool: Pool, walled: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        pool.lease(Backend([], Driver(device())), memory_bytes=0, seconds=1, holder="submission 7"),
        pytest.raises(SystemExit),  # for there is no wall in this test
    ):
        call_command("sandbox", "doctor")
    told = capsys.readouterr().out
    assert "GPU 0" in told
    assert "0.0 MB of 16384.0 MB used (GPU-0); held by submission 7" in told
    assert "550.54.15" in told


def test_a_gpu_that_is_set_aside_is_told_with_its_cure(
    pool: Pool, walled: None, capsys: pytest.CaptureFixture[str]
) -> None:
    pool.leases.set_aside("GPU-0", "it does not come clean")
    with pytest.raises(SystemExit):
        call_command("sandbox", "doctor")
    assert "set aside: it does not come clean; cure: manage.py sandbox gpu-check" in capsys.readouterr().out


def test_operators_get_a_mail_when_one_is_set_aside(
    pool: Pool, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ADMINS = [("", "op@example.org")]
    with caplog.at_level(logging.CRITICAL):
        gpus._alert("GPU 0 (GPU-0) set aside: it burns")
    assert "it burns" in mail.outbox[0].body
    assert "it burns" in caplog.text


def test_a_gpu_that_passes_is_in_use_again_and_one_that_fails_is_set_aside(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_check: gpu_check.Check) -> str:
        raise gpu_check.Failed("its product of matrices is off by 3")

    pool.leases.set_aside("GPU-0", "yesterday's")
    monkeypatch.setattr(gpu_check, "PROOFS", {"computes": lambda _check: "rightly"})
    call_command("sandbox", "gpu-check", "--json")
    (one,) = json.loads(capsys.readouterr().out)["devices"]
    assert one["proofs"] == [{"name": "computes", "holds": True, "detail": "rightly"}]
    assert pool.in_use()
    monkeypatch.setattr(gpu_check, "PROOFS", {"computes": broken})
    with pytest.raises(SystemExit):
        call_command("sandbox", "gpu-check")
    assert (
        "NO    computes                 Failed: its product of matrices is off by 3"
        in capsys.readouterr().out
    )
    assert pool.leases.aside("GPU-0") == "gpu-check failed"


@pytest.mark.wall
def test_a_student_without_a_lease_finds_no_node_of_nvidias(pool: Pool) -> None:
    """The one proof of gpu-check that needs no GPU."""
    try:
        told = gpu_check.Check(pool, pool.devices[0], "torch-gpu").others_see_none()
    finally:
        wall.close()
    assert "without a lease" in told
