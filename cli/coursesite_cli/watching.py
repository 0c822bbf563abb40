"""A submission while it is graded, and how it ended: live in a terminal, line by line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from .api import Json
from .plot import Line, Segment, draw
from .stream import Event
from .text import harmless, plain
from .words import _, number

COLOURS = {"student": "bold cyan", "reference": "dim", "target": "yellow"}
LOG_LINES = 6
PLOT_HEIGHT = 14
PLOT_WIDTH = 78
LABELS = {
    "passed": "superado",
    "wrong": "resultado incorrecto",
    "exception": "excepción",
    "diverged": "divergió",
    "over_budget": "presupuesto agotado",
    "time_limit": "tiempo agotado",
    "memory_limit": "memoria agotada",
    "output_limit": "demasiada salida",
    "forbidden": "no permitido",
    "bad_value": "valor no válido",
    "not_run": "no ejecutado",
}


@dataclass
class Progress:
    """What is known of a submission so far, as its events told."""

    state: Json = field(default_factory=dict)
    group: str = ""
    place: tuple[int, int] = (0, 0)
    groups: list[Json] = field(default_factory=list)
    curves: dict[str, list[tuple[float, float | None]]] = field(default_factory=dict)
    log: str = ""
    _stale: bool = False

    def hear(self, event: Event) -> None:
        """Take an event in."""
        data = harmless(event.data)
        if event.kind in {"state", "verdict"}:
            if data["state"] == "queued" and self.state.get("state") == "running":
                self.groups, self.curves, self.log = [], {}, ""  # a fault of ours: it starts anew
            self.state = data
        elif event.kind == "group_started":
            self.group, self.place = str(data["title"]), (int(data["index"]), int(data["total"]))
            self._stale = True
        elif event.kind == "group":
            self.groups.append(data)
        elif event.kind == "points":
            if self._stale:
                self.curves, self._stale = {}, False
            self.curves.setdefault(str(data["label"]), []).extend((x, y) for x, y in data["points"])
        elif event.kind == "log":
            self.log = (self.log + str(data["text"]))[-20_000:]

    @property
    def heading(self) -> str:
        """Where it stands, in a line."""
        if self.state.get("state") == "running" and self.group:
            return _("Grupo %(n)d de %(total)d · %(title)s") % {
                "n": self.place[0],
                "total": self.place[1],
                "title": self.group,
            }
        return str(self.state.get("headline", "")) + self.waiting

    @property
    def waiting(self) -> str:
        """How long the queue is."""
        ahead, eta = self.state.get("ahead"), self.state.get("eta_seconds")
        told = ""
        if ahead:
            told += " " + _("%(n)d por delante.") % {"n": ahead}
        if eta:
            told += " " + _("Unos %(s)s s.") % {"s": number(eta, 2)}
        return told

    @property
    def newest(self) -> str:
        """The newest point in words; empty before the first."""
        for label, points in reversed(self.curves.items()):
            for x, y in reversed(points):
                if y is not None:
                    return f"{label} = {number(y)} · {_('paso')} {number(x, 6)}"
        return ""


@dataclass(frozen=True)
class Signs:
    """What the terminal can show."""

    braille: bool = True

    def of(self, verdict: str) -> str:
        """The mark before a group."""
        if verdict == "passed":
            return "✓" if self.braille else "+"
        if verdict == "not_run":
            return "·" if self.braille else "-"
        return "✗" if self.braille else "x"


class PlainView:
    """A line for each thing that happens."""

    def __init__(self, out: TextIO, signs: Signs) -> None:
        self.out, self.signs = out, signs
        self.progress = Progress()
        self._said = ""

    def __enter__(self) -> PlainView:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def hear(self, event: Event) -> None:
        """Take an event in, and say it."""
        self.progress.hear(event)
        if event.kind == "group":
            newest = f" · {self.progress.newest}" if self.progress.newest else ""
            self.say(f"{self.signs.of(event.data['verdict'])} {event.data['title']}{newest}")
        elif event.kind == "state" and self.progress.heading != self._said:
            self._said = self.progress.heading
            self.say(self._said)

    def say(self, text: str) -> None:
        """A line, at once."""
        print(text, file=self.out, flush=True)


class LiveView:
    """The heading, the curve and the groups, drawn again as they change."""

    def __init__(self, console: Console, signs: Signs, *, log_axis: bool = True) -> None:
        self.console, self.signs, self.log_axis = console, signs, log_axis
        self.progress = Progress()
        self._started = time.monotonic()
        self._live = Live(console=console, get_renderable=self.picture, refresh_per_second=8, transient=True)

    def __enter__(self) -> LiveView:
        self._live.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._live.__exit__(None, None, None)

    def hear(self, event: Event) -> None:
        """Take an event in; the next frame shows it."""
        self.progress.hear(event)

    def picture(self) -> RenderableType:
        """The frame."""
        progress = self.progress
        seconds = number(time.monotonic() - self._started, 2)
        parts: list[RenderableType] = [Text(f"{progress.heading} · {seconds} s", style="bold")]
        lines = [Line(label, "student", points) for label, points in progress.curves.items()]
        parts += curve_of(
            lines, self.console.width, self.signs, log=self.log_axis, names=(_("paso"), progress.newest)
        )
        parts += [marked(group, self.signs) for group in progress.groups]
        if progress.log.strip():
            tail = progress.log.rstrip().splitlines()[-LOG_LINES:]
            parts += [Text("  " + line, style="dim", no_wrap=True, overflow="ellipsis") for line in tail]
        return Group(*parts)


def curve_of(
    lines: list[Line], width: int, signs: Signs, *, log: bool = True, names: tuple[str, str] = ("", "")
) -> list[RenderableType]:
    """The picture of some lines, and for several what each is."""
    rows = draw(
        lines, width=min(width, PLOT_WIDTH), height=PLOT_HEIGHT, log=log, braille=signs.braille, names=names
    )
    if not rows:
        return []
    known = [line for line in lines if line.label]
    legend = [Segment(f"  {line.label}", line.role) for line in known] if len(known) > 1 else []
    return [coloured(row) for row in [*rows, *([legend] if legend else [])]]


def coloured(row: list[Segment]) -> Text:
    """A row of a picture for rich."""
    text = Text(no_wrap=True)
    for segment in row:
        text.append(segment.text, style=COLOURS.get(segment.role, ""))
    return text


def marked(group: Json, signs: Signs) -> Text:
    """A group with its mark and its verdict."""
    verdict = str(group["verdict"])
    colour = {"passed": "green", "not_run": "dim"}.get(verdict, "red")
    text = Text(signs.of(verdict), style=colour)
    text.append(f" {group['title']}", style="bold")
    if verdict != "passed":
        label = group.get("verdict_label") or (_(LABELS[verdict]) if verdict in LABELS else verdict)
        text.append(f" · {label}", style=colour)
    if "points" in group:
        text.append(f" · {number(group['fraction'] * group['points'])}/{group['points']}", style="dim")
    return text


def report(state: Json, signs: Signs, *, site: str, width: int) -> Iterator[RenderableType]:
    """How a submission ended: its curves, its groups with message and hint, its sentence, its page.

    `width` is that of the terminal, 0 where there is none.
    """
    state = harmless(state)
    drawn = next((group for group in reversed(state["groups"]) if group["curves"]), None)
    if drawn and width:
        lines = [line_of(curve) for curve in drawn["curves"]]
        axes = drawn["axes"]
        yield from curve_of(lines, width, signs, log=axes["log"], names=(axes["x"], axes["y"]))
    for group in state["groups"]:
        yield marked(group, signs)
        for told in (group["message"].strip(), plain(group["hint"], width=width and width - 2)):
            if told and group["verdict"] != "passed":
                yield Text("  " + told.replace("\n", "\n  "))
    if state["output"].strip():
        yield Text(_("Lo que imprimió tu código:"), style="dim")
        yield Text("  " + state["output"].rstrip().replace("\n", "\n  "), style="dim")
    yield Text(state["headline"], style="bold")
    yield Text(f"{site}{state['url']}", style="dim")


def line_of(curve: Json) -> Line:
    """A curve of a result."""
    role = str(curve.get("role", "reference"))
    points = [(0.0, curve.get("y"))] if role == "target" else [(x, y) for x, y in curve.get("points") or []]
    return Line(str(curve.get("label", "")), role, points)
