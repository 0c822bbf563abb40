"""The page of an exercise, and the piece of it that shows a result."""

from __future__ import annotations

import csv
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.spreadsheets import safe
from exercises import selectors as asked
from exercises.access import Request, for_student_of_exercise, login_or_401
from exercises.models import Draft, Exercise
from grading import health, selectors
from grading.models import Submission
from grading.pages import chart
from grading.pages.outage import outage_of
from grading.pages.panel import Panel, panel_of
from grading.services.telling import note_seen
from lessons.selectors import enrolment_of


def shown_submission(*, student: User, exercise: Exercise, wanted: str) -> Submission | None:
    """The one asked for by its id, else the student's newest of any kind; None before the first.

    Raises Http404 for an id that is not the student's own at this exercise.
    """
    own = selectors.with_results(exercise.submissions.filter(student=student))
    if not wanted:
        return own.order_by("-queued_at").first()
    try:
        found = own.filter(pk=UUID(wanted)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def first_source(*, exercise: Exercise, draft: Draft | None, latest: Submission | None) -> str:
    """What the editor opens with: the newer of draft and last submission, else the starter."""
    if draft and (latest is None or draft.updated_at >= latest.queued_at):
        return draft.source
    return latest.source if latest else asked.version_of(exercise).starter


@require_GET
@never_cache
@for_student_of_exercise
def exercise_page(request: Request, exercise: Exercise) -> HttpResponse:
    """Statement, editor, result and history of one exercise for one student."""
    student = request.user
    shown = shown_submission(student=student, exercise=exercise, wanted=request.GET.get("submission", ""))
    if shown and shown.is_final:
        note_seen(student=student, submission_id=shown.pk)
    attempts = list(selectors.attempts(student=student, exercise=exercise))
    draft = asked.draft_of(student=student, exercise=exercise)
    newest = exercise.submissions.filter(student=student).order_by("-queued_at").first()
    version = asked.version_of(exercise)
    source = first_source(exercise=exercise, draft=draft, latest=newest)
    if "starter" in request.GET:
        source = version.starter
    graded = [attempt for attempt in attempts if attempt.score is not None and not attempt.late]
    best = max(graded, key=lambda attempt: attempt.score or 0.0, default=None)
    drawn = last_drawn(best) if best else None
    panel = Panel(
        exercise=exercise,
        state=selectors.state_of(shown) if shown else {},
        best=best.score if best else None,
        reference_curves=curves_of(drawn),
        reference_axes=chart.axes_of(drawn["evidence"] if drawn else {}),
    )
    groups = list(version.groups.all())
    enrolment = enrolment_of(student=student, course=exercise.course)
    due = asked.due(enrolment=enrolment, exercise=exercise) if enrolment else None
    cohort = enrolment.cohort if enrolment else None
    context = {
        "course": exercise.course,
        "exercise": exercise,
        "version": version,
        "groups": groups,
        "hidden_groups": sum(not group.visible for group in groups),
        "panel": panel,
        "due": due,
        "late": due is not None and due.is_over(now()),
        "not_begun": cohort.starts_at if cohort and cohort.starts_at and cohort.starts_at > now() else None,
        "outage": outage_of(health.read(), runtime=version.runtime),
        "attempts": [(attempt, Panel(exercise, selectors.state_of(attempt))) for attempt in attempts],
        "best": best,
        "source": source,
        "form_token": uuid4(),
        "page_data": {
            "starter": version.starter,
            "revision": draft.revision if draft else 0,
            "savedAt": draft.updated_at if draft else None,
            "nonce": request.csp_nonce,
            "person": student.pk,
            "exercise": exercise.pk,
            "submission": panel.state if panel.state and not panel.is_final else None,
            "best": panel.reference_curves,
            "axes": asdict(panel.reference_axes),
            "urls": {
                "draft": reverse("exercises:draft", args=[exercise.course.slug, exercise.slug]),
                "submit": reverse("grading:submit", args=[exercise.course.slug, exercise.slug]),
                "history": reverse("grading:history", args=[exercise.course.slug, exercise.slug]),
                "signIn": reverse("account_login"),
            },
            "words": words(),
        },
    }
    return render(request, "grading/exercise.html", context)


def last_drawn(attempt: Submission) -> dict[str, Any] | None:
    """The attempt's last group that drew a curve."""
    groups = selectors.state_of(attempt)["groups"]
    return next((group for group in reversed(groups) if group["curves"]), None)


def curves_of(group: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The student's curves of a group, with its target."""
    curves = group["curves"] if group else []
    return [curve for curve in curves if curve.get("role") in {"student", "target"}]


@require_GET
@never_cache
@login_or_401
def panel(request: Request, submission_id: UUID) -> HttpResponse:
    """The result box alone, for the script to put in the page."""
    found = selectors.submission_for(viewer=request.user, submission_id=submission_id)
    if found is None:
        raise Http404
    state = selectors.state_of(found)
    return render(
        request,
        "grading/_panel.html",
        {"panel": panel_of(found, state), "exercise": found.exercise, "course": found.exercise.course},
    )


@require_GET
@never_cache
@login_or_401
def curves(request: Request, submission_id: UUID) -> HttpResponse:
    """Every curve of a submission as CSV: group, line, x, y."""
    found = selectors.submission_for(viewer=request.user, submission_id=submission_id)
    if found is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.exercise.slug}-{str(found.pk)[:8]}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("grupo"), _("curva"), "x", "y"])
    for group in selectors.state_of(found)["groups"]:
        for curve in group["curves"]:
            for x, y in curve.get("points") or [["", curve.get("y")]]:
                writer.writerow([group["slug"], safe(str(curve.get("label", ""))), x, y])
    return response


