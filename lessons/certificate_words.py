"""What a certificate asks and what was reached, in words: for progress page, certificate and PDF."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .selectors.certificate import CertificateState, Share, ShareKind


def missing(state: CertificateState) -> str:
    """What is still missing, as «te faltan 4 ejercicios y 2 lecciones»; empty when nothing is."""
    counted = [share for share in state.shares if not share.met and share.kind != ShareKind.QUIZZES]
    pieces = []
    if counted:
        many = sum(share.missing for share in counted) > 1
        text = _("te faltan %(what)s") if many else _("te falta %(what)s")
        pieces.append(text % {"what": _listed([_count(share) for share in counted])})
    for share in state.shares:
        if share.kind == ShareKind.QUIZZES and not share.met:
            numbers = {"reached": share.reached_percent, "due": share.due_percent}
            pieces.append(_("en los quizzes llevas el %(reached)s %% y se pide el %(due)s %%") % numbers)
    return "; ".join(pieces)


def reached(share: Share) -> str:
    """What was reached, as «9 de 10 ejercicios»."""
    numbers = {"done": share.done, "total": share.total, "reached": share.reached_percent}
    match share.kind:
        case ShareKind.LESSONS:
            text = ngettext("%(done)s de %(total)s lección", "%(done)s de %(total)s lecciones", share.total)
        case ShareKind.EXERCISES:
            text = ngettext(
                "%(done)s de %(total)s ejercicio", "%(done)s de %(total)s ejercicios", share.total
            )
        case ShareKind.QUIZZES:
            text = _("%(reached)s %% en los quizzes")
    return text % numbers


def due(share: Share) -> str:
    """What was asked, as «se pedía el 80 %»."""
    return _("se pedía el %(due)s %%") % {"due": share.due_percent}


def _count(share: Share) -> str:
    if share.kind == ShareKind.LESSONS:
        return ngettext("%(n)s lección", "%(n)s lecciones", share.missing) % {"n": share.missing}
    return ngettext("%(n)s ejercicio", "%(n)s ejercicios", share.missing) % {"n": share.missing}


def _listed(pieces: Sequence[str]) -> str:
    """«a», or «a y b»."""
    return (
        pieces[0]
        if len(pieces) == 1
        else _("%(first)s y %(second)s") % dict(zip(("first", "second"), pieces, strict=True))
    )
