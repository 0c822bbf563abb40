"""System checks: no wall, no grading, and the way out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from grading.sandbox import missing_layers


@register("sandbox", deploy=False)
def wall_stands(**_kwargs: Any) -> list[CheckMessage]:
    """One message for each layer that this machine lacks. An error only where nothing may be graded."""
    messages: list[CheckMessage] = []
    for layer in missing_layers(settings.SANDBOX_BACKEND):
        coarse = layer.optional or settings.SANDBOX_ALLOW_COARSE_LIMITS and layer.coarse
        kind = Warning if coarse else Error
        messages.append(kind(f"wall: {layer.problem}", hint=layer.remedy, id=f"sandbox.{layer.name}"))
    return messages
