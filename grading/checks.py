"""System checks: what the wall lacks on this machine, and the way to it.

Warnings, for a web server grades nothing and needs no wall; what a worker lacks its health says too.
"""

from __future__ import annotations

from typing import Any

from django.core import checks


@checks.register("sandbox")
def wall_stands(**_kwargs: Any) -> list[checks.CheckMessage]:
    """One warning for each layer that is missing."""
    from grading import wall  # the web process checks once and keeps the sandbox out of its memory until then

    return [
        checks.Warning(
            f"wall: {layer.name}: {layer.detail}; "
            + ("nothing can be graded here" if layer.required else "grading goes on with less"),
            hint=layer.remedy,
            id=f"sandbox.W{number:03}",
        )
        for number, layer in enumerate(wall.layers(), start=1)
        if not layer.present
    ]
