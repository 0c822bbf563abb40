"""What a verb needs, installed side by side; nothing where the stamps hold."""

from __future__ import annotations

from collections.abc import Callable

from . import environments, frontend, machine
from .environments import AUTHOR, NUMPY, REDIS, SITE, SITE_AND_TESTS, TORCH
from .steps import side_by_side


def ready(
    *,
    tests: bool = False,
    torch: bool = False,
    author: bool = False,
    front_end: bool = True,
    torch_later: bool = False,
) -> None:
    """The site, the Redis server and the numpy runtime, and what else is asked for.

    `torch_later` only makes sure that there will be room for it.
    """
    machine.refuse_other_systems()
    machine.refuse_read_only()
    site_holds = SITE_AND_TESTS.holds() or (not tests and SITE.holds())
    more = [NUMPY, REDIS, *([TORCH] if torch else []), *([AUTHOR] if author else [])]
    if not site_holds or not all(one.holds() for one in more):
        machine.refuse_full_disk(torch=(torch or torch_later) and not TORCH.holds())
        environments.ensure_uv()
    tasks: list[Callable[[], None]] = [
        lambda: environments.ensure_site(tests=tests),
        lambda: environments.ensure(NUMPY),
        lambda: environments.ensure_program(REDIS),
    ]
    if front_end:
        tasks.append(frontend.ensure_built)
    if author:
        tasks.append(lambda: environments.ensure(AUTHOR))
    if torch:
        tasks.append(environments.ensure_torch)
    side_by_side(*tasks)
