"""How every figure of a course looks: palette, line styles, type, numbers written the Spanish way.

Colours are drawn as the hex value of the light theme and leave as CSS variables (see `svg`), so one
file serves both themes. A colour is an optimiser for the whole course.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import font_source_sans_pro
import matplotlib
from matplotlib import font_manager

VARIABLES = {
    "#c26e12": "--c1",
    "#1b2093": "--c2",
    "#188d7c": "--c3",
    "#9867e1": "--c4",
    "#a51105": "--c5",
    "#5e1c36": "--c6",
    "#1b1d21": "--text",
    "#575a61": "--muted",
    "#575a62": "--reference",
    "#dfdcd2": "--line",
    "#fbfaf7": "--bg",
    "#f3f1ea": "--heat-0",
    "#cfdcf3": "--heat-1",
    "#94b3e6": "--heat-2",
    "#3f6fc4": "--heat-3",
    "#14346f": "--heat-4",
}
COLOURS = {name.removeprefix("--"): value for value, name in VARIABLES.items()}
HEAT = tuple(COLOURS[f"heat-{step}"] for step in range(5))

FAMILY = "Source Sans Pro"  # measured with; the page shows Source Sans 3, its next version, same widths
SIZE, SMALL = 13.0, 12.0


@dataclass(frozen=True)
class Stroke:
    """How a series is drawn; `dash` is in multiples of the width, None is solid."""

    colour: str
    dash: tuple[float, ...] | None = None
    width: float = 2.0


STROKES = {
    "sgd": Stroke(COLOURS["c1"]),
    "momentum": Stroke(COLOURS["c2"], (4, 2)),
    "nesterov": Stroke(COLOURS["c2"], (1, 1.5)),
    "adagrad": Stroke(COLOURS["c3"], (1, 1.5)),
    "rmsprop": Stroke(COLOURS["c4"], (4, 1.5, 1, 1.5)),
    "adam": Stroke(COLOURS["c5"], (7, 2.5)),
    "adamw": Stroke(COLOURS["c6"], (4, 1.5, 1, 1.5, 1, 1.5)),
    "tu": Stroke(COLOURS["text"], None, 3.0),
    "train": Stroke(COLOURS["c2"]),
    "val": Stroke(COLOURS["c2"], (4, 2)),
    "text": Stroke(COLOURS["text"]),
    "muted": Stroke(COLOURS["muted"], None, 1.5),
    **{f"c{number}": Stroke(COLOURS[f"c{number}"]) for number in range(1, 7)},
}


def stroke(series: str) -> Stroke:
    """The style of `series`; an unknown name lists the known ones."""
    if series not in STROKES:
        raise ValueError(f"no series is called {series!r}; there are {', '.join(STROKES)}")
    return STROKES[series]


def use(*, salt: str) -> None:
    """Make the style matplotlib's own for this process. A point is a CSS pixel: 72 to the inch.

    `salt` fixes the ids in a drawing, so that drawing it again gives the same file.
    """
    for path in sorted(Path(font_source_sans_pro.font_directory).glob("SourceSansPro-*.ttf")):
        if path.stem.rpartition("-")[2] in {"Regular", "Semibold", "It"}:
            font_manager.fontManager.addfont(path)
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "figure.dpi": 72,
            "svg.fonttype": "none",
            "svg.hashsalt": salt,
            "font.family": [FAMILY, "DejaVu Sans"],
            "font.size": SIZE,
            "mathtext.fontset": "custom",
            "mathtext.rm": FAMILY,
            "mathtext.it": f"{FAMILY}:italic",
            "axes.titlesize": SIZE,
            "axes.labelsize": SIZE,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
            "axes.edgecolor": COLOURS["muted"],
            "axes.labelcolor": COLOURS["muted"],
            "xtick.color": COLOURS["muted"],
            "ytick.color": COLOURS["muted"],
            "xtick.labelcolor": COLOURS["muted"],
            "ytick.labelcolor": COLOURS["muted"],
            "text.color": COLOURS["text"],
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.linewidth": 1,
            "axes.xmargin": 0.02,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": COLOURS["line"],
            "grid.linewidth": 1,
            "xtick.major.size": 4,
            "ytick.major.size": 0,
            "xtick.minor.size": 0,
            "ytick.minor.size": 0,
            "axes.facecolor": "none",
            "figure.facecolor": "none",
            "savefig.facecolor": "none",
            "lines.solid_capstyle": "round",
            "lines.dash_capstyle": "butt",
            "path.simplify_threshold": 0.25,
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.h_pad": 0.06,
            "figure.constrained_layout.w_pad": 0.06,
        }
    )


SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def spanish(value: float, digits: int = 4) -> str:
    """`value` with a decimal comma, a thin space between thousands and a true minus."""
    text = f"{value:.{digits}g}"
    if "e" in text and 1e-4 <= abs(value) < 1e7:
        text = f"{float(text):f}".rstrip("0").rstrip(".")
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        power = "10" + str(int(exponent)).translate(SUPERSCRIPTS)
        return power if mantissa == "1" else f"{mantissa.replace('.', ',')}·{power}".replace("-", "−")
    whole, _, fraction = text.lstrip("-").partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", "\u202f")
    sign = "−" if value < 0 and text.strip("-0.") else ""
    return sign + whole + ("," + fraction if fraction else "")


def decade(value: float, low: float, high: float) -> str:
    """The label of a tick on a log axis from `low` to `high`: plain numbers where all are short."""
    if value <= 0:
        return ""
    exponent = math.log10(value)
    if low >= 0.9e-3 and high <= 1.1e5:
        return spanish(value)
    if abs(exponent - round(exponent)) < 1e-6:
        return "10" + str(round(exponent)).translate(SUPERSCRIPTS)
    power = math.floor(exponent)
    return f"{spanish(value / 10**power, 2)}·10" + str(power).translate(SUPERSCRIPTS)
