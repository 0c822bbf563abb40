"""What a student wrote and marked, put beside the blocks of a lesson."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User

from .content.anchors import UNMARKED, Block, beginnings, blocks
from .models import Lesson
from .selectors.notes import Margin

WIDE = frozenset({"lab", "figure--page"})
"""Blocks that take the margin themselves: what is beside others stands under these."""
_NOTES = '<div class="noted__notes">'
_ENDS = "</div></div>"


def with_margin(html: str, *, margin: Margin, lesson: Lesson, request: HttpRequest) -> str:
    """`html`, in which side notes are in their places already, with the student's own beside their blocks."""
    notes: dict[str, str] = defaultdict(str)
    for entry in margin.notes:
        context = {"note": entry.note, "lesson": lesson, "html": entry.html}
        notes[entry.anchor] += render_to_string("lessons/_note.html", context, request=request)
    flag = render_to_string("lessons/_mark.html", request=request) if margin.marks else ""
    held = {*notes, *margin.marked}
    pieces, end = [], 0
    for block in blocks(html) if held else ():
        anchor = _anchor(html, block)
        if anchor in held:
            whole = html[block.start : block.end]
            own, mark = notes.get(anchor, ""), flag if anchor in margin.marked else ""
            pieces += [html[end : block.start], _tied(whole, block, own, mark)]
            end = block.end
    return "".join([*pieces, html[end:]])


def _anchor(html: str, block: Block) -> str:
    """The id of the block, or of the paragraph that is tied to side notes."""
    if "noted" not in block.classes:
        return block.id
    return next((inner.id for inner in blocks(html[block.inner : block.end])), "")


def _tied(whole: str, block: Block, notes: str, mark: str) -> str:
    if "noted" in block.classes:
        return f"{whole.removesuffix(_ENDS)}{notes}</div>{mark}</div>"
    under = " noted--under" if WIDE & block.classes else ""
    beside = f"{_NOTES}{notes}</div>" if notes else ""
    return f'<div class="noted{under}">{whole}{beside}{mark}</div>'


def places_of(lesson: Lesson) -> list[tuple[str, list[tuple[str, str]]]]:
    """The blocks that a note can stand beside, as (id, how it begins), by the heading that they follow."""
    anchors = [block.id for block in blocks(lesson.html) if block.id and block.tag not in UNMARKED]
    begins = beginnings(lesson.html, anchors, length=70)
    headings = {heading["id"] for heading in lesson.contents if heading["level"] == 2}
    groups: list[tuple[str, list[tuple[str, str]]]] = [(lesson.title, [])]
    for anchor, text in begins.items():
        if anchor in headings:
            groups.append((text, []))
        groups[-1][1].append((anchor, text or _("Una pregunta del quiz")))
    return [group for group in groups if group[1]]


def margin_data(*, lesson: Lesson, student: User) -> dict[str, Any]:
    """What the margin's script knows: whose page it is, where to write, and its sentences."""
    at = [lesson.course.slug, lesson.number]
    return {
        "person": student.pk,
        "lesson": lesson.pk,
        "urls": {
            "notes": reverse("lessons:lesson_notes", args=at),
            "note": reverse("lessons:note", args=[lesson.course.slug, 0]),
            "delete": reverse("lessons:delete_note", args=[lesson.course.slug, 0]),
            "bookmark": reverse("lessons:bookmark", args=at),
            "signIn": reverse("account_login"),
        },
        "words": {
            "note": _("Tu nota"),
            "placeholder": _("Solo la ves tú. Admite **negrita**, listas y $fórmulas$."),
            "write": _("Escribir una nota aquí"),
            "mark": _("Poner un marcador aquí"),
            "unmark": _("Quitar el marcador"),
            "marked": _("Marcador puesto."),
            "unmarked": _("Marcador quitado."),
            "notMarked": _("No se guardó el marcador. Prueba otra vez."),
            "saved": _("Guardado {time}"),
            "saving": _("Guardando…"),
            "unsaved": _("Sin guardar desde las {time}; lo tienes en este navegador."),
            "unsavedNow": _("Sin guardar; lo tienes en este navegador."),
            "offline": _("Sin conexión. Puedes seguir escribiendo."),
            "back": _("De vuelta; todo guardado."),
            "signedOut": _("Tu sesión caducó. Entra en otra pestaña y sigue: no se pierde nada."),
            "signIn": _("Entrar en otra pestaña"),
            "empty": _("Una nota vacía no se guarda. Bórrala si ya no la quieres."),
            "conflict": _(
                "Hay otra versión, de las {time} en otra pestaña o dispositivo. No se ha perdido nada."
            ),
            "theirs": _("La otra versión"),
            "keepMine": _("Quedarme con la mía"),
            "keepOther": _("Quedarme con la otra"),
            "keepBoth": _("Conservar las dos"),
            "again": _("Se había borrado en otra pestaña; la hemos guardado de nuevo."),
            "found": _("Esto quedó sin guardar la última vez."),
            "done": _("Hecho"),
            "delete": _("Borrar"),
            "deleted": _("Nota borrada."),
            "notDeleted": _("No se pudo borrar. Prueba otra vez."),
            "undo": _("Deshacer"),
            "bar": _("Notas al margen"),
            "keys": _("Flechas: párrafo · Intro: nota · Espacio: marcador · Esc: salir"),
            "previous": _("Párrafo anterior"),
            "next": _("Párrafo siguiente"),
            "writeHere": _("Nota"),
            "markHere": _("Marcador"),
            "leave": _("Salir"),
            "place": _("{n} de {total}: {text}"),
            "none": _("Tus notas"),
            "one": _("1 nota tuya"),
            "many": _("{n} notas tuyas"),
        },
    }
