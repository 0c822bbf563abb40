"""The read-only root that zygote and students see: the runtime's own files and nothing else."""

import json
import os
import sys
import sysconfig
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import kernel

STAGING = "/tmp"  # noqa: S108 - covered in our own mount namespace only, until the root is entered
SCRATCH = "/tmp"  # noqa: S108 - inside the new root, where each student's own tmpfs goes
BESIDE = "/runtime"  # what the host has below the scratch shows here, where the scratch does not cover it
PROGRAM = "/program"
FOR_IMPORTS = ("/proc", "/sys")
"""Seen while the zygote imports (libraries ask for the CPU there), covered before the first student."""

_FILES = kernel.RDONLY | kernel.NOSUID | kernel.NODEV
_DEVICE = kernel.RDONLY | kernel.NOSUID | kernel.NOEXEC
_PROC = (
    kernel.NOSUID | kernel.NODEV | kernel.NOEXEC
)  # writable: a student's process maps its own user id there
_REMOUNT = 0x20 | 0x1000
NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Bind:
    """A path of the host and where it shows in the root."""

    source: str
    target: str
    attributes: int = _FILES


def plan(program: str, nodes: Sequence[str] = (), libraries: Sequence[str] = ()) -> list[Bind]:
    """What to bind: the import path, the shared libraries, four devices, the program, /proc and CPU facts.

    `nodes` and `libraries` come on top: those of a GPU and its driver.

    The interpreter itself is not among them: it is loaded already, and so there is nothing to execute.
    """
    found = [one for one in (*_import_path(), *_library_directories(), *libraries) if Path(one).is_dir()]
    directories = [one for one in dict.fromkeys(found) if not any(_is_below(one, other) for other in found)]
    binds = [Bind(one, shown_at(one)) for one in directories]
    if Path("/etc/ld.so.cache").exists():
        binds.append(Bind("/etc/ld.so.cache", "/etc/ld.so.cache"))
    binds += [Bind(f"/dev/{name}", f"/dev/{name}", _DEVICE) for name in ("null", "zero", "random", "urandom")]
    binds += [Bind(one, one, _DEVICE) for one in nodes]
    binds.append(Bind(program, f"{PROGRAM}/{Path(program).name}"))
    binds.append(Bind("/proc", "/proc", _PROC))
    if Path("/sys/devices/system/cpu").is_dir():
        binds.append(Bind("/sys/devices/system/cpu", "/sys/devices/system/cpu"))
    return binds


def tell_plan(program: str) -> None:
    """For a worker that lays a container out: the sources of the plan, and what this interpreter maps."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    mapped = dict.fromkeys(line.split(maxsplit=5)[5] for line in lines if "/" in line)
    print(json.dumps({"sources": [bind.source for bind in plan(program)], "mapped": list(mapped)}))


def shown_at(path: str) -> str:
    """Where a path of the host shows in the root: where it is, unless the scratch would cover it there."""
    return f"{BESIDE}{path}" if _is_below(path, SCRATCH) else path


def build(binds: list[Bind]) -> None:
    """Lay the root out and enter it; the host's tree is let go of.

    The sources are opened before anything is covered, so they may lie anywhere, also under /tmp, and in
    homes that only root may enter.
    """
    kernel.mount("", "/", kernel.MS_REC | kernel.MS_PRIVATE)
    trees = [(kernel.clone_tree(bind.source), bind, Path(bind.source).is_dir()) for bind in binds]
    covered = _foreign_packages(binds)
    kernel.mount("tmpfs", STAGING, kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=1m")
    for name in (SCRATCH, *FOR_IMPORTS):
        _make(Path(STAGING + name), directory=True)
    for tree, bind, is_directory in trees:
        _make(Path(STAGING + bind.target), directory=is_directory)
        kernel.restrict_tree(tree, bind.attributes)
        kernel.place_tree(tree, STAGING + bind.target)
        os.close(tree)
    for name in covered:
        _cover(STAGING + name)
    kernel.enter_root(STAGING)
    kernel.mount("", "/", _REMOUNT | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV)


def unseal() -> None:
    """A scratch for the imports: some libraries (torch's compiler) make a cache folder when they load."""
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", SCRATCH, flags, "mode=700,size=16m")


def seal(shows: Sequence[str] = ()) -> None:
    """Cover what only the imports needed, but for what `shows` names of it."""
    kept = {one: kernel.clone_tree(one) for one in shows if Path(one).exists()}
    folders = {one for one in kept if Path(one).is_dir()}
    for name in (SCRATCH, *FOR_IMPORTS):
        _cover(name, {one: tree for one, tree in kept.items() if _is_below(one, name)}, folders)


def _cover(path: str, kept: Mapping[str, int] = NOTHING, folders: Collection[str] = ()) -> None:
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    kernel.mount("tmpfs", path, flags, f"mode=555,size=4k,nr_inodes={4 + 4 * len(kept)}")
    if path == "/proc":
        _name_the_program(Path(path, "self"))
    for one, tree in kept.items():
        _make(Path(one), directory=one in folders)
        kernel.restrict_tree(tree, _FILES | kernel.NOEXEC)
        kernel.place_tree(tree, one)
        os.close(tree)
    kernel.mount("", path, _REMOUNT | kernel.MS_RDONLY | flags)


def _name_the_program(folder: Path) -> None:
    """All that is left of /proc is the name of what runs: TensorFlow ends a process that cannot read it.

    Not the interpreter's: of a Python it would want the command line too.
    """
    folder.mkdir(mode=0o555)
    (folder / "exe").symlink_to(PROGRAM)


def _make(path: Path, *, directory: bool) -> None:
    (path if directory else path.parent).mkdir(mode=0o755, parents=True, exist_ok=True)
    if not directory:
        path.touch(0o444)


def _import_path() -> list[str]:
    return [os.path.abspath(one) for one in sys.path if one]  # noqa: PTH100 - as spelled: no link resolved


def _library_directories() -> list[str]:
    """Where the loader finds shared libraries: the multiarch folder, or /lib64, or else all of /lib."""
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    usual = [f"/lib/{triplet}", f"/usr/lib/{triplet}"] if triplet else []
    usual = [one for one in (*usual, "/lib64", "/usr/lib64") if Path(one).is_dir()]
    return usual if any(next(Path(one).glob("libc.so*"), None) for one in usual) else ["/lib", "/usr/lib"]


def _foreign_packages(binds: list[Bind]) -> list[str]:
    """Package folders within what is bound that are off the import path: another environment's."""
    wanted = set(_import_path())
    names = ("site-packages", "dist-packages")
    inner = [str(Path(bind.source, name)) for bind in binds for name in names]
    return [shown_at(one) for one in inner if one not in wanted and Path(one).is_dir()]


def _is_below(path: str, other: str) -> bool:
    return path != other and Path(path).is_relative_to(other)
