"""The Python environments under .dev, each made from its locked requirements and stamped with their hash.

    boot              uv, installed by pip, makes the others
    venv              the site and the worker; tests and linters on top once a verb needs them
    redis             the Redis server that a wheel carries
    runtimes/NAME     what a student's code finds inside the wall; grading/sandbox/runtimes says which
    author            draws the course's figures
    peers/*           other graders, which a benchmark measures beside ours

A stamp that still holds costs a few milliseconds, so every verb asks for what it needs each time.
"""

from __future__ import annotations

import fcntl
import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grading.sandbox.offers import offers

from . import say
from .places import DEV, REQUIREMENTS, RUNTIMES, environment
from .stamps import fingerprint
from .steps import run, step

BOOT = DEV / "boot"
UV = BOOT / "bin" / "uv"
WHEELS_ONLY = ("--require-hashes", "--only-binary", ":all:")


@dataclass(frozen=True)
class Environment:
    """One environment: the file of locks it is made from, and how a person calls it."""

    folder: Path
    lock: str
    title: str
    mark: str = ".stamp"
    more: tuple[str, ...] = ()
    from_source: tuple[str, ...] = ()
    """Packages of which there is no wheel: compiled here, by a compiler that the machine must have."""
    build: str = ""
    """Of a package whose builds differ by machine, where it is not the usual one."""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def wanted(self) -> str:
        """The hash of all that decides what is inside."""
        here = f"{sys.version_info[:2]} {platform.machine()}{self.build}"
        locks = [REQUIREMENTS / f"{self.lock}.txt", *(REQUIREMENTS / name for name in self.more)]
        return f"{self.lock} {fingerprint(locks, here)}"

    def holds(self) -> bool:
        """Whether it is installed from these very locks."""
        try:
            return self.wanted() in (self.folder / self.mark).read_text(encoding="utf-8")
        except OSError:
            return False


SITE = Environment(DEV / "venv", "web", "Python packages of the site")
SITE_AND_TESTS = Environment(DEV / "venv", "dev", "Python packages of the site, its tests and linters")
AUTHOR = Environment(DEV / "author", "author", "Python packages that draw the figures")
REDIS = Environment(DEV / "redis", "redis", "Redis server")
NODE = Environment(DEV / "node", "node", "Node.js")
PEERS = {
    name: Environment(DEV / "peers" / name, f"peer-{name}", f"{name}, to measure beside", from_source=source)
    for name, source in (("dmoj", ("dmoj",)), ("nbgrader", ()), ("otter", ()))
}
"""Other graders, for `./dev bench grading --peers` alone."""


def runtime(name: str) -> Environment:
    """Where the runtime of that name is installed, and from what."""
    offer = offers()[name]
    alone = (f"{offer.alone}.txt",) if offer.alone else ()
    build = "" if offer.build == "cpu" else offer.build
    return Environment(RUNTIMES / name, offer.lock, f"student runtime {name}", ".ready", alone, build=build)


def ensure_site(*, tests: bool = False) -> None:
    """The site's environment. Once it has the tests' packages, it keeps them."""
    if SITE_AND_TESTS.holds() or (not tests and SITE.holds()):
        return
    ensure(SITE_AND_TESTS if tests or _has_tests() else SITE)


def _has_tests() -> bool:
    stamp = SITE.folder / SITE.mark
    return stamp.exists() and f"({SITE_AND_TESTS.lock} " in stamp.read_text(encoding="utf-8")


def ensure(wanted: Environment) -> None:
    """Makes `wanted` hold: an interpreter of its own and exactly the locked packages, wheels alone."""
    if wanted.holds():
        return
    with only_one(wanted), step(wanted.title):
        if wanted.holds():
            return
        _forget(wanted)
        _interpreter(wanted)
        _uv(
            "pip",
            "sync",
            "--python",
            wanted.python,
            *WHEELS_ONLY,
            *(f"--no-binary={package}" for package in wanted.from_source),
            "--compile-bytecode",
            _lock(wanted),
            log=wanted.lock,
        )
        _stamp(wanted)


def ensure_peers() -> None:
    """The other graders; one that cannot be installed here is left out, and said so."""
    ensure_uv()
    for peer in PEERS.values():
        try:
            ensure(peer)
        except say.Refusal as refusal:
            say.warn(f"{peer.title}: left out, {refusal}")


def ensure_runtime(name: str) -> None:
    """A student runtime, with the package that is installed alone where it has one."""
    offer = offers()[name]
    if offer.alone:
        _ensure_with_one_alone(runtime(name), offer.alone, offer.build)
    else:
        ensure(runtime(name))


def _ensure_with_one_alone(wanted: Environment, alone: str, build: str) -> None:
    """Everything hashed but one package: torch, whose builds have another hash on every machine.

    That for a GPU brings libraries of its own, by versions that it names itself; where it is made for another
    machine's, UV_TORCH_BACKEND says for which CUDA.
    """
    if wanted.holds():
        return
    with only_one(wanted), step(wanted.title):
        if wanted.holds():
            return
        _forget(wanted)
        _interpreter(wanted)
        into = ("pip", "install", "--python", wanted.python)
        _uv(*into, *WHEELS_ONLY, "--compile-bytecode", "-r", _lock(wanted), log=wanted.lock)
        just = (
            *(("--no-deps",) if build == "cpu" else ()),
            "--only-binary",
            ":all:",
            "--compile-bytecode",
            "-r",
            REQUIREMENTS / f"{alone}.txt",
        )
        for_whom = build if build == "cpu" else os.environ.get("UV_TORCH_BACKEND", build)
        from_the_index = partial(_uv, *into, *just, "--torch-backend", for_whom, log=alone)
        if build != "cpu":
            from_the_index()
        else:
            try:  # a wheel that the machine keeps in pip's find-links needs no network
                _uv(*into, *just, "--no-index", log=alone)
            except say.Refusal:
                from_the_index()
        _uv("pip", "check", "--python", wanted.python, log=f"{alone}-check")
        _stamp(wanted)


