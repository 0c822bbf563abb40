"""What the compose file and its parts promise, read from the files; `prove.py` runs them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("prepare", "web", "scheduler", "cpu-worker", "gpu-worker")
WORKERS = ("cpu-worker", "gpu-worker")


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_privileged_or_reaches_the_engine_or_the_host(name: str) -> None:
    service = SERVICES[name]
    assert not set(service) & {"privileged", "pid", "ipc", "network_mode", "userns_mode", "cgroup_parent"}
    assert "docker.sock" not in str(service)
    mounted = [one.split(":")[0] for one in service.get("volumes", [])]
    assert set(mounted) <= set(COMPOSE["volumes"]), "a folder of the host is mounted"


@pytest.mark.parametrize("name", SERVICES)
def test_every_root_is_read_only_and_every_capability_is_named(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_only_workers_and_stores_hold_a_capability_at_all() -> None:
    held = {name: set(service.get("cap_add", [])) for name, service in SERVICES.items()}
    assert held["cpu-worker"] == {"SYS_ADMIN", "CHOWN", "SETUID", "SETGID", "SETPCAP"}
    assert held["gpu-worker"] == held["cpu-worker"]
    assert not held["web"] | held["scheduler"] | held["prepare"]


def test_the_workers_capabilities_are_each_used_by_its_entry_point() -> None:
    script = (ROOT / "deploy" / "worker-entrypoint").read_text()
    for step in ("mount -o remount", "chown", "--reuid", "--regid", "--bounding-set=-all"):
        assert step in script


def test_what_lasts_is_healthy_or_known_not_to_be() -> None:
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == ["prepare"]


def test_secrets_come_by_file_alone() -> None:
    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert not {"COURSESITE_SECRET_KEY", "COURSESITE_DATABASE_PASSWORD"} & set(environment)
        assert {"secret-key", "database-password"} <= set(SERVICES[name]["secrets"])
    assert all("file" in one for one in COMPOSE["secrets"].values())


def test_database_and_broker_cannot_be_reached_from_outside() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]


def test_the_gpu_worker_starts_only_when_asked_for() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["gpu-worker"]


def test_the_gpu_worker_takes_gpu_work_alone_and_shares_its_leases() -> None:
    worker = SERVICES["gpu-worker"]
    (queues,) = [one for one in worker["command"] if one.startswith("--queues=")]
    assert {one.partition(".")[0] for one in queues.removeprefix("--queues=").split(",")} == {"gpu"}
    assert worker["devices"] == ["nvidia.com/gpu=all"]
    folder = worker["environment"]["COURSESITE_GPU_LEASES_DIR"]
    assert worker["volumes"] == [f"devices:{folder}"]
    assert f"-o 10001 -g 10001 {folder}" in (ROOT / "deploy" / "Dockerfile").read_text()
    assert set(SERVICES["cpu-worker"]["environment"]) <= set(worker["environment"])


def test_every_target_that_is_built_exists() -> None:
    stages = {
        line.split()[-1]
        for line in (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
        if " AS " in line
    }
    assert {SERVICES[name]["build"]["target"] for name in OURS} <= stages


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_runs_under_the_profile_of_the_tables(name: str) -> None:
    named = next(one for one in SERVICES[name]["security_opt"] if one.startswith("seccomp="))
    assert (ROOT / named.removeprefix("seccomp=")).is_file()
