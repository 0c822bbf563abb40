"""Taking a student's source in, and taking it back while it waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.news import moment
from exercises import selectors as asked
from exercises.models import Exercise
from grading import events, selectors
from grading.models import Kind, State, Submission
from grading.services.life import ring_next
from lessons.models import Enrolment
from lessons.selectors.people import has_begun


class Refused(Exception):
    """A hand-in that was not taken. `code` is for programs, the text is for the student."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def token_used() -> Refused:
    """The refusal of a token that stands for something else."""
    text = _("Eso ya se envió con otro contenido. Este código no se ha entregado: envíalo otra vez.")
    return Refused("token_used", text)


def refuse_bad_source(source: str) -> None:
    """Refuse what no judge could read. Code that does not parse is not refused: it gets a verdict."""
    if not source.strip():
        raise Refused("empty", _("No hay código que corregir: el editor está vacío."))
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > settings.SUBMISSION_MAX_BYTES:
        raise Refused(
            "too_large",
            _("El código ocupa %(size)d kB y el máximo son %(limit)d kB. ¿Pegaste datos?")
            % {"size": size // 1024, "limit": settings.SUBMISSION_MAX_BYTES // 1024},
        )
    lines = source.count("\n") + 1
    if lines > settings.SUBMISSION_MAX_LINES:
        raise Refused(
            "too_many_lines",
            _("El código tiene %(lines)d líneas y el máximo son %(limit)d. ¿Pegaste datos?")
            % {"lines": lines, "limit": settings.SUBMISSION_MAX_LINES},
        )
    if "\0" in source:
        line = source[: source.index("\0")].count("\n") + 1
        raise Refused(
            "nul", _("Hay un byte NUL en la línea %(line)d. Bórralo y entrega otra vez.") % {"line": line}
        )
    try:
        source.encode("utf-8")
    except UnicodeEncodeError as error:
        line = source[: error.start].count("\n") + 1
        raise Refused("not_utf8", _("La línea %(line)d no es texto UTF-8.") % {"line": line}) from None


def is_again(earlier: Submission, *, student: User, exercise: Exercise, source: str, kind: Kind) -> bool:
    """Whether the same was handed in before, and not something else under a token that was used."""
    return (earlier.student_id, earlier.exercise_id, earlier.source, earlier.kind) == (
        student.pk,
        exercise.pk,
        source,
        kind,
    )


def refuse_before_the_start(enrolment: Enrolment, *, at: datetime) -> None:
    """Refuse what a cohort that has not begun yet would hand in; runs are free."""
    if enrolment.cohort and enrolment.cohort.starts_at and not has_begun(enrolment, at=at):
        raise Refused(
            "not_begun",
            _("Tu grupo empieza el %(when)s. Hasta entonces puedes probar, y el borrador se guarda solo.")
            % {"when": moment(enrolment.cohort.starts_at)},
        )


def moment_of_the_database() -> datetime:
    """Now, by the one clock that every web process shares: deadlines are judged by it."""
    if connection.vendor != "postgresql":
        return timezone.now()  # the file lies on this machine
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]


@transaction.atomic
def hand_in(*, student: User, exercise: Exercise, source: str, kind: Kind, form_token: UUID) -> Submission:
    """Take `source` in as the student's next attempt, or as a run; a worker hears of it after the commit.

    The same again under the same `form_token` (a double click, a lost answer) returns the first submission;
    something else under it is refused, so that a text changed after going back is not lost unseen. A new
    run cancels the student's older runs of this exercise that still wait. What comes after the student's
    deadline is graded and marked late: it does not count. Raises Refused.
    """
    at = moment_of_the_database()
    source = source.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort")
        .filter(student=student, course=exercise.course_id)
        .first()
    )  # the lock: attempts of one student are counted one at a time
    if enrolment is None:
        raise Refused("not_enrolled", _("Inscríbete en el curso para entregar."))
    if earlier := Submission.objects.filter(form_token=form_token).first():
        if is_again(earlier, student=student, exercise=exercise, source=source, kind=kind):
            return earlier
        raise token_used()
    refuse_bad_source(source)
    if exercise.retired or exercise.current_id is None:
        raise Refused("closed", _("Este ejercicio ya no admite entregas."))
    waiting = selectors.unfinished(student=student)
    if waiting.count() >= settings.GRADING_WAITING_PER_STUDENT:
        raise Refused(
            "too_many",
            _("Tienes %(n)d entregas en marcha; espera a que acabe una.") % {"n": waiting.count()},
        )
    attempt_number = None
    late = False
    if kind == Kind.SUBMIT:
        refuse_before_the_start(enrolment, at=at)
        due = asked.due(enrolment=enrolment, exercise=exercise)
        late = due is not None and due.is_over(at)
        attempt_number = selectors.last_attempt_number(student=student, exercise=exercise) + 1
    else:
        for older in waiting.filter(exercise=exercise, kind=Kind.RUN, state=State.QUEUED):
            cancel(submission=older)
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                student=student,
                exercise=exercise,
                version_id=exercise.current_id,
                kind=kind,
                attempt_number=attempt_number,
                form_token=form_token,
                source=source,
                late=late,
            )
    except IntegrityError:  # the student's own is seen above: the row of their enrolment is locked
        raise token_used() from None
    ring_next(student_id=student.pk)
    return submission


@transaction.atomic
def cancel(*, submission: Submission) -> bool:
    """Take back a submission that still waits, or stop a run. False when it had started or ended already.

    A hand-in that has started is graded: it counts. The worker of a stopped run has lost its lease and
    writes nothing; it hears so with its next event and ends the student's process.
    """
    waits = Q(state=State.QUEUED)
    running = Q(state=State.RUNNING, kind=Kind.RUN)
    won = Submission.objects.filter(waits | running, pk=submission.pk).update(
        state=State.CANCELLED, lease=None, lease_until=None, finished_at=timezone.now()
    )
    if won:
        transaction.on_commit(lambda: events.publish(submission.pk, "changed", {"state": State.CANCELLED}))
        ring_next(student_id=submission.student_id)
    return bool(won)
