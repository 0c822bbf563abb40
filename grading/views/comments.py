"""Saying something of a submission, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exercises.access import Request
from grading.forms import CommentForm
from grading.models import Comment, Submission
from grading.selectors import state_of
from grading.services import Refused
from grading.services.commenting import comment, delete_comment
from grading.views.submissions import page_context, visible_submission


class NotTaken(Exception):
    """A comment was refused: the line that it is about, and what its form shows again."""

    def __init__(self, *, line: int | None, refusal: str, text: str) -> None:
        super().__init__(refusal)
        self.line = line
        self.shown = {"refusal": refusal, "text": text[:20_000]}


def take(request: Request, submission: Submission) -> Comment:
    """Keep the comment that was sent, for whichever page its form stands on. Raises NotTaken."""
    form = CommentForm(request.POST)
    line: int | None = None
    try:
        if not form.is_valid():
            raise Refused("bad_form", _("El comentario no se pudo leer. Revisa el texto y la línea."))
        line = form.cleaned_data["line"]
        return comment(author=request.user, submission=submission, text=form.cleaned_data["text"], line=line)
    except Refused as refusal:
        text = request.POST.get("text", "")
        raise NotTaken(line=line, refusal=refusal.message, text=text) from None


@login_required
@require_POST
def add(request: Request, submission_id: UUID) -> HttpResponse:
    """Take a comment in; what is refused stays in its form, with the reason."""
    found = visible_submission(request, submission_id)
    try:
        made = take(request, found)
    except NotTaken as refusal:
        context = page_context(request, found, state_of(found), asked=refusal.line) | refusal.shown
        return render(request, "grading/submission.html", context, status=422)
    return redirect(f"{found.get_absolute_url()}#comentario-{made.pk}")


@login_required
@require_POST
def delete(request: Request, submission_id: UUID, comment_id: int) -> HttpResponse:
    """Take back one's own comment; 404 for anybody else's."""
    found = visible_submission(request, submission_id)
    if not (comment_id < 2**63 and found.comments.filter(pk=comment_id).exists()):
        raise Http404
    if not delete_comment(author=request.user, comment_id=comment_id):
        raise Http404
    messages.success(request, _("Comentario borrado."))
    return redirect(f"{found.get_absolute_url()}#codigo")
