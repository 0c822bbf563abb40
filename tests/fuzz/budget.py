"""How many examples a test may spend: few in the fast lane, more where the lane has the time."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = {"": 1, "lane": 6, "round": 12}
"""By the environment's FUZZ: the fast lane, the lane of PostgreSQL, one round of `./dev test fuzz`."""


def budget(examples: int, **more: Any) -> settings:
    """`examples` in the fast lane, a multiple of them elsewhere."""
    return settings(
        deadline=None,
        max_examples=examples * TIMES[os.environ.get("FUZZ", "")],
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        **more,
    )
