"""What a verb needs, installed side by side; nothing where the stamps hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial

from grading.sandbox.offers import offers

from . import environments, frontend, machine
from .environments import AUTHOR, REDIS, SITE, SITE_AND_TESTS
from .places import COURSES
from .steps import side_by_side

RUNTIME = re.compile(r"(?m)^runtime: *['\"]?([a-z0-9-]+)")


def ready(
    *,
    tests: bool = False,
    runtimes: Collection[str] = (),
    author: bool = False,
    front_end: bool = True,
    later: Collection[str] = (),
) -> None:
    """The site, the Redis server and the runtimes that are always there, and what else is asked for.

    Of the runtimes in `later` it only makes sure that there will be room for them.
    """
    asked = [offer.name for offer in offers().values() if offer.when == "always" or offer.name in runtimes]
    machine.refuse_other_systems()
    machine.refuse_read_only()
    site_holds = SITE_AND_TESTS.holds() or (not tests and SITE.holds())
    more = [REDIS, *map(environments.runtime, asked), *([AUTHOR] if author else [])]
    if not site_holds or not all(one.holds() for one in more):
        machine.refuse_full_disk(runtimes=missing({*runtimes, *later}))
        environments.ensure_uv()
    tasks: list[Callable[[], None]] = [
        lambda: environments.ensure_site(tests=tests),
        lambda: environments.ensure_program(REDIS),
    ]
    if front_end:
        tasks.append(frontend.ensure_built)
    if author:
        tasks.append(lambda: environments.ensure(AUTHOR))
    tasks += [partial(environments.ensure_runtime, name) for name in asked]
    side_by_side(*tasks)


def missing(names: Collection[str]) -> list[str]:
    """Those of the runtimes that are not installed as their locks say."""
    return [name for name in offers() if name in names and not environments.runtime(name).holds()]


def named_by_courses() -> set[str]:
    """The runtimes that an exercise, or code on a page, of the courses in the folder asks for.

    But for those that whoever runs the machine must ask for: a course does not know whether there is a GPU.
    """
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in COURSES.rglob("*.md"))
    on_their_own = {offer.name for offer in offers().values() if offer.when != "asked"}
    return {name for text in texts for name in RUNTIME.findall(text)} & on_their_own


def beside() -> list[str]:
    """The runtimes that `./dev up` installs while the site is open already, as far as they are missing."""
    named = named_by_courses()
    wanted = {
        offer.name
        for offer in offers().values()
        if offer.when == "beside" or (offer.when == "named" and offer.name in named)
    }
    return missing(wanted)
