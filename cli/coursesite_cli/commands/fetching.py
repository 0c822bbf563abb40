"""`get` and `save`: an exercise into a folder, and the solution back as the draft of the site."""

from __future__ import annotations

from pathlib import Path

from ..api import Json
from ..folder import (
    NOTE,
    SOLUTION,
    STATEMENT,
    Note,
    digest,
    edited,
    keep,
    note_of,
    put_aside,
    read_source,
    write_text,
)
from ..text import markdown
from ..trouble import Exit, Trouble, refused
from ..words import _
from .context import Context


def get(context: Context) -> Exit:
    """Statement and solution of an exercise into a folder; work that is there already stays unless forced."""
    slug = context.options.exercise
    asked = context.site.get(f"courses/{context.course_of(slug)}/exercises/{slug}/")
    folder = Path(context.options.folder or asked["slug"])
    source = asked["starter"] if context.options.starter or asked["draft"] is None else asked["draft"]
    before = note_of(folder)
    name = before.file if before else SOLUTION
    if before and (before.exercise, before.course) != (asked["slug"], asked["course"]):
        told = {"folder": folder, "exercise": before.exercise}
        text = _("En %(folder)s está ya el ejercicio %(exercise)s. Elige otra carpeta.")
        raise refused(text % told, "other_exercise")
    path = folder / name
    if edited(folder, before) and digest(read_source(path)) != digest(source):
        if not context.options.force:
            text = _(
                "%(path)s tiene cambios tuyos: no se toca. --force lo guarda aparte y trae lo del sitio."
            )
            raise refused(text % {"path": path}, "edited")
        context.terminal.note(_("Lo que había queda en %(path)s.") % {"path": put_aside(path)})
    write_text(folder / STATEMENT, statement(asked, site=context.site.address))
    write_text(path, source)
    note = Note(
        site=context.site.address,
        course=asked["course"],
        exercise=asked["slug"],
        file=name,
        sha256=digest(source),
        revision=asked["draft_revision"],
    )
    keep(folder, note)
    told = {"title": asked["title"], "folder": folder, "statement": STATEMENT, "file": name}
    context.terminal.say(
        _("%(title)s, en %(folder)s: lee %(statement)s, escribe en %(file)s.") % told,
        _("Prueba con: coursesite run %(folder)s") % told,
    )
    context.terminal.answer({"folder": str(folder), "files": [STATEMENT, name, NOTE], "exercise": asked})
    return Exit.PASSED


def statement(asked: Json, *, site: str) -> str:
    """The statement as a file: what is asked, what will be checked, within which limits."""
    page = f"{site}{asked['url']}"
    groups = [
        f"- {group['title']} ({group['points']})" + (f" · {_('se ve al probar')}" if group["visible"] else "")
        for group in asked["groups"]
    ]
    limits = ", ".join(f"{name} {value:g}" for name, value in asked["limits"].items())
    parts = [
        f"# {asked['title']}",
        markdown(asked["statement"], base=page).strip(),
        f"## {_('Qué se comprueba')}",
        "\n".join(groups),
        _("Entorno %(runtime)s; límites de cada grupo: %(limits)s.")
        % {"runtime": asked["runtime"], "limits": limits},
        page,
    ]
    return "\n\n".join(parts) + "\n"


def save(context: Context) -> Exit:
    """Store the solution as the site's draft, to go on in the browser."""
    folder = Path(context.options.folder or ".")
    note = context.note(folder)
    if note is None:
        text = _("%(folder)s no tiene coursesite.json. Trae antes el ejercicio: coursesite get EJERCICIO")
        raise refused(text % {"folder": folder.resolve()}, "no_note")
    source = read_source(folder / note.file)
    body: Json = {"source": source, "revision": note.revision}
    address = f"courses/{note.course}/exercises/{note.exercise}/draft/"
    if context.options.force:
        body |= {"revision": context.site.get(address)["revision"], "keep": "conflict"}
    try:
        saved = context.site.put(address, body)
    except Trouble as trouble:
        if trouble.code != "conflict":
            raise
        text = _(
            "En el sitio hay otra versión, más nueva. --force pone la tuya y deja aquella en el historial."
        )
        raise refused(text, "conflict") from None
    note.revision, note.sha256 = saved["revision"], digest(source)
    keep(folder, note)
    context.terminal.say(_("Guardado como borrador en el sitio. Sigue en el navegador cuando quieras."))
    context.terminal.answer(saved)
    return Exit.PASSED
