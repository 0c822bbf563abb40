"""Somebody who has left a trace of every kind."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import now

from accounts.models import Notification, NotificationChoice, PersonalToken, User
from exercises.models import Draft, Exercise, KeptDraft
from grading.models import Comment, Grading, GroupResult, Kind, LeaderboardEntry, Regrade, RegradeItem
from lessons.models import (
    Answer,
    Bookmark,
    Certificate,
    Cohort,
    Enrolment,
    Extension,
    Invitation,
    LabTask,
    Note,
    Question,
    QuizTry,
    Reading,
    ReviewCard,
)
from tests.factories import hand_in

SECRET = "canario-7f3a"


def leave_traces(person: User, exercise: Exercise, teacher: User) -> None:
    """One row of each model about `person`, with SECRET in every text that is theirs."""
    course, unit = exercise.course, exercise.unit
    lesson = course.lessons.first()
    User.objects.filter(pk=person.pk).update(name=f"Ana {SECRET}", alias=SECRET, last_login=now())
    person.refresh_from_db()
    _account(person)
    cohort = Cohort.objects.create(course=course, name="Otoño")
    enrolment = Enrolment.ever.get(student=person, course=course)
    Enrolment.ever.filter(pk=enrolment.pk).update(cohort=cohort)
    Extension.objects.create(
        enrolment=enrolment, unit=unit, until=now(), reason=f"hospital {SECRET}", granted_by=teacher
    )
    Invitation.objects.create(
        cohort=cohort, email=person.email, name=SECRET, digest="d", invited_by=teacher,
        expires_at=now() + timedelta(days=9), accepted_at=now(), accepted_by=person,
    )  # fmt: skip
    question = Question.objects.create(
        unit=unit, lesson=lesson, key="q", position=1, kind="single", prompt="¿?"
    )
    attempt = QuizTry.objects.create(student=person, unit=unit, number=1, seed=1)
    Answer.objects.create(student=person, question=question, quiz_try=attempt, response=["a"], correct=True)
    ReviewCard.objects.create(student=person, question=question, memory={}, due_at=now())
    Reading.objects.create(student=person, lesson=lesson, last_at=now())
    LabTask.objects.create(student=person, course=course, lab="valle")
    Note.objects.create(student=person, lesson=lesson, anchor="p1", text=f"apunte {SECRET}")
    Bookmark.objects.create(student=person, lesson=lesson, anchor="p1")
    Certificate.objects.create(
        student=person, course=course, code="ABC", name=f"Ana {SECRET}",
        revoked_at=now(), revoked_because=f"copió de {SECRET}",
    )  # fmt: skip
    Certificate.objects.create(student=person, course=course, code="DEF", name=f"Ana {SECRET}")
    Draft.objects.create(student=person, exercise=exercise, source=f"# borrador {SECRET}")
    KeptDraft.objects.create(student=person, exercise=exercise, source=f"# aparte {SECRET}", reason="reset")
    _work(person, exercise, teacher)


def _account(person: User) -> None:
    EmailAddress.objects.get_or_create(user=person, defaults={"email": person.email, "verified": True})
    Authenticator.objects.create(user=person, type="totp", data={"secret": "K3Y-OF-THE-PHONE"})
    SocialAccount.objects.create(user=person, provider="github", uid="1", extra_data={"login": SECRET})
    UserSession.objects.create(user=person, ip="10.0.0.7", session_key=f"k{person.pk}", user_agent=SECRET)
    PersonalToken.objects.create(person=person, name=SECRET, prefix="cs_", digest="5ec4e7-digest")
    Notification.objects.create(person=person, kind="comment", key="k", facts={"author": SECRET}, url="/")
    NotificationChoice.objects.create(person=person, kind="comment", by_mail=False)
    LogEntry.objects.create(
        user=person, action_flag=CHANGE, object_id=str(person.pk), object_repr=str(person),
        content_type=ContentType.objects.get_for_model(User), change_message=f"for {person.email}",
    )  # fmt: skip


def _work(person: User, exercise: Exercise, teacher: User) -> None:
    hand_in(person, exercise, f"# prueba {SECRET}", Kind.RUN)
    submission = hand_in(person, exercise, f"# entrega {SECRET}")
    submission.state, submission.score = "graded", 60
    submission.save()
    grading = Grading.objects.create(
        submission=submission, version=exercise.current, score=60, output=f"hola {SECRET}"
    )
    GroupResult.objects.create(
        grading=grading, group=exercise.current.groups.first(), verdict="wrong", fraction=0.6,
        message=f"línea 1: {SECRET}", evidence={"traceback": SECRET}, curves=[{"label": "tú"}],
    )  # fmt: skip
    LeaderboardEntry.objects.create(student=person, exercise=exercise)
    applied = Regrade.objects.create(
        exercise=exercise, asked_by=person, reason="Estaba mal.", state="applied", ended_at=now()
    )
    RegradeItem.objects.create(
        regrade=applied, submission=submission, state="graded", before=40, after=60, grading=grading
    )
    ready = Regrade.objects.create(exercise=exercise, asked_by=teacher, reason="Otra vez.", state="ready")
    RegradeItem.objects.create(
        regrade=ready, submission=submission, state="graded", before=60, after=80,
        report={"output": f"hola {SECRET}", "groups": []},
    )  # fmt: skip
    Comment.objects.create(submission=submission, author=teacher, line=1, text=f"Ana {SECRET}, mira esto")
    others = hand_in(teacher, exercise)
    Comment.objects.create(submission=others, author=person, text="Usa menos memoria.")