def words() -> dict[str, str]:
    """The sentences that only the script says; `{…}` is filled in by it."""
    return {
        "saved": _("Guardado {time}"),
        "unsaved": _("Sin guardar desde las {time}; lo tienes en este navegador."),
        "unsavedNow": _("Sin guardar; lo tienes en este navegador."),
        "offline": _("Sin conexión. Puedes seguir escribiendo."),
        "back": _("De vuelta; todo guardado."),
        "signedOut": _("Tu sesión caducó. Entra en otra pestaña y sigue: no se pierde nada."),
        "signIn": _("Entrar en otra pestaña"),
        "conflict": _("Hay otra versión, de las {time} en otro dispositivo."),
        "found": _("Hay otra versión, sin guardar, en este navegador."),
        "compare": _("Comparar"),
        "stopComparing": _("Dejar de comparar"),
        "keepMine": _("Quedarme con esta"),
        "keepOther": _("Quedarme con la otra"),
        "kept": _("Listo. La versión descartada está en el historial."),
        "reset": _("Código inicial restablecido."),
        "undo": _("Deshacer"),
        "editor": _("Código de tu solución. El tabulador sangra; Escape y luego Tab sale del editor."),
        "tabOn": _("Tab sangra. Para salir: Esc y luego Tab, o Ctrl-M."),
        "tabOff": _("Tab pasa al siguiente control. Ctrl-M para que vuelva a sangrar."),
        "sending": _("Enviando…"),
        "ahead": _("a lo sumo {n} delante"),
        "next": _("eres el siguiente"),
        "seconds": _("≈ {n} s"),
        "minutes": _("≈ {n} min"),
        "group": _("grupo {n} de {total}"),
        "groupSentence": _("Ejecutando el grupo {n} de {total}."),
        "queuedSentence": _("En cola: a lo sumo {n} delante."),
        "queuedSoon": _("En cola: a lo sumo {n} delante, {time}."),
        "elapsed": _("{s} s"),
        "target": _("objetivo"),
        "yourBest": _("tu mejor"),
        "step": _("paso"),
        "pause": _("Pausar la vista"),
        "resume": _("Seguir la vista"),
        "reconnecting": _("Reconectando…"),
        "lost": _("No se pudo enviar. Tu código sigue aquí; prueba otra vez."),
        "panelLost": _("No se pudo cargar el resultado. Reintentando…"),
    }
