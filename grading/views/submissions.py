"""Handing in, a submission's state, its live events, and taking it back."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from redis.exceptions import RedisError
from rest_framework.exceptions import APIException, NotAuthenticated, NotFound, Throttled

from accounts.api.authentication import token_in
from accounts.api.permissions import refuse_without
from accounts.api.problems import problem_response
from accounts.models import Scope, User
from exercises import selectors as exercises
from exercises.access import Request, wants_json
from exercises.models import Exercise
from grading import events, selectors, services, streams
from grading.forms import HandInForm
from grading.models import Kind, State, Submission
from grading.pages.listing import listing_of
from grading.services.telling import note_seen

COME_BACK = 5  # seconds after which one of a person's submissions has probably ended
STATUS_OF = {
    "too_large": 413,
    "too_many_lines": 413,
    "too_many": 429,
    "not_enrolled": 403,
    "closed": 409,
    "not_begun": 409,
    "token_used": 409,
}


def visible_submission(request: Request, submission_id: UUID) -> Submission:
    """The submission if the person may see it, else 404, as if it did not exist."""
    submission = selectors.submission_for(viewer=request.user, submission_id=submission_id)
    if submission is None:
        raise Http404
    return submission


@require_POST
def submit(request: HttpRequest, course: str, exercise: str) -> HttpResponse:
    """Hand in, or run the visible checks. JSON for the script, a redirect for the plain form."""
    if not request.user.is_authenticated:
        if wants_json(request):
            return refused(
                request,
                None,
                "signed_out",
                _("Tu sesión caducó. Entra en otra pestaña y sigue: no se pierde nada."),
                401,
            )
        return redirect(
            f"{reverse('account_login')}?next={reverse('exercises:exercise', args=[course, exercise])}"
        )
    found = exercises.exercise_for(student=request.user, course=course, slug=exercise)
    if found is None:
        raise Http404
    form = HandInForm(request.POST)
    if not form.is_valid():
        field, problems = next(iter(form.errors.get_json_data().items()))
        code = problems[0]["code"] if field == "source" else f"bad_{field}"
        return refused(request, found, code, problems[0]["message"], 422)
    try:
        submission = services.hand_in(student=request.user, exercise=found, **form.cleaned_data)
    except services.Refused as refusal:
        return refused(request, found, refusal.code, refusal.message, STATUS_OF.get(refusal.code, 422))
    if wants_json(request):
        return JsonResponse(selectors.fresh_state(submission.pk), status=201)
    return redirect(submission)


def refused(
    request: HttpRequest, exercise: Exercise | None, code: str, message: str, status: int
) -> HttpResponse:
    """Say why, in the form that was asked for; the plain page keeps the student's text."""
    if wants_json(request) or exercise is None:
        return JsonResponse({"code": code, "message": message}, status=status)
    context = {
        "exercise": exercise,
        "course": exercise.course,
        "message": message,
        "source": request.POST.get("source", "")[:300_000],
        "kind": request.POST.get("kind", Kind.RUN),
    }
    return render(request, "grading/refused.html", context, status=status)


@login_required
@require_GET
@never_cache
def submission(request: Request, submission_id: UUID) -> HttpResponse:
    """One submission: its state as JSON, or a page that brings itself up to date until it is final."""
    found = visible_submission(request, submission_id)
    state = selectors.state_of(found)
    if found.is_final and found.student_id == request.user.pk:
        note_seen(student=request.user, submission_id=found.pk)
    if wants_json(request):
        return JsonResponse(state)
    line = request.GET.get("line", "")
    asked = int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else None
    return render(request, "grading/submission.html", page_context(request, found, state, asked=asked))


def page_context(
    request: Request, submission: Submission, state: dict[str, Any], *, asked: int | None = None
) -> dict[str, Any]:
    """What the page of a submission shows to this reader; a comment form stands under line `asked`."""
    return {
        "submission": submission,
        "page_url": submission.get_absolute_url(),
        "own": submission.student_id == request.user.pk,
        "state": state,
        "listing": listing_of(submission, reader=request.user, asked=asked),
        "exercise": submission.exercise,
        "course": submission.exercise.course,
    }


