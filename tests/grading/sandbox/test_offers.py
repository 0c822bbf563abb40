"""A runtime is one file: what is in it reaches the wall, and what is wrong in it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.sandbox import offers
from grading.sandbox.interface import MIB
from tooling.places import REQUIREMENTS

GOOD = """
title = "JAX"
capability = "gpu"
[install]
when = "named"
lock = "runtime-jax"
megabytes = 900
[zygote]
preload = ["numpy", "jax"]
environment = { B = "2", A = "1" }
[child]
headroom_mb = 200
seed = "import jax"
"""


def read(folder: Path, text: str) -> offers.Offer:
    path = folder / "jax.toml"
    path.write_text(text)
    return offers._offer(path)


def test_a_file_is_all_that_a_runtime_needs(tmp_path: Path) -> None:
    offer = read(tmp_path, GOOD)
    runtime = offer.runtime(Path("/x/python"), Path("/x/program.py"), "serve")
    assert (offer.name, offer.title, offer.capability, offer.when) == ("jax", "JAX", "gpu", "named")
    assert runtime.preload == ("numpy", "jax")
    assert runtime.environment == (("A", "1"), ("B", "2"))
    assert (runtime.hooks.settle, runtime.hooks.seed) == ("", "import jax")
    assert runtime.headroom_bytes == 200 * MIB


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        ('title = "JAX"', "", "jax.toml: 'title'"),
        ('when = "named"', 'when = "soon"', "jax.toml: 'soon' is none of always, beside, named"),
        ("headroom_mb = 200", "headroom_mb = 200\nspare = 2", "jax.toml: nobody reads spare"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, there: str, instead: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read(tmp_path, GOOD.replace(there, instead))


@pytest.mark.parametrize("name", offers.offers())
def test_every_runtime_has_its_lock_and_code_that_compiles(name: str) -> None:
    offer = offers.offers()[name]
    lock = (REQUIREMENTS / f"{offer.lock}.txt").read_text()
    for needed in ("msgpack==", "numpy=="):
        assert needed in lock
    for text in (offer.hooks.settle, offer.hooks.seed, offer.hooks.rehearse):
        compile(text, name, "exec")
