"""`run` and `submit`: hand the solution in, watch it, end with its verdict."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..api import Json
from ..folder import SOLUTION, Note, keep, read_source, sending_key
from ..stream import FINAL, follow, state_event
from ..trouble import Exit, Trouble, no_contact, refused
from ..watching import LiveView, PlainView, report
from ..words import _
from .context import Context

WATCHING_PATIENCE = 120.0  # seconds without the site before the watch is given up


@dataclass(frozen=True)
class Work:
    """What is sent: the source, where it belongs, and the folder that remembers it, if one does."""

    course: str
    exercise: str
    source: str
    folder: Path | None = None
    note: Note | None = None


def work_of(context: Context) -> Work:
    """The file or folder that the options name, else this folder's solution. `-` is the input."""
    named, exercise = context.options.file, context.options.exercise
    if named == "-":
        if not exercise:
            raise refused(_("Di de qué ejercicio es: --exercise EJERCICIO"), "no_exercise")
        return Work(context.course_of(exercise), exercise, context.terminal.input.read())
    path = Path(named or ".")
    folder = path if path.is_dir() else path.parent
    note = None if exercise else context.note(folder)
    if note is None and not exercise:
        text = _("%(folder)s no tiene coursesite.json. Trae antes el ejercicio: coursesite get EJERCICIO")
        raise refused(text % {"folder": folder.resolve()}, "no_note")
    if path.is_dir():
        path = folder / (note.file if note else SOLUTION)
    source = read_source(path)
    if note is None:
        return Work(context.course_of(exercise), exercise, source)
    return Work(note.course, note.exercise, source, folder, note)


def run(context: Context) -> Exit:
    """Try the visible checks."""
    return send(context, "run")


def submit(context: Context) -> Exit:
    """Hand in: it counts."""
    return send(context, "submit")


def send(context: Context, kind: str) -> Exit:
    """Send it once, however often the network fails, and watch it."""
    work = work_of(context)
    key = sending_key(work.note, kind=kind, source=work.source)
    remember(work)
    body = {"source": work.source, "kind": kind}
    try:
        state = context.site.post(
            f"courses/{work.course}/exercises/{work.exercise}/submissions/", body, key=key
        )
    except KeyboardInterrupt:
        context.terminal.note(
            _("Interrumpido mientras se enviaba. Repite la orden: si llegó, no se envía dos veces.")
        )
        return Exit.INTERRUPTED
    except Trouble as trouble:
        if trouble.exit is Exit.REFUSED:
            forget(work)
        raise
    forget(work)
    if context.options.no_wait:
        context.terminal.say(_("Enviado. Míralo con: coursesite show %(id)s") % {"id": state["id"]})
        context.terminal.answer(state)
        return Exit.PASSED
    return watch(context, state)


def remember(work: Work) -> None:
    """Note the key before it is used, so that another call of the program can ask again with it."""
    if work.folder is not None and work.note is not None:
        keep(work.folder, work.note)


def forget(work: Work) -> None:
    """An answer came."""
    if work.note is not None:
        work.note.pending = {}
    remember(work)


def watch(context: Context, state: Json) -> Exit:
    """Follow a submission to its end. Ctrl-C stops a run; what was handed in goes on."""
    terminal, site = context.terminal, context.site
    site.patience = WATCHING_PATIENCE
    out = terminal.err if terminal.json else terminal.out
    view = LiveView(terminal.console, terminal.signs) if terminal.live else PlainView(out, terminal.signs)
    last = state
    try:
        with view:
            if not terminal.json:
                view.hear(state_event(state))
            for event in follow(site, str(state["id"])):
                if not terminal.json:
                    view.hear(event)
                if event.kind in {"state", "verdict"}:
                    last = event.data
    except KeyboardInterrupt:
        return interrupted(context, state)
    except Trouble as trouble:
        if trouble.exit is Exit.NO_CONTACT:
            text = _("Se perdió el contacto; la corrección sigue. Míralo luego con: coursesite show %(id)s")
            raise no_contact(f"{trouble.text}\n{text % {'id': state['id']}}", trouble.code) from None
        raise
    return ending(context, last)


def interrupted(context: Context, state: Json) -> Exit:
    """What Ctrl-C means: the end of a run, but not of what was handed in."""
    told = {"id": state["id"]}
    if state["kind"] == "submit":
        context.terminal.note(_("La entrega sigue y cuenta. Míralo luego con: coursesite show %(id)s") % told)
        return Exit.INTERRUPTED
    context.site.patience = 0.0
    with suppress(Trouble, KeyboardInterrupt):
        after = context.site.post(f"submissions/{state['id']}/cancel/")
        if after["state"] == "cancelled":
            context.terminal.note(_("Prueba parada. No cuenta."))
            return Exit.INTERRUPTED
        if after["state"] in FINAL:
            context.terminal.note(_("La prueba ya había acabado: coursesite show %(id)s") % told)
            return Exit.INTERRUPTED
    context.terminal.note(_("No se pudo parar la prueba; acabará sola. No cuenta."))
    return Exit.INTERRUPTED


def ending(context: Context, state: Json) -> Exit:
    """Say how it ended, and end so."""
    terminal = context.terminal
    width = terminal.console.width if terminal.out.isatty() else 0
    terminal.say(*report(state, terminal.signs, site=context.site.address, width=width))
    terminal.answer(state)
    if state["state"] == "system_error":
        return Exit.SITE_FAULT
    if state["state"] == "cancelled":
        return Exit.CANCELLED
    passed = state["passed_groups"] == state["total_groups"] > 0
    return Exit.PASSED if passed else Exit.NOT_PASSED
