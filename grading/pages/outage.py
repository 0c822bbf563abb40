"""Why nothing can be graded now, in words for a student; the technical sentence stays apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grading import health
from grading.health import Health
from grading.runtimes import OFFERS


@dataclass(frozen=True)
class Outage:
    """What is said over the exercise. `detail` is for whoever runs the site."""

    sentence: str
    detail: str


def outage_of(found: Health, *, runtime: str) -> Outage | None:
    """What keeps an exercise for this runtime from being graded now; None when nothing does."""
    if found.can_grade(runtime):
        return None
    waits = _("Puedes escribir y entregar: tu entrega espera en la cola y se corrige sola cuando se arregle.")
    if not found.problem and runtime in OFFERS and OFFERS[runtime].needs_device:
        sentence = _("Este ejercicio se corrige en una GPU y ahora no hay ninguna en marcha.")
        detail = f"no worker that listens to gpu.submit has the runtime {runtime!r} and a GPU to lease"
        return Outage(f"{sentence} {waits}", detail)
    if not found.problem:
        name = OFFERS[runtime].title if runtime in OFFERS else runtime
        sentence = _("El entorno de %(name)s se está instalando en esta máquina; tu entrega espera.")
        return Outage(
            sentence % {"name": name}, f"no worker has the runtime {runtime!r} yet; ./dev install {runtime}"
        )
    match found.problem:
        case health.NO_BROKER:
            why = _("Ahora no se corrige nada: no responde la cola de entregas.")
        case health.NO_WORKER:
            why = _("Ahora no se corrige nada: no hay ningún corrector en marcha.")
        case _:
            why = _("Ahora no se corrige nada: esta máquina no puede aislar el código de los estudiantes.")
    return Outage(f"{why} {waits}", found.problem)
