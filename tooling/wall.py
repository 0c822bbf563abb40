"""What the wall says of this machine; like this package, it needs only the standard library."""

from __future__ import annotations

from grading.sandbox.doctor import layers


def missing() -> list[str]:
    """One line for each layer of the wall that this machine lacks: what follows, and the cure."""
    lines = []
    for layer in layers():
        if not layer.present:
            follows = "nothing can be graded" if layer.required else "grading goes on without it"
            lines.append(f"wall: {layer.name}: {layer.detail}; {follows}. Cure: {layer.remedy}")
    return lines


def lacks() -> str:
    """Why nothing can be graded here; empty when something can."""
    return "; ".join(
        f"{layer.name}: {layer.detail} ({layer.remedy})"
        for layer in layers()
        if not layer.present and layer.required
    )
