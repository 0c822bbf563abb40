"""Home, course, unit, lesson and page. Reading is open to all, answering to who has a place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import unread_count
from lessons import asking, rendering, selectors, services
from lessons.cards import exercise_cards
from lessons.content.marking import BadResponse
from lessons.forms import read_response
from lessons.margin import margin_data
from lessons.models import Joining, Lesson, Page, Question, Unit
from lessons.questions import Access, QuestionCard, question_card
from lessons.race import race
from lessons.selectors.notes import course_marks, margin_of
from lessons.services.enrolling import may_return

from .readers import find_course, reader


def wants_a_part(request: HttpRequest) -> bool:
    """Whether our script asks and wants only the piece of the page that changes."""
    return request.headers.get("X-Requested-With") == "fetch"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where to go on; for a stranger, or before enrolling, what there is to learn."""
    student = reader(request)
    courses = selectors.courses_to_continue(student=student, at=now()) if student else []
    if student and courses:
        context = {"courses": courses, "unread": unread_count(student)}
        return render(request, "lessons/home.html", context)
    outlines = [
        selectors.course_outline(course=course, student=None)
        for course in selectors.courses_for(student).order_by("title")
    ]
    return render(request, "lessons/welcome.html", {"outlines": outlines, "race": race()})


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """The whole course: units, lessons, exercises, written or announced. Public."""
    found = find_course(request, course)
    student = reader(request)
    outline = selectors.course_outline(course=found, student=student, at=now())
    left = None if outline.enrolment else selectors.left_place_of(student=student, course=found)
    context = {
        "course": found,
        "outline": outline,
        "marks": course_marks(student=student, course=found) if student and outline.enrolment else None,
        "left": left,
        "one_click": found.joining == Joining.OPEN or (left is not None and may_return(left, now())),
    }
    return render(request, "lessons/course.html", context)


@require_safe
def unit(request: HttpRequest, course: str, number: int) -> HttpResponse:
    """A unit's opening: its text, goals, lessons and exercises. Public."""
    units = Unit.objects.select_related("course").filter(course__in=selectors.courses_for(reader(request)))
    found = get_object_or_404(units, course__slug=course, number=number)
    outline = selectors.course_outline(course=found.course, student=reader(request))
    lines = next(lines for lines in outline.units if lines.unit.pk == found.pk)
    context = {"course": found.course, "unit": found, "lines": lines, "outline": outline}
    return render(request, "lessons/unit.html", context)


@require_safe
def page(request: HttpRequest, course: str, slug: str) -> HttpResponse:
    """A page that is no lesson: goals, resources, glossary… Public."""
    pages = Page.objects.select_related("course").filter(course__in=selectors.courses_for(reader(request)))
    found = get_object_or_404(pages, course__slug=course, slug=slug)
    return render(request, "lessons/page.html", {"course": found.course, "page": found})


def find_lesson(request: HttpRequest, course: str, number: str) -> Lesson:
    """The lesson of an address, with its section, unit and course; 404 if there is none for this reader."""
    lessons = Lesson.objects.select_related("course", "section__unit")
    known = selectors.courses_for(reader(request))
    return get_object_or_404(lessons, course__slug=course, course__in=known, number=number)


def access_of(request: HttpRequest, lesson: Lesson) -> Access:
    """What keeps this reader from answering, if anything."""
    student = reader(request)
    if student is None:
        return Access.SIGN_IN
    enrolled = selectors.enrolment_of(student=student, course=lesson.course)
    return Access.OPEN if enrolled else Access.ENROL


@require_safe
def lesson(request: HttpRequest, course: str, number: str) -> HttpResponse:
    """A lesson, or the honest announcement of one that is still being written. Public."""
    found = find_lesson(request, course, number)
    access = access_of(request, found)
    student = reader(request)
    if student and access == Access.OPEN and found.written:
        services.note_reading(student=student, lesson=found)
    return show_lesson(request, found, access)