@login_required
@require_POST
def cancel(request: Request, submission_id: UUID) -> HttpResponse:
    """Take back one's own submission while it waits."""
    found = visible_submission(request, submission_id)
    if found.student_id != request.user.pk:
        raise Http404
    services.cancel(submission=found)
    if wants_json(request):
        return JsonResponse(selectors.fresh_state(found.pk))
    return redirect(found)


def server_sent(kind: str, data: str, event_id: str = "") -> str:
    """One event in the text/event-stream format."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {kind}\ndata: {data}\n\n"


FINAL = {State.GRADED, State.SYSTEM_ERROR, State.CANCELLED}


async def state_event(submission_id: UUID, event_id: str = "") -> tuple[str, str]:
    """How the submission stands, and the event that says so: `state`, or `verdict` once it is final."""
    state: dict[str, Any] = await sync_to_async(selectors.fresh_state)(submission_id)
    body = json.dumps(state, cls=DjangoJSONEncoder)
    kind = "verdict" if state["state"] in FINAL else "state"
    return state["state"], server_sent(kind, body, event_id)


async def live(submission_id: UUID, after: str) -> AsyncIterator[str]:
    """The submission's events from the stream id `after` until it is final.

    The stream only brings news sooner; each silence of five seconds is answered from the database, and
    when Redis is lost the database alone is asked, once a second. A change to what was just shown, which
    the stream still holds, is no news.
    """
    yield "retry: 2000\n\n"
    shown, text = await state_event(submission_id)
    yield text
    while shown not in FINAL:
        try:
            async for event in events.follow(submission_id, after=after):
                if event is None:
                    shown, text = await state_event(submission_id)
                    yield text
                elif event[1] == "changed":
                    after = event[0]
                    if json.loads(event[2])["state"] == shown:
                        continue
                    shown, text = await state_event(submission_id, after)
                    yield text
                else:
                    after = event[0]
                    yield server_sent(event[1], event[2], after)
                if shown in FINAL:
                    return
        except (RedisError, OSError):
            await asyncio.sleep(1)
            shown, text = await state_event(submission_id)
            yield text


def admitted(request: HttpRequest, submission_id: UUID) -> tuple[User, bool]:
    """Who listens, by token or else by session, and whether it is theirs. Raises APIException: why not."""
    token = token_in(request)
    person = token.person if token else request.user
    if not isinstance(person, User):
        raise NotAuthenticated
    refuse_without(token, Scope.READ)
    student_id = selectors.student_watched(viewer=person, submission_id=submission_id)
    if student_id is None:
        raise NotFound
    if student_id != person.pk:
        refuse_without(token, Scope.TEACH)
    return person, student_id == person.pk


@require_GET
async def submission_events(request: HttpRequest, submission_id: UUID) -> HttpResponseBase:
    """Server-sent events of one submission; resumes after the `Last-Event-ID` header.

    For the page by its session, for programs by a token with the scope `read`, and `teach` for another's.
    """
    try:
        person, own = await sync_to_async(admitted)(request, submission_id)
    except APIException as refusal:
        return problem_response(refusal)
    place = streams.take(person.pk)
    if place is None:
        return problem_response(Throttled(wait=COME_BACK, code="too_many_streams"))
    after = request.headers.get("Last-Event-ID", events.START)
    if not re.fullmatch(r"\d{1,19}(-\d{1,19})?", after, re.ASCII):
        after = events.START

    async def counted() -> AsyncIterator[str]:
        try:
            async for text in live(submission_id, after):
                yield text
            if own:
                await sync_to_async(note_seen)(student=person, submission_id=submission_id)
        finally:
            place.give_back()

    response = StreamingHttpResponse(counted(), content_type="text/event-stream; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
