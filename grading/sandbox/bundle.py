"""What a zygote's container looks like: an OCI bundle for a runtime, options of `run` for an engine.

Both say the same: a read-only root with nothing but the runtime's files at their usual paths, the program
and the link; no network, no capability, no new privileges, our seccomp profile, a bounded group.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .inside.root import SCRATCH
from .interface import MIB, Device, Runtime
from .profile import for_zygote
from .zygotes import HOST_ID, INSIDE, INTERPRETER_OPTIONS, environment, fault

LINK = "/coursesite"
"""Where the container finds the folder with the socket."""
ENGINES = ("podman", "docker", "nerdctl")
"""Commands that want an image; any other is taken for an OCI runtime, which wants a bundle."""
IMAGE = "coursesite-nothing"
CDI = "nvidia.com/gpu"
"""The kind of device that `nvidia-ctk cdi generate` describes to engines."""
_MEMORY = 4096 * MIB  # of a zygote with its imports; students are in groups of their own
_PIDS = 1024
_MASKED = ("acpi", "kcore", "keys", "latency_stats", "timer_list", "timer_stats", "sched_debug", "scsi")
_READ_ONLY = ("bus", "fs", "irq", "sys", "sysrq-trigger")
_NAMESPACES = ("pid", "mount", "network", "ipc", "uts", "cgroup")


@dataclass(frozen=True)
class Contents:
    """Host paths that the container shows, and what it runs."""

    paths: tuple[str, ...]
    command: tuple[str, ...]
    environment: Mapping[str, str]
    device: Device | None = None


def contents(runtime: Runtime) -> Contents:
    """Asks the runtime's own interpreter what it needs, as its zygote will ask again inside."""
    program, variables = str(runtime.program.resolve()), environment(runtime)
    try:
        told = subprocess.run(
            [str(runtime.python), *INTERPRETER_OPTIONS, str(INSIDE), "plan", program],
            capture_output=True,
            check=True,
            text=True,
            env=variables,
            cwd="/",
        ).stdout
    except OSError as error:
        raise fault(
            "interpreter", error.errno, f"{runtime.python} cannot be run: {error.strerror}"
        ) from error
    except subprocess.CalledProcessError as error:
        raise fault("interpreter", None, error.stderr.strip()[-500:]) from error
    found = json.loads(told)
    sources = [one for one in found["sources"] if not one.startswith(("/proc", "/dev/"))]
    made_as = str(runtime.python.parent.parent / "pyvenv.cfg")
    loaders = [str(one) for one in Path("/lib").glob("ld-linux*.so.*")]
    driver = runtime.device.libraries if runtime.device else ()
    wanted = [made_as, *sources, *_hops(runtime.python), *loaders, *found["mapped"], *driver, str(INSIDE)]
    command = (str(runtime.python), *INTERPRETER_OPTIONS, str(INSIDE), f"{LINK}/socket")
    return Contents(_outermost(wanted), command, variables, runtime.device)


def _hops(python: Path) -> list[str]:
    """The interpreter by each name on the way through its symbolic links."""
    hops = [python]
    while hops[-1].is_symlink():
        hops.append(Path(os.path.normpath(hops[-1].parent / hops[-1].readlink())))
    return [str(one) for one in hops]


def _outermost(paths: list[str]) -> tuple[str, ...]:
    """Without those that lie beneath another."""
    there = [one for one in dict.fromkeys(paths) if Path(one).exists()]
    return tuple(
        one for one in there if not any(one != other and Path(one).is_relative_to(other) for other in there)
    )


def write_bundle(folder: Path, what: Contents) -> None:
    """`config.json` and an empty root in `folder`; its `link` holds the socket."""
    root = folder / "rootfs"
    for one in (root, root / SCRATCH[1:]):
        one.mkdir()
        one.chmod(0o755)  # whatever the umask: who runs inside is another user
    (folder / "config.json").write_text(json.dumps(_config(folder, what)))


