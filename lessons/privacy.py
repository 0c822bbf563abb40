"""What this app holds of a person: their copy of it, and what is left of it when they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import privacy
from accounts.models import User

from .models import (
    Answer,
    Bookmark,
    Certificate,
    Course,
    Enrolment,
    Extension,
    Invitation,
    LabTask,
    Note,
    QuizTry,
    Reading,
    ReviewCard,
    Role,
)

HELD = (
    Answer,
    Bookmark,
    Certificate,
    Enrolment,
    Extension,
    Invitation,
    LabTask,
    Note,
    QuizTry,
    Reading,
    ReviewCard,
)
COURSE, LESSON = F("lesson__course__slug"), F("lesson__number")


def export(person: User) -> Iterator[privacy.Part]:
    """All that they did in the courses, as records; their notes as they were written."""
    yield privacy.Records(
        "enrolments.json",
        Enrolment.ever.filter(student=person).values(
            "role", "created_at", "left_at", course_slug=F("course__slug"), cohort_name=F("cohort__name")
        ),
    )
    yield privacy.Records(
        "extensions.json",
        Extension.objects.filter(enrolment__student=person).values(
            "until", "reason", "created_at", course=F("unit__course__slug"), unit_number=F("unit__number")
        ),
    )
    yield privacy.Records(
        "invitations.json",
        _invitations_to(person).values(
            "email", "name", "role", "created_at", "accepted_at", cohort_name=F("cohort__name")
        ),
    )
    yield privacy.Records(
        "readings.json",
        Reading.objects.filter(student=person).values(
            "first_at", "last_at", "read_at", course=COURSE, number=LESSON
        ),
    )
    yield privacy.Records(
        "lab-tasks.json",
        LabTask.objects.filter(student=person).values("lab", "done_at", course_slug=F("course__slug")),
    )
    yield privacy.Records(
        "quiz-tries.json",
        QuizTry.objects.filter(student=person).values(
            "number",
            "started_at",
            "handed_in_at",
            "score",
            "counts",
            course=F("unit__course__slug"),
            unit_number=F("unit__number"),
        ),
    )
    yield privacy.Records(
        "answers.json",
        Answer.objects.filter(student=person).values(
            "response",
            "correct",
            "feedback",
            "variant",
            "review",
            "created_at",
            course=F("question__unit__course__slug"),
            unit_number=F("question__unit__number"),
            lesson=F("question__lesson__number"),
            question_key=F("question__key"),
        ),
    )
    yield privacy.Records(
        "reviews.json",
        ReviewCard.objects.filter(student=person).values(
            "memory", "due_at", "reviews", "created_at", question_key=F("question__key")
        ),
    )
    yield privacy.Records(
        "bookmarks.json",
        Bookmark.objects.filter(student=person).values("anchor", "created_at", course=COURSE, number=LESSON),
    )
    yield privacy.Records(
        "certificates.json",
        Certificate.objects.filter(student=person).values(
            "code",
            "name",
            "facts",
            "issued_at",
            "revoked_at",
            "revoked_because",
            course_slug=F("course__slug"),
        ),
    )
    notes = Note.objects.filter(student=person).select_related("lesson__course")
    for note in notes.iterator(chunk_size=100):
        yield privacy.Text(
            f"notes/{note.lesson.course.slug}/{note.lesson.number}-{note.pk}.md",
            f"<!-- #{note.anchor} {note.created_at:%Y-%m-%d} {note.updated_at:%Y-%m-%d} -->\n\n{note.text}\n",
        )


def _invitations_to(person: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(Q(accepted_by=person) | Q(email__iexact=person.email))


def erase(person: User, at: datetime) -> None:
    """What served them alone goes; marks, readings and answers stay, for the course's sake, as nobody's.

    Their certificates are revoked, without the name and without what a teacher wrote when revoking one. They
    have left every course.
    """
    for model in (Note, Bookmark, ReviewCard):
        model._default_manager.filter(student=person).delete()
    theirs = Certificate.objects.filter(student=person)
    theirs.filter(revoked_at__isnull=True).update(revoked_at=at)
    theirs.update(name="", revoked_because=_("La cuenta se borró a petición de su titular."))
    Extension.objects.filter(enrolment__student=person).update(reason="")
    _invitations_to(person).filter(accepted_at__isnull=True).delete()
    for invitation in _invitations_to(person):
        invitation.email, invitation.name = f"{uuid4().hex}@anonymous.invalid", ""
        invitation.save(update_fields=["email", "name"])
    Enrolment.ever.filter(student=person, left_at__isnull=True).update(left_at=at)


def only_instructor(person: User) -> str | None:
    """Why the last instructor of a course with students stays: nobody could answer for it."""
    teaching = Enrolment.objects.filter(role=Role.INSTRUCTOR, student__deletion_asked_at__isnull=True)
    others = teaching.exclude(student=person).values("course")
    students = Enrolment.objects.filter(role=Role.STUDENT).values("course")
    orphans = Course.objects.filter(pk__in=students).exclude(pk__in=others)
    titles = orphans.filter(pk__in=teaching.filter(student=person).values("course")).values_list(
        "title", flat=True
    )
    if not titles:
        return None
    return _(
        "Solo tú llevas estos cursos con estudiantes: %(courses)s. Da antes el curso a otra persona."
    ) % {"courses": ", ".join(titles)}


def register() -> None:
    """Say all this to `accounts.privacy`."""
    privacy.provide_export("lessons", export, holds=HELD)
    privacy.provide_erasure("lessons", erase, holds=HELD)
    privacy.provide_objection(only_instructor)
