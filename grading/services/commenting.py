"""What teachers say of a submission, and what its student answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import NotificationKind, User
from accounts.services.notifications import notify
from grading import selectors
from grading.models import Comment, Submission
from grading.services.handing_in import Refused

LONGEST = 4000
MOST = 200


@transaction.atomic
def comment(*, author: User, submission: Submission, text: str, line: int | None = None) -> Comment:
    """Say `text` of a line of the submission, or of all of it; those whom it concerns hear of it.

    That `author` may see the submission, the caller knows. The same again, as a double click sends it,
    returns the first comment. Raises Refused: `empty`, `too_long`, `no_such_line`, `too_many`, and `unasked`
    for a student to whom no teacher has written yet: nobody would read it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Refused("empty", _("Escribe algo: el comentario está vacío."))
    if len(text) > LONGEST:
        raise Refused(
            "too_long",
            _("El comentario tiene %(n)d caracteres y caben %(most)d.") % {"n": len(text), "most": LONGEST},
        )
    if line is not None and not 1 <= line <= len(submission.lines):
        raise Refused(
            "no_such_line",
            _("El código no tiene línea %(line)s: acaba en la %(last)d.")
            % {"line": line, "last": len(submission.lines)},
        )
    Submission.objects.select_for_update().get(pk=submission.pk)  # a double click waits for the first
    if not selectors.may_comment(person=author, submission=submission):
        raise Refused("unasked", _("Podrás contestar cuando alguien del equipo docente te escriba aquí."))
    said = submission.comments.filter(deleted_at__isnull=True)
    newest = said.order_by("-pk").first()
    if newest and (newest.author_id, newest.line, newest.text) == (author.pk, line, text):
        return newest
    if said.count() >= MOST:
        raise Refused("too_many", _("Esta entrega ya tiene %(n)d comentarios.") % {"n": MOST})
    made = Comment.objects.create(submission=submission, author=author, line=line, text=text)
    for person in selectors.listeners(submission=submission, author=author):
        notify(
            person=person,
            kind=NotificationKind.COMMENT,
            key=f"comment:{made.pk}",
            facts={"exercise": submission.exercise.title, "author": str(author), "line": line},
            url=f"{submission.get_absolute_url()}#comentario-{made.pk}",
        )
    return made


def delete_comment(*, author: User, comment_id: int) -> bool:
    """Take back one's own comment; False when there is none of theirs to take back."""
    own = Comment.objects.filter(pk=comment_id, author=author, deleted_at__isnull=True)
    return bool(own.update(deleted_at=timezone.now()))
