"""Taking the end quiz of a unit: starting a try, and handing it in once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from lessons.asking import Asked, Changed
from lessons.content import marking
from lessons.content.marking import BadResponse, Marked
from lessons.models import Answer, Enrolment, QuizTry, Unit
from lessons.selectors.quizzes import asked_in, quiz_questions, standing_of

from .answering import NotEnrolled
from .reviewing import note_miss

SEED_BITS = 62


class NoQuiz(Exception):
    """The unit has no end quiz, or has none any more."""


class Unfinished(Exception):
    """The try stays open: by question id, why its response is no answer.

    `changed` are those that have other words now; they are to be read again, the others may be left out.
    """

    def __init__(self, reasons: Mapping[int, str], changed: frozenset[int]) -> None:
        super().__init__(len(reasons))
        self.reasons, self.changed = reasons, changed


@dataclass(frozen=True)
class Given:
    """What was sent for one question, and the stamp of what was shown."""

    response: Mapping[str, Any]
    stamp: str = ""


def _place_of(student: User, unit: Unit) -> Enrolment:
    """The student's place in the course, locked: their tries are started and handed in one at a time."""
    places = Enrolment.objects.select_for_update(of=("self",)).select_related("course", "cohort")
    place = places.filter(student=student, course=unit.course_id).first()
    if place is None:
        raise NotEnrolled
    return place


@transaction.atomic
def start_try(*, student: User, unit: Unit) -> QuizTry:
    """A try of the unit's end quiz with a seed of its own; one that is not handed in yet goes on.

    So a double click, or a second tab, finds the same. Raises NotEnrolled and NoQuiz.
    """
    _place_of(student, unit)
    if not quiz_questions(unit).exists():
        raise NoQuiz
    tries = QuizTry.objects.filter(student=student, unit=unit)
    running = tries.filter(handed_in_at__isnull=True).first()
    if running is not None:
        return running
    number = tries.count() + 1
    return QuizTry.objects.create(student=student, unit=unit, number=number, seed=secrets.randbits(SEED_BITS))


@transaction.atomic
def hand_in_try(
    *, quiz_try: QuizTry, given: Mapping[int, Given], leave_out: bool = False, at: datetime | None = None
) -> QuizTry:
    """Mark the try whole and keep every answer; the best of those that count is the student's score.

    `given` is by question id. What is no answer refuses the hand-in, unless `leave_out` says that it counts
    as missed. A try that was handed in before stays as it was. It counts if it comes within the deadline,
    extensions counted, and within the tries that the course lets count. What was missed comes back for
    review.

    Raises NotEnrolled, NoQuiz and Unfinished; then nothing is kept.
    """
    at = at or now()
    place = _place_of(quiz_try.student, quiz_try.unit)
    quiz_try.refresh_from_db(fields=["handed_in_at", "score", "counts"])
    if quiz_try.handed_in_at is not None:
        return quiz_try
    asked = asked_in(quiz_try)
    if not asked:
        raise NoQuiz
    answers = _marked(quiz_try, asked, given, leave_out)
    quiz_try.counts = standing_of(enrolment=place, unit=quiz_try.unit, at=at).next_counts
    quiz_try.handed_in_at, quiz_try.score = at, mean(answer.correct for answer in answers)
    quiz_try.save(update_fields=["handed_in_at", "score", "counts"])
    Answer.objects.bulk_create(answers)
    for answer in answers:
        note_miss(answer=answer, at=at)
    return quiz_try


def _marked(
    quiz_try: QuizTry, asked: list[Asked], given: Mapping[int, Given], leave_out: bool
) -> list[Answer]:
    answers, reasons, changed = [], {}, set()
    for one in asked:
        sent = given.get(one.question.pk, Given({}))
        try:
            one.check(sent.stamp)
            mark = marking.mark(one.question.kind, one.answer, sent.response)
        except Changed as refusal:
            reasons[one.question.pk] = str(refusal)
            changed.add(one.question.pk)
            continue
        except BadResponse as refusal:
            reasons[one.question.pk] = str(refusal)
            mark = Marked(False, f"<p>{escape(_('La dejaste sin responder.'))}</p>")
        answers.append(
            Answer(
                student=quiz_try.student,
                question=one.question,
                quiz_try=quiz_try,
                variant=one.variant,
                response=dict(sent.response),
                correct=mark.correct,
                feedback=mark.feedback_html,
            )
        )
    if changed or (reasons and not leave_out):
        raise Unfinished(reasons, frozenset(changed))
    return answers