def _config(folder: Path, what: Contents) -> dict[str, object]:
    root = os.geteuid() == 0
    usual = ["nosuid", "noexec", "nodev"]
    mounts: list[dict[str, object]] = [
        {"destination": "/proc", "type": "proc", "source": "proc", "options": usual},
        {
            "destination": "/dev",
            "type": "tmpfs",
            "source": "tmpfs",
            "options": ["nosuid", "mode=755", "size=64k"],
        },
    ]
    mounts += [_bind(one, one) for one in what.paths]
    mounts.append(_bind(str(folder / "link"), LINK))
    nodes = what.device.nodes if what.device else ()
    mounts += [_bind(one, one, device=True) for one in nodes]
    linux: dict[str, object] = {
        "namespaces": [{"type": one} for one in _NAMESPACES],
        "maskedPaths": [f"/proc/{one}" for one in _MASKED],
        "readonlyPaths": [f"/proc/{one}" for one in _READ_ONLY],
        "seccomp": for_zygote(),
    }
    if root:
        linux["resources"] = {
            "devices": [{"allow": False, "access": "rwm"}, *(_allowed(one) for one in nodes)],
            "memory": {"limit": _MEMORY},
            "pids": {"limit": _PIDS},
        }
    else:
        linux["namespaces"] = [{"type": one} for one in (*_NAMESPACES, "user")]
        linux["uidMappings"] = [{"containerID": 0, "hostID": os.geteuid(), "size": 1}]
        linux["gidMappings"] = [{"containerID": 0, "hostID": os.getegid(), "size": 1}]
    identity = HOST_ID if root else 0
    held = (
        [] if root else ["CAP_SETFCAP"]
    )  # without it nobody may map an id 0, and a runtime's user is 0 here
    return {
        "ociVersion": "1.0.2",
        "hostname": "wall",
        "root": {"path": "rootfs", "readonly": True},
        "mounts": mounts,
        "process": {
            "args": list(what.command),
            "env": [f"{name}={value}" for name, value in what.environment.items()],
            "cwd": "/",
            "user": {"uid": identity, "gid": identity},
            "noNewPrivileges": True,
            "capabilities": dict.fromkeys(("bounding", "effective", "permitted"), held),
            "rlimits": [{"type": "RLIMIT_CORE", "hard": 0, "soft": 0}],
        },
        "linux": linux,
    }


def _bind(source: str, target: str, *, device: bool = False) -> dict[str, object]:
    options = ["rbind", "ro", "nosuid", "noexec" if device else "nodev"]
    return {"destination": target, "type": "bind", "source": source, "options": options}


def _allowed(node: str) -> dict[str, object]:
    """For the devices group: this one may be opened, and not made."""
    number = Path(node).stat().st_rdev
    which = {"type": "c", "major": os.major(number), "minor": os.minor(number)}
    return {"allow": True, "access": "rw", **which}


def engine_options(folder: Path, what: Contents, *, podman: bool) -> list[str]:
    """The options and arguments of `run` that say to an engine what a bundle says to a runtime."""
    (folder / "seccomp.json").write_text(json.dumps(for_zygote()))
    rootless = podman and os.geteuid() != 0
    identity = os.geteuid() if rootless else HOST_ID
    options = ["--rm", "--network=none", "--read-only", "--hostname=wall", "--workdir=/"]
    options += ["--cap-drop=ALL", "--security-opt=no-new-privileges"]
    options += [f"--security-opt=seccomp={folder / 'seccomp.json'}", "--security-opt=apparmor=unconfined"]
    options += [f"--user={identity}:{identity}", f"--name={folder.name}"]
    options += ["--ulimit=core=0:0", "--ulimit=nofile=1024:1024", f"--ulimit=nproc={_PIDS}:{_PIDS}"]
    if rootless:
        options.append("--userns=keep-id")
    else:
        options += [f"--memory={_MEMORY}", f"--pids-limit={_PIDS}"]
    if what.device is not None:
        options.append(f"--device={CDI}={what.device.place}")
    options += [f"--env={name}={value}" for name, value in what.environment.items()]
    options += [f"--volume={one}:{one}:ro" for one in what.paths]
    options.append(f"--volume={folder / 'link'}:{LINK}:ro")
    return [*options, f"--entrypoint={what.command[0]}", IMAGE, *what.command[1:]]