def ensure_program(wanted: Environment) -> None:
    """A folder without interpreter, for a wheel that only carries a program, whatever Python it is for."""
    if wanted.holds():
        return
    with only_one(wanted), step(wanted.title):
        if wanted.holds():
            return
        _forget(wanted)
        wheels = (*WHEELS_ONLY, "--no-deps", "--target", wanted.folder, "--python-version", "3.12")
        _uv("pip", "install", "--python", sys.executable, *wheels, "-r", _lock(wanted), log=wanted.lock)
        _stamp(wanted)


def ensure_uv() -> None:
    """uv by pip, or by the pip of a venv where the machine has none beside its Python."""
    boot = Environment(BOOT, "boot", "uv, the installer")
    if boot.holds() and UV.exists():
        return
    with only_one(boot), step(boot.title):
        if boot.holds() and UV.exists():
            return
        command: list[str | Path] = [
            *_pip(),
            "install",
            "--quiet",
            "--target",
            BOOT,
            "--upgrade",
            *WHEELS_ONLY,
            "-r",
            _lock(boot),
        ]
        run(command, log="boot", env=environment(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1"))
        _stamp(boot)


def _pip() -> list[str]:
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [sys.executable, "-m", "pip"]
    folder = DEV / "pip"
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True)
    if made.returncode:
        raise say.Refusal(
            f"{sys.executable} has neither pip nor the venv module: install one of them (Debian, Ubuntu: "
            "sudo apt install python3-venv) and run the same command again"
        )
    return [str(folder / "bin" / "python"), "-m", "pip"]


def _interpreter(wanted: Environment) -> None:
    """A virtual environment of this Python; one that fits is kept, since something may run in it."""
    try:
        settings = (wanted.folder / "pyvenv.cfg").read_text(encoding="utf-8")
        fits = wanted.python.exists() and f"version_info = {platform.python_version()}" in settings
    except OSError:
        fits = False
    if not fits:
        _uv(
            "venv",
            "--clear",
            "--no-project",
            "--no-python-downloads",
            "--python",
            sys.executable,
            wanted.folder,
            log=wanted.lock,
        )


def _uv(*arguments: str | Path, log: str) -> None:
    run([UV, *arguments], log=log, env=environment(**_like_pip()))


def _like_pip() -> dict[str, str]:
    """pip's settings in uv's words, so that a mirror set up for pip serves uv too; uv reads none of them."""
    listed = subprocess.run([*_pip(), "config", "list"], capture_output=True, text=True).stdout
    settings: dict[str, str] = {}
    for text in listed.splitlines():
        name, _equals, value = text.partition("=")
        settings[name.rpartition(".")[2]] = " ".join(shlex.split(value))
    words = {"find-links": "UV_FIND_LINKS", "index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    own = {uv: settings[pip] for pip, uv in words.items() if pip in settings and uv not in os.environ}
    own["UV_NO_PROGRESS"] = own["UV_NO_CONFIG"] = "1"
    return own


def _lock(wanted: Environment) -> Path:
    return REQUIREMENTS / f"{wanted.lock}.txt"


def _forget(wanted: Environment) -> None:
    (wanted.folder / wanted.mark).unlink(missing_ok=True)


def _stamp(wanted: Environment) -> None:
    """The mark of a finished installation. A grading keeps it, so it names what ran, by what is pinned."""
    named = [REQUIREMENTS / f"{wanted.lock}.in", *(REQUIREMENTS / name for name in wanted.more)]
    pinned = re.findall(r"(?m)^([\w-]+)==", "\n".join(path.read_text(encoding="utf-8") for path in named))
    packages = sorted(
        " ".join(path.name.removesuffix(".dist-info").split("-")[:2])
        for name in pinned
        if name != "msgpack"  # the channel's, not the student's
        for path in wanted.folder.glob(f"lib/python*/site-packages/{name.replace('-', '_')}-*.dist-info")
    )
    inside = ", ".join([*packages, f"Python {platform.python_version()}"])
    (wanted.folder / wanted.mark).write_text(f"{inside} ({wanted.wanted()})\n", encoding="utf-8")


@contextmanager
def only_one(wanted: Environment) -> Iterator[None]:
    """Two `./dev` at once do not install into one folder: the second waits, then finds it done."""
    lock = DEV / "locks" / wanted.lock
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say.line(f"  waiting for another ./dev that installs the {wanted.title}")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock_all() -> None:
    """Writes every requirements/*.txt anew from its *.in: all hashes, for every Python from 3.11 on."""
    ensure_uv()
    compiled: tuple[str, ...] = (
        "pip",
        "compile",
        "--quiet",
        "--generate-hashes",
        "--universal",
        "--python-version",
        "3.11",
        "--no-emit-index-url",
    )
    compiled += ("--no-emit-find-links", "--custom-compile-command", "./dev lock")
    names = ["boot", "node", "redis", "web", "dev", "author", *(offer.lock for offer in offers().values())]
    for name in [*names, *(peer.lock for peer in PEERS.values())]:
        extra = {"dev": ("-c", "web.txt"), "author": ("-c", "web.txt"), "redis": ("--no-deps",)}.get(name, ())
        with step(f"requirements/{name}.txt"):
            locks: list[str | Path] = [UV, *compiled, f"{name}.in", *extra, "-o", f"{name}.txt"]
            run(locks, log=f"lock-{name}", cwd=REQUIREMENTS, env=environment(**_like_pip()))