def question_cards(
    request: HttpRequest, lesson: Lesson, access: Access, tried: Mapping[str, Any] | None = None
) -> dict[str, QuestionCard]:
    """The lesson's questions by key; `tried` is a response that was no answer: key, response, error.

    A question that was missed is shown as it was answered, until the address asks for it `again`.
    """
    own = selectors.questions_with_answers(lesson=lesson, student=reader(request))
    cards = {}
    for number, one in enumerate(own, start=1):
        key = one.question.key
        refused = tried if tried and tried["key"] == key else {}
        afresh = bool(refused) or request.GET.get("again") == key
        cards[key] = question_card(
            one.now if afresh else one.shown,
            number=number,
            total=len(own),
            access=access,
            answer=None if afresh else one.newest,
            response=refused.get("response"),
            error=refused.get("error", ""),
        )
    return cards


def show_lesson(
    request: HttpRequest,
    found: Lesson,
    access: Access,
    tried: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the lesson's page; `tried` is a response that was no answer."""
    margin = None
    if (student := reader(request)) and access == Access.OPEN and found.written:
        margin = margin_of(student=student, lesson=found)
    exercises = {}
    if rendering.names_an_exercise(found):
        asked = student if access == Access.OPEN else None
        exercises = {card.slug: card for card in exercise_cards(course=found.course, student=asked)}
    context = {
        "course": found.course,
        "unit": found.section.unit,
        "lesson": found,
        "place": selectors.lesson_place(found),
        "enrolled": access == Access.OPEN,
        "is_read": access == Access.OPEN and is_read_by(request, found),
        "body": rendering.lesson_body(
            found,
            request=request,
            access=access,
            questions=question_cards(request, found, access, tried),
            exercises=exercises,
            labs_done=labs_done_by(request, found),
            margin=margin,
        ),
        "margin": margin,
        "notes_data": margin_data(lesson=found, student=student) if margin and student else None,
    }
    return render(request, "lessons/lesson.html", context, status=status)


def is_read_by(request: HttpRequest, lesson: Lesson) -> bool:
    """Whether this reader has marked the lesson as read."""
    student = reader(request)
    return student is not None and selectors.is_read(student=student, lesson=lesson)


def labs_done_by(request: HttpRequest, lesson: Lesson) -> frozenset[str]:
    """The labs whose task this reader has done; not asked where the lesson has no lab."""
    student = reader(request)
    if student is None or not lesson.labs:
        return frozenset()
    return selectors.labs_done(student=student, course=lesson.course)


@require_POST
def answer(request: HttpRequest, course: str, number: str, key: str) -> HttpResponse:
    """Mark and keep an answer. Signed out: to sign in. Not enrolled: 403, for the question is public.

    Answers the script with the question alone, a form with the lesson at that question.
    """
    found = find_lesson(request, course, number)
    question = get_object_or_404(Question, lesson=found, key=key, retired=False)
    question.lesson = found
    student = reader(request)
    if student is None:
        if wants_a_part(request):
            return HttpResponse(status=401)
        return redirect_to_login(f"{found.get_absolute_url()}#q-{key}")
    stamp = request.POST.get("asked", "")
    asked = asking.with_stamp(question, stamp) or selectors.asked_now(question=question, student=student)
    response = read_response(asked, request.POST)
    tried, status = None, 200
    try:
        services.answer_question(student=student, question=question, response=response, stamp=stamp)
    except asking.Changed as refusal:
        tried, status = {"key": key, "response": response, "error": str(refusal)}, 409
    except services.NotEnrolled:
        return render(request, "403.html", {"exception": _("Apúntate al curso para responder.")}, status=403)
    except BadResponse as refusal:
        tried, status = {"key": key, "response": response, "error": str(refusal)}, 422
    if wants_a_part(request):
        card = question_cards(request, found, Access.OPEN, tried)[key]
        context = {"card": card, "lesson": found}
        return render(request, "lessons/_question.html", context, status=status)
    if tried:
        return show_lesson(request, found, Access.OPEN, tried, status)
    return redirect(found)
