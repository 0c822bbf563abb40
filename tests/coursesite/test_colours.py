from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = json.loads((Path(settings.BASE_DIR) / "frontend" / "css" / "tokens.json").read_text())
GROUNDS = ("bg", "surface", "sunken")
INKS = ("text", "muted", "accent", "visited", "code-keyword", "code-string", "code-number", "code-comment")
STATES = ("passed", "failed", "diverged", "running", "queued", "system")
THEMES = {"light": 0, "dark": 1}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    values = sorted(luminance(TOKENS[name][THEMES[theme]]) for name in (one, other))
    return (values[1] + 0.05) / (values[0] + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read_on_every_ground(theme):
    pairs = [(ink, ground) for ink in (*INKS, *STATES) for ground in GROUNDS]
    pairs += [(state, f"{state}-tint") for state in STATES]
    pairs += [("text", ground) for ground in ("mark", "diff-added", "diff-removed")]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-hover")]
    pairs += [(f"heat-{step}-ink", f"heat-{step}") for step in range(5)]

    assert {pair: round(contrast(*pair, theme), 2) for pair in pairs if contrast(*pair, theme) < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_line_of_a_chart_and_every_border_of_a_control_can_be_seen(theme):
    pairs = [
        (name, ground) for name in ("control", "focus", *(f"c{n}" for n in range(1, 7))) for ground in GROUNDS
    ]

    assert {pair: round(contrast(*pair, theme), 2) for pair in pairs if contrast(*pair, theme) < 3} == {}
