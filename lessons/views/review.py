"""One question at a time, of those that the student missed and whose day has come."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from lessons import asking
from lessons.asking import Asked
from lessons.content.marking import BadResponse
from lessons.forms import read_response
from lessons.models import Answer, Course, Question
from lessons.questions import Access, question_card
from lessons.selectors import enrolment_of
from lessons.selectors.review import ReviewSession, review_session
from lessons.services import reviewing

from .readers import find_course


def place_of(request: HttpRequest, slug: str) -> tuple[User, Course]:
    """The reader and the course in which they take part; 404 to all others."""
    course = find_course(request, slug)
    if not isinstance(request.user, User) or enrolment_of(student=request.user, course=course) is None:
        raise Http404
    return request.user, course


@require_safe
@never_cache
@login_required
def review(request: HttpRequest, course: str) -> HttpResponse:
    """The question that waits longest; with `answer`, what came of the one just answered."""
    student, found = place_of(request, course)
    session = review_session(student=student, course=found, at=now())
    wanted = request.GET.get("answer", "")
    answer = None
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        own = Answer.objects.filter(student=student, review=True, question__unit__course=found)
        answer = (
            own.select_related("question__lesson", "question__unit", "quiz_try")
            .filter(pk=int(wanted))
            .first()
        )
    if answer is not None:
        return show(request, found, session, asking.answered(answer), answer=answer)
    if session.waiting:
        return show(request, found, session, reviewing.asked_in_review(session.waiting[0]))
    return render(request, "lessons/review.html", {"course": found, "session": session})


def show(
    request: HttpRequest,
    course: Course,
    session: ReviewSession,
    asked: Asked,
    *,
    answer: Answer | None = None,
    response: dict[str, object] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with one question, asked or answered."""
    number = session.done + (answer is None)
    card = question_card(
        asked,
        number=number,
        total=number + len(session.waiting) - (answer is None),
        access=Access.OPEN,
        answer=answer,
        response=response,
        error=error,
    )
    context = {
        "course": course,
        "session": session,
        "card": card,
        "lesson": card.question.lesson,
        "unit": card.question.unit,
        "action": reverse("lessons:review_answer", args=[course.slug, card.question.pk]),
    }
    return render(request, "lessons/review.html", context, status=status)


@require_POST
@login_required
def review_answer(request: HttpRequest, course: str, question: int) -> HttpResponse:
    """Mark the answer, then show what came of it. What no longer waits leads to what does."""
    student, found = place_of(request, course)
    wanted = get_object_or_404(
        Question.objects.select_related("lesson", "unit"), pk=question, unit__course=found, retired=False
    )
    stamp = request.POST.get("asked", "")
    asked = asking.with_stamp(wanted, stamp) or asking.ask(wanted)
    response = read_response(asked, request.POST)
    page = reverse("lessons:review", args=[found.slug])
    try:
        answer = reviewing.review(student=student, question=wanted, response=response, stamp=stamp)
    except reviewing.NotDue:
        return redirect(page)
    except asking.Changed as refusal:
        error, status = str(refusal), 409
    except BadResponse as refusal:
        error, status = str(refusal), 422
    else:
        return redirect(f"{page}?answer={answer.pk}")
    session = review_session(student=student, course=found, at=now())
    card = next((card for card in session.waiting if card.question_id == wanted.pk), None)
    if card is None:
        return redirect(page)
    again = reviewing.asked_in_review(card)
    return show(request, found, session, again, response=response, error=error, status=status)
