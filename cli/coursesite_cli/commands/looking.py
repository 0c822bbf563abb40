"""`list`, `history` and `show`: what there is to do, and what was done."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path

from rich.text import Text

from ..api import Json
from ..text import harmless
from ..trouble import Exit, refused
from ..words import _, number
from .context import Context
from .sending import ending, watch

STATES = {
    "queued": "en cola",
    "running": "ejecutando",
    "graded": "corregida",
    "system_error": "fallo nuestro",
    "cancelled": "cancelada",
}


def list_exercises(context: Context) -> Exit:
    """The person's courses, with each exercise and how they stand with it."""
    told = []
    for course in context.courses():
        exercises = list(context.site.pages(f"courses/{course['slug']}/exercises/"))
        told.append(course | {"exercises": exercises})
    if not told:
        text = _("No estás en ningún curso. Empieza uno en %(site)s/")
        context.terminal.note(text % {"site": context.site.address})
    for course in told:
        listed(context, course)
    context.terminal.answer({"courses": told})
    return Exit.PASSED


def listed(context: Context, course: Json) -> None:
    """One course: columns for a reader, tabs for a pipe."""
    terminal = context.terminal
    rows = [row for row in harmless(course["exercises"]) if not (context.options.pending and row["passed"])]
    if not terminal.out.isatty():
        for row in rows:
            cells = [
                course["slug"],
                row["slug"],
                standing(row),
                score(row),
                str(row["difficulty"]),
                row["title"],
            ]
            terminal.say("\t".join(cells))
        return
    passed = sum(row["passed"] for row in course["exercises"])
    head = Text(course["title"], style="bold")
    head.append(f"  {course['slug']} · {passed}/{len(course['exercises'])}", style="dim")
    terminal.say(head)
    width = max((len(row["slug"]) for row in rows), default=0)
    for row in rows:
        mark, colour = (
            ("passed", "green") if row["passed"] else ("not_run", "yellow" if row["begun"] else "dim")
        )
        line = Text(f"  {terminal.signs.of(mark)} ", style=colour)
        line.append(f"{score(row):>5}  ", style=colour)
        line.append(f"{row['slug']:<{width}}  ")
        line.append(
            ("★" if terminal.signs.braille else "*") * row["difficulty"] + " " * (4 - row["difficulty"]),
            "dim",
        )
        line.append(row["title"])
        line.append(f"  {row['lesson'] or ''}", style="dim")
        terminal.say(line)


def standing(row: Json) -> str:
    """How the person stands with an exercise."""
    return _("superado") if row["passed"] else _("empezado") if row["begun"] else _("sin empezar")


def score(row: Json, name: str = "best_score") -> str:
    """A score, empty before the first."""
    return "" if row[name] is None else number(row[name])


def history(context: Context) -> Exit:
    """The person's submissions, newest first: of the exercise that is named or lies here, else of all."""
    query = {"page_size": str(min(context.options.number, 200))}
    exercise = context.options.exercise
    note = None if exercise else context.note(Path())
    if note:
        query |= {"course": note.course, "exercise": note.exercise}
    elif exercise:
        query |= {"course": context.course_of(exercise), "exercise": exercise}
    rows = list(islice(context.site.pages("submissions/", **query), context.options.number))
    terminal = context.terminal
    if not rows:
        terminal.note(_("Aún no has entregado nada."))
    for row in harmless(rows):
        kind = _("prueba") if row["kind"] == "run" else _("entrega %(n)d") % {"n": row["attempt_number"] or 0}
        cells = [
            when(row["queued_at"]),
            row["exercise"],
            kind,
            _(STATES[row["state"]]),
            score(row, "score"),
            row["id"],
        ]
        if terminal.out.isatty():
            widths = (16, 24, 12, 13, 5, 36)
            terminal.say(
                "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()
            )
        else:
            terminal.say("\t".join(cells))
    terminal.answer({"submissions": rows})
    return Exit.PASSED


def when(moment: str) -> str:
    """A moment by this machine's clock."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def show(context: Context) -> Exit:
    """One submission; one that is still on its way is watched to its end."""
    wanted = context.options.submission or newest(context)
    state = context.site.get(f"submissions/{wanted}/")
    if context.options.source:
        terminal = context.terminal
        source = state["source"]
        terminal.out.write(harmless(source) if terminal.out.isatty() else source)
        return Exit.PASSED
    if state["state"] in {"queued", "running"}:
        return watch(context, state)
    return ending(context, state)


def newest(context: Context) -> str:
    """The newest submission of the exercise that lies here, or of all."""
    note = context.note(Path())
    query = {"course": note.course, "exercise": note.exercise} if note else {}
    for row in context.site.pages("submissions/", page_size="1", **query):
        return str(row["id"])
    raise refused(_("Aún no has entregado nada."), "no_submission")
