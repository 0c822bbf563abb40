"""On a real GPU, everything that `manage.py sandbox gpu-check` proves; skipped, with the reason, elsewhere.

`./dev test gpu` installs the runtime and runs this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grading import gpu_check, gpus, wall
from grading.gpu_check import PROOFS, Check

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def _wall() -> Iterator[None]:
    yield
    wall.close()


@pytest.fixture
def checks(_wall: None) -> list[Check]:
    """One for each device."""
    _, why = gpus.standing()
    if why:
        pytest.skip(why)
    runtime = gpu_check.runtime_on_gpu()
    if not runtime:
        pytest.skip("no runtime for a GPU is installed: ./dev install torch-gpu")
    return [Check(gpus.pool(), device, runtime) for device in gpus.pool().devices]


@pytest.mark.parametrize("name", PROOFS)
def test_what_is_promised_of_a_gpu_holds_on_each(checks: list[Check], name: str) -> None:
    for check in checks:
        assert PROOFS[name](check)
