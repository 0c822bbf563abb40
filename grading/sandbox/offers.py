"""The runtimes on offer: one file each in `runtimes/`, read by the site, the worker and the tooling alike.

Nothing else lists them. What each field means is in docs/operating.md, "Adding a runtime".
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from .interface import MIB, Hooks, Runtime

FOLDER = Path(__file__).parent / "runtimes"
GPU = "gpu"
"""The capability of machines with devices to lease."""
When = Literal["always", "beside", "named", "asked"]
"""When `./dev up` installs it: before the site opens, beside it, beside it if an exercise names it, or never:
whoever runs the machine asks for it."""


@dataclass(frozen=True)
class Offer:
    """A runtime as data."""

    name: str
    title: str
    """As its makers write it."""
    capability: str
    """Of the machines that can hold it; names its queues."""
    when: When
    lock: str
    """`requirements/<lock>.txt`."""
    alone: str
    """`requirements/<alone>.txt`, installed without hashes on top; empty for none."""
    disk_bytes: int
    preload: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    hooks: Hooks
    headroom_bytes: int
    instead_of: str
    """The runtime whose exercises it takes if they say `gpu_memory_mb`; empty for none."""
    build: str
    """Which build of the package that is installed alone; "auto": the one for this machine's GPU."""

    @property
    def needs_device(self) -> bool:
        """Whether its children open a GPU, which they must have leased."""
        return self.capability == GPU

    def runtime(self, python: Path, program: Path, entry: str) -> Runtime:
        """As the wall takes it, with its interpreter and the program that runs in it."""
        return Runtime(
            self.name,
            python,
            self.preload,
            program,
            entry,
            environment=self.environment,
            hooks=self.hooks,
            headroom_bytes=self.headroom_bytes,
        )


@cache
def offers() -> Mapping[str, Offer]:
    """Every runtime by its name, NumPy's first: what is always there, before what may not be."""
    found = [_offer(path) for path in sorted(FOLDER.glob("*.toml"))]
    found.sort(key=lambda offer: get_args(When).index(offer.when))
    return {offer.name: offer for offer in found}


def _offer(path: Path) -> Offer:
    """Raises ValueError with the file's name for a field that is missing, wrong or not known."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        install, zygote, child = (data.pop(name) for name in ("install", "zygote", "child"))
        offer = Offer(
            name=path.stem,
            title=data.pop("title"),
            capability=data.pop("capability"),
            when=_one_of(get_args(When), install.pop("when")),
            lock=install.pop("lock"),
            alone=install.pop("alone", ""),
            disk_bytes=int(install.pop("megabytes")) * 1_000_000,
            preload=tuple(zygote.pop("preload")),
            environment=tuple(sorted(zygote.pop("environment", {}).items())),
            hooks=Hooks(zygote.pop("settle", ""), child.pop("seed", ""), child.pop("rehearse", "")),
            headroom_bytes=int(child.pop("headroom_mb")) * MIB,
            instead_of=data.pop("instead_of", ""),
            build=install.pop("build", "cpu"),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if unknown := [*data, *install, *zygote, *child]:
        raise ValueError(f"{path.name}: nobody reads {', '.join(unknown)}")
    return offer


def _one_of(words: tuple[When, ...], word: Any) -> When:
    if word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(words)}")
    return words[words.index(word)]
