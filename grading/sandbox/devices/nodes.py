"""Which files of a machine lead to one GPU: its nodes in /dev, its driver's libraries, its lines in /proc."""

import os
import sysconfig
from pathlib import Path

from .interface import NoDevices

COMMON = ("/dev/nvidiactl", "/dev/nvidia-uvm")
SHOWS = ("/proc/driver/nvidia", "/proc/devices", "/proc/modules")
"""Numbers and versions, no secrets. The driver's library reads them before it opens a node."""
CUDA = "libcuda.so.1"
_ELSEWHERE = (
    "/usr/local/nvidia/lib64",
    "/usr/local/nvidia/lib",
    "/usr/lib/wsl/lib",
    "/run/opengl-driver/lib",
)


def nodes_of(
    minor: int, instance: tuple[int, int] | None = None, *, host: Path = Path("/")
) -> tuple[str, ...]:
    """The nodes of the GPU with that minor number, or of one instance: (GPU instance, compute instance).

    Raises NoDevices for one that is not here: without it the driver's library finds no device.
    """
    found = [*COMMON, f"/dev/nvidia{minor}"]
    if instance is not None:
        place = f"proc/driver/nvidia/capabilities/gpu{minor}/mig/gi{instance[0]}"
        found += [_capability(host / place / "access"), _capability(host / place / f"ci{instance[1]}/access")]
    for one in found:
        if not (host / one[1:]).exists():
            raise NoDevices(
                f"{one} is not here: nvidia-modprobe -u -c={minor} makes it; a container is given it"
            )
    return tuple(found)


def _capability(access: Path) -> str:
    """The node that grants what `access` describes."""
    try:
        lines = access.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoDevices(f"{access} cannot be read: {error.strerror}") from error
    number = next(line.partition(":")[2].strip() for line in lines if line.startswith("DeviceFileMinor"))
    return f"/dev/nvidia-caps/nvidia-cap{number}"


def driver_folders(*, more: tuple[str, ...] = ()) -> list[str]:
    """Where the driver's libraries may lie: those named, the loader's own, and where containers get them."""
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    usual = (f"/usr/lib/{triplet}", f"/lib/{triplet}", "/usr/lib64", "/lib64")
    asked = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    return [one for one in dict.fromkeys((*more, *asked, *usual, *_ELSEWHERE)) if one and Path(one).is_dir()]


def libraries_elsewhere(*, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The folder of the driver's libraries, unless the loader searches it anyway; raises NoDevices."""
    folder = next((one for one in driver_folders(more=more) if Path(one, CUDA).exists()), None)
    if folder is None:
        raise NoDevices(f"{CUDA} is nowhere: install the driver's libraries, or COURSESITE_GPU_DRIVER_DIRS")
    by_itself = folder not in (*more, *_ELSEWHERE) and folder.startswith(("/usr/lib", "/lib"))
    return () if by_itself else (folder,)


def find(name: str, *, more: tuple[str, ...] = ()) -> str:
    """The path of a library of the driver's; its bare name where only the loader may know."""
    return next((str(Path(one, name)) for one in driver_folders(more=more) if Path(one, name).exists()), name)
