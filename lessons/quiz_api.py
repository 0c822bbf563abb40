"""The end quiz of a unit for programs: where the person stands, a try with its questions, handing it in."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.people import person_of
from accounts.api.problems import problems

from . import asking
from .api import AnswerSerializer, ResponseSerializer, course_of, response_to
from .asking import Asked
from .models import Answer, Enrolment, QuizTry, Unit
from .selectors.quizzes import answers_in, asked_in, quiz_questions, standing_of
from .services.trying import Given, NoQuiz, Unfinished, hand_in_try, start_try


class TrySerializer(serializers.ModelSerializer[QuizTry]):
    """A try; `score` is 0 to 1 once it is handed in, and `counts` says whether it does."""

    class Meta:
        model = QuizTry
        fields = ("number", "started_at", "handed_in_at", "score", "counts")


class StandingSerializer(serializers.Serializer[Any]):
    """Where the person stands. `left` and `allowed` are null where every try counts."""

    asked = serializers.IntegerField()
    allowed = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    next_counts = serializers.BooleanField()
    running = TrySerializer(allow_null=True)
    best = TrySerializer(allow_null=True)
    tries = TrySerializer(many=True)


class AskedSerializer(serializers.Serializer[Any]):
    """A question of a try. `asked` is to be sent with its answer; `answer` comes with the hand-in."""

    key = serializers.CharField()
    kind = serializers.CharField()
    prompt = serializers.CharField()
    public = serializers.DictField()
    asked = serializers.CharField()
    answer = AnswerSerializer(allow_null=True)


class OneTrySerializer(serializers.ModelSerializer[QuizTry]):
    """A try with its questions."""

    questions = AskedSerializer(many=True)

    class Meta:
        model = QuizTry
        fields = ("number", "started_at", "handed_in_at", "score", "counts", "questions")


class HandInSerializer(serializers.Serializer[Any]):
    """All answers by the key of their question. With `leave_out` those that are missing count as missed."""

    answers = serializers.DictField(child=ResponseSerializer())
    leave_out = serializers.BooleanField(default=False)


def unit_of(request: Request, course: str, unit: int) -> Unit:
    """The unit of the address, if it has an end quiz and the person takes part; else 404."""
    found = get_object_or_404(Unit, course=course_of(request, course), number=unit)
    if not quiz_questions(found).exists():
        raise Http404
    return found


def try_of(request: Request, course: str, unit: int, attempt: int) -> QuizTry:
    """The person's own try; else 404."""
    tries = QuizTry.objects.select_related("unit", "student")
    return get_object_or_404(
        tries, student=person_of(request), unit=unit_of(request, course, unit), number=attempt
    )


def shown(quiz_try: QuizTry) -> dict[str, Any]:
    """The try as it is sent: without a word of the answers while it is open."""
    pairs: list[tuple[Asked, Answer | None]]
    if quiz_try.handed_in_at is None:
        pairs = [(asked, None) for asked in asked_in(quiz_try)]
    else:
        pairs = [(asking.answered(answer), answer) for answer in answers_in(quiz_try)]
    questions = [
        {
            "key": asked.question.key,
            "kind": asked.question.kind,
            "prompt": asked.prompt,
            "public": asked.public,
            "asked": asked.stamp,
            "answer": answer,
        }
        for asked, answer in pairs
    ]
    return TrySerializer(quiz_try).data | {"questions": AskedSerializer(questions, many=True).data}


class Quiz(APIView):
    """The end quiz of a unit."""

    @extend_schema(operation_id="quiz", responses={200: StandingSerializer, **problems()})
    def get(self, request: Request, course: str, unit: int) -> Response:
        """Where the person stands with it."""
        found = unit_of(request, course, unit)
        places = Enrolment.objects.select_related("course", "cohort")
        place = get_object_or_404(places, student=person_of(request), course=found.course_id)
        standing = standing_of(enrolment=place, unit=found, at=now())
        names = ("allowed", "left", "due_at", "next_counts", "running", "best", "tries")
        facts = {name: getattr(standing, name) for name in names}
        return Response(StandingSerializer(facts | {"asked": quiz_questions(found).count()}).data)

    @extend_schema(operation_id="quiz_start", request=None, responses={201: OneTrySerializer, **problems()})
    def post(self, request: Request, course: str, unit: int) -> Response:
        """Start a try, or go on with the one that is open."""
        begun = start_try(student=person_of(request), unit=unit_of(request, course, unit))
        return Response(shown(begun), status=status.HTTP_201_CREATED)


class OneTry(APIView):
    """A try of the end quiz of a unit."""

    @extend_schema(operation_id="quiz_try", responses={200: OneTrySerializer, **problems()})
    def get(self, request: Request, course: str, unit: int, attempt: int) -> Response:
        """Its questions; once it is handed in, with what was answered and why it was right or not."""
        return Response(shown(try_of(request, course, unit, attempt)))

    @extend_schema(
        operation_id="quiz_hand_in",
        request=HandInSerializer,
        responses={200: OneTrySerializer, **problems(400, 415, 422)},
    )
    def post(self, request: Request, course: str, unit: int, attempt: int) -> Response:
        """Hand it in; one that was handed in before stays as it was. `fields_wrong` names what is missing."""
        found = try_of(request, course, unit, attempt)
        form = HandInSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data["answers"]
        asked = asked_in(found)
        given = {
            one.question.pk: Given(response_to(one, answer), answer.get("asked", ""))
            for one in asked
            if (answer := sent.get(one.question.key)) is not None
        }
        try:
            hand_in_try(quiz_try=found, given=given, leave_out=form.validated_data["leave_out"])
        except NoQuiz:
            raise Http404 from None
        except Unfinished as refusal:
            reasons = refusal.reasons
            keys = {one.question.pk: one.question.key for one in asked}
            raise ValidationError({keys[pk]: [why] for pk, why in reasons.items()}) from None
        return Response(shown(found))
