"""The end quiz of a unit: what it is and how it went, a try on one page, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from lessons import asking, services
from lessons.asking import Asked
from lessons.forms import read_response
from lessons.models import Enrolment, QuizTry, Unit
from lessons.questions import Access, QuestionCard, question_card
from lessons.selectors.outline import course_outline
from lessons.selectors.quizzes import Standing, answers_in, asked_in, quiz_questions, standing_of
from lessons.services.trying import Given, NoQuiz, Unfinished, hand_in_try, start_try

from .readers import find_course, reader


def unit_of(request: HttpRequest, course: str, number: int) -> Unit:
    """The unit of an address, with its course; 404 if there is none that the reader may know of."""
    units = find_course(request, course).units.select_related("course")
    return get_object_or_404(units, number=number)


def place_of(student: User | None, unit: Unit) -> Enrolment | None:
    """The reader's place in the course, with what deadlines ask of it."""
    if student is None:
        return None
    places = Enrolment.objects.select_related("course", "cohort")
    return places.filter(student=student, course=unit.course_id).first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, course: str, number: int) -> HttpResponse:
    """What the end quiz is, what counts, the tries so far; public. A POST starts a try, or goes on."""
    unit = unit_of(request, course, number)
    asked = quiz_questions(unit).count()
    if not asked:
        raise Http404
    student = reader(request)
    if request.method == "POST":
        return start(request, student, unit)
    place = place_of(student, unit)
    standing = standing_of(enrolment=place, unit=unit, at=now()) if place else None
    context = {"course": unit.course, "unit": unit, "asked": asked, "standing": standing}
    return render(request, "lessons/quiz.html", context)


def start(request: HttpRequest, student: User | None, unit: Unit) -> HttpResponse:
    """Begin a try. Signed out: to sign in. Not enrolled: 403, for the quiz itself is known to all."""
    if student is None:
        return redirect_to_login(request.path)
    try:
        begun = start_try(student=student, unit=unit)
    except services.NotEnrolled:
        return render(request, "403.html", {"exception": _("Apúntate al curso para responder.")}, status=403)
    except NoQuiz:
        raise Http404 from None
    return redirect("lessons:quiz_try", unit.course.slug, unit.number, begun.number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def quiz_try(request: HttpRequest, course: str, number: int, attempt: int) -> HttpResponse:
    """The student's own try: its questions while it is open, then what came of each. A POST hands it in."""
    unit, student = unit_of(request, course, number), reader(request)
    place = place_of(student, unit)
    if student is None or place is None:
        raise Http404
    found = get_object_or_404(QuizTry, student=student, unit=unit, number=attempt)
    found.unit = unit
    if request.method == "POST":
        return hand_in(request, found, place)
    if found.handed_in_at is not None:
        return show_result(request, found, place)
    return show_try(request, found, place)


def hand_in(request: HttpRequest, found: QuizTry, place: Enrolment) -> HttpResponse:
    """Mark the try and lead to what came of it; a refusal brings everything back as it was sent."""
    page = redirect("lessons:quiz_try", found.unit.course.slug, found.unit.number, found.number)
    if found.handed_in_at is not None:
        messages.info(request, _("Este intento ya estaba entregado: vale lo que entregaste primero."))
        return page
    given = read_given(asked_in(found), request.POST)
    try:
        hand_in_try(quiz_try=found, given=given, leave_out="leave_out" in request.POST)
    except Unfinished as refusal:
        return show_try(request, found, place, given, refusal)
    except NoQuiz:
        messages.error(request, _("Este quiz se ha retirado del curso: no queda nada que entregar."))
        return redirect("lessons:unit", found.unit.course.slug, found.unit.number)
    return page


def prefix_of(asked: Asked) -> str:
    """What stands before the names of a question's fields: all of them share one form."""
    return f"{asked.question.key}."


def read_given(asked: list[Asked], fields: QueryDict) -> dict[int, Given]:
    """What was sent, by question id. Fields of questions that are not asked any more are left."""
    return {
        one.question.pk: Given(
            read_response(one, fields, prefix_of(one)), fields.get(f"{prefix_of(one)}asked", "")[:40]
        )
        for one in asked
    }


def retired_meanwhile(asked: list[Asked], fields: QueryDict) -> int:
    """How many questions were on the page that was sent and are no longer asked."""
    known = {f"{prefix_of(one)}asked" for one in asked}
    return sum(name.endswith(".asked") and name not in known for name in fields)


def show_try(
    request: HttpRequest,
    found: QuizTry,
    place: Enrolment,
    given: Mapping[int, Given] | None = None,
    refusal: Unfinished | None = None,
) -> HttpResponse:
    """The page with all questions; after a refusal, 422, with what was sent and what is missing."""
    asked = asked_in(found)
    if not asked:
        raise Http404
    reasons = refusal.reasons if refusal else {}
    cards = [
        question_card(
            one,
            number=number,
            total=len(asked),
            access=Access.OPEN,
            response=given[one.question.pk].response if given and one.question.pk in given else None,
            error=reasons.get(one.question.pk, ""),
            prefix=prefix_of(one),
        )
        for number, one in enumerate(asked, start=1)
    ]
    context = {
        "course": found.unit.course,
        "unit": found.unit,
        "quiz_try": found,
        "standing": standing_of(enrolment=place, unit=found.unit, at=now()),
        "cards": cards,
        "missing": [card for card in cards if card.error],
        "may_leave_out": refusal is not None and not refusal.changed,
        "retired": retired_meanwhile(asked, request.POST),
    }
    return render(request, "lessons/quiz_try.html", context, status=422 if refusal else 200)


def show_result(request: HttpRequest, found: QuizTry, place: Enrolment) -> HttpResponse:
    """The score, whether it counts and why not, each question with the reason for what was answered."""
    answers = answers_in(found)
    standing: Standing = standing_of(enrolment=place, unit=found.unit, at=now())
    cards: list[QuestionCard] = [
        question_card(
            asking.answered(answer),
            number=number,
            total=len(answers),
            access=Access.SHOWN,
            answer=answer,
            prefix=f"{answer.question.key}.",
        )
        for number, answer in enumerate(answers, start=1)
    ]
    right = sum(answer.correct for answer in answers)
    context = {
        "course": found.unit.course,
        "unit": found.unit,
        "quiz_try": found,
        "standing": standing,
        "came_late": bool(found.handed_in_at and standing.due and standing.due.is_over(found.handed_in_at)),
        "cards": cards,
        "right": right,
        "review_url": reverse("lessons:review", args=[found.unit.course.slug]),
        "next": course_outline(course=found.unit.course, student=found.student).next,
    }
    return render(request, "lessons/quiz_result.html", context)
