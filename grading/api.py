"""Exercises and submissions for programs. The same services and selectors as the pages."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.views import APIView

from accounts.api.paging import ByCursor
from accounts.api.people import person_of
from accounts.api.problems import Refusal, problems
from exercises import selectors as exercises
from exercises.models import Exercise, TestGroup
from grading import selectors, services
from grading.models import Kind, State, Submission
from grading.views.submissions import STATUS_OF
from lessons.api import course_of
from lessons.cards import exercise_cards
from lessons.selectors import enrolment_of

LONGEST = 1024 * 1024


class ExerciseLineSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    difficulty = serializers.IntegerField()
    unit = serializers.IntegerField(source="unit_number")
    lesson = serializers.CharField(source="lesson_number", allow_null=True)
    best_score = serializers.FloatField(source="score", allow_null=True)
    passed = serializers.BooleanField()


class GroupSerializer(serializers.ModelSerializer[TestGroup]):
    class Meta:
        model = TestGroup
        fields = ("slug", "title", "idea", "points", "visible", "requires")


class ExerciseSerializer(serializers.Serializer[Any]):
    """What is asked. `statement` is HTML; `limits` are those of one group."""

    slug = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    difficulty = serializers.IntegerField()
    runtime = serializers.CharField()
    functions = serializers.ListField(child=serializers.CharField())
    limits = serializers.DictField(child=serializers.FloatField())
    statement = serializers.CharField()
    starter = serializers.CharField()
    groups = GroupSerializer(many=True)
    draft = serializers.CharField(allow_null=True)
    best_score = serializers.FloatField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)


class GroupResultSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    verdict = serializers.CharField()
    fraction = serializers.FloatField()
    points = serializers.IntegerField()
    message = serializers.CharField()
    hint = serializers.CharField()
    curves = serializers.ListField(child=serializers.DictField())
    seconds = serializers.FloatField()


class SubmissionSerializer(serializers.Serializer[Any]):
    """A submission as it stands. `ahead` is at most how many are graded before it; null once it runs."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    state = serializers.ChoiceField(choices=State.choices)
    attempt_number = serializers.IntegerField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    headline = serializers.CharField()
    ahead = serializers.IntegerField(allow_null=True)
    eta_seconds = serializers.FloatField(allow_null=True)
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    reference = serializers.CharField(allow_blank=True)
    passed_groups = serializers.IntegerField()
    total_groups = serializers.IntegerField()
    groups = GroupResultSerializer(many=True)
    output = serializers.CharField(allow_blank=True)


class SubmissionLineSerializer(serializers.ModelSerializer[Submission]):
    exercise = serializers.SlugRelatedField[Exercise](slug_field="slug", read_only=True)

    class Meta:
        model = Submission
        fields = (
            "id", "exercise", "kind", "state", "attempt_number", "score", "late", "queued_at", "finished_at",
        )  # fmt: skip


class SourceField(serializers.CharField):
    """Source as it is: NUL and what is no text are refused by the service, with the line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **options)
        self.validators = [one for one in self.validators if isinstance(one, MaxLengthValidator)]


class HandInSerializer(serializers.Serializer[Any]):
    """`kind` submit counts, run tries the visible checks."""

    source = SourceField(max_length=LONGEST)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.SUBMIT)


class FilterSerializer(serializers.Serializer[Any]):
    exercise = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    state = serializers.ChoiceField(choices=State.choices, required=False)


def exercise_of(request: Request, course: str, exercise: str) -> Exercise:
    """The exercise of the address, if the person takes part in its course; else 404."""
    found = exercises.exercise_for(student=person_of(request), course=course, slug=exercise)
    if found is None:
        raise Http404
    return found


@extend_schema_view(
    get=extend_schema(
        operation_id="exercises_list", responses={200: ExerciseLineSerializer(many=True), **problems()}
    )
)
class Exercises(APIView):
    """The exercises of the course in order, with the person's best score."""

    def get(self, request: Request, course: str) -> Response:
        found = course_of(request, course)
        cards = exercise_cards(course=found, student=person_of(request))
        return Response(ExerciseLineSerializer(cards, many=True).data)


@extend_schema_view(
    get=extend_schema(operation_id="exercise", responses={200: ExerciseSerializer, **problems()})
)
class OneExercise(APIView):
    """What is asked, with the starter and the person's own draft."""

    def get(self, request: Request, course: str, exercise: str) -> Response:
        found, student = exercise_of(request, course, exercise), person_of(request)
        version = exercises.version_of(found)
        enrolment = enrolment_of(student=student, course=found.course)
        draft = exercises.draft_of(student=student, exercise=found)
        shown = {
            **{name: getattr(found, name) for name in ("slug", "title", "kind", "difficulty")},
            **{
                name: getattr(version, name)
                for name in ("runtime", "functions", "limits", "statement", "starter")
            },
            "groups": version.groups.order_by("position"),
            "draft": draft.source if draft else None,
            "best_score": selectors.best_score(student=student, exercise=found),
            "due_at": exercises.due_at(enrolment=enrolment, exercise=found) if enrolment else None,
        }
        return Response(ExerciseSerializer(shown).data)


class HandIns(APIView):
    """Handing in at one exercise."""

    throttle_scope = "submissions"

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), ScopedRateThrottle()]

    @extend_schema(
        operation_id="submit",
        request=HandInSerializer,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                OpenApiTypes.UUID,
                OpenApiParameter.HEADER,
                description="The same key again returns the first submission, should its answer get lost.",
            )
        ],
        responses={
            201: SubmissionSerializer,
            **problems(400, 409, 413, 415, 422),
        },
    )
    def post(self, request: Request, course: str, exercise: str) -> Response:
        """Hand in, or run the visible checks."""
        found = exercise_of(request, course, exercise)
        form = HandInSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            submission = services.hand_in(
                student=person_of(request),
                exercise=found,
                source=form.validated_data["source"],
                kind=Kind(form.validated_data["kind"]),
                form_token=idempotency_key(request),
            )
        except services.Refused as refusal:
            code = STATUS_OF.get(refusal.code, 422)
            raise Refusal(status_code=code, code=refusal.code, message=refusal.message) from None
        return Response(
            SubmissionSerializer(selectors.fresh_state(submission.pk)).data, status=status.HTTP_201_CREATED
        )


def idempotency_key(request: Request) -> UUID:
    """The key of the request; a fresh one where there is none."""
    text = request.headers.get("Idempotency-Key", "")
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        message = "Idempotency-Key must be a UUID"
        raise Refusal(status_code=422, code="bad_idempotency_key", message=message) from None


@extend_schema_view(
    get=extend_schema(
        operation_id="submissions_list",
        parameters=[FilterSerializer],
        responses={200: SubmissionLineSerializer(many=True), **problems(400, 415, 422)},
    )
)
class Submissions(generics.ListAPIView[Submission]):
    """The person's own submissions, newest first."""

    serializer_class = SubmissionLineSerializer
    pagination_class = type("Newest", (ByCursor,), {"ordering": ("-queued_at", "-id")})

    NAMES: ClassVar = {"exercise": "exercise__slug", "kind": "kind", "state": "state"}

    def get_queryset(self) -> QuerySet[Submission]:
        wanted = FilterSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        chosen = {self.NAMES[name]: value for name, value in wanted.validated_data.items()}
        own = Submission.objects.filter(student=person_of(self.request), **chosen)
        return own.select_related("exercise").defer("source")


def submission_of(request: Request, submission_id: UUID) -> Submission:
    """The submission, if the person handed it in or teaches them; else 404."""
    found = selectors.submission_for(viewer=person_of(request), submission_id=submission_id)
    if found is None:
        raise Http404
    return found


@extend_schema_view(
    get=extend_schema(operation_id="submission", responses={200: SubmissionSerializer, **problems()})
)
class OneSubmission(APIView):
    """One submission with its groups, once it is graded."""

    def get(self, request: Request, submission_id: UUID) -> Response:
        return Response(SubmissionSerializer(selectors.state_of(submission_of(request, submission_id))).data)


class Cancellation(APIView):
    """Taking back what waits."""

    @extend_schema(operation_id="cancel", request=None, responses={200: SubmissionSerializer, **problems()})
    def post(self, request: Request, submission_id: UUID) -> Response:
        """Take back one's own submission while it waits, or stop a run."""
        found = submission_of(request, submission_id)
        if found.student_id != person_of(request).pk:
            raise Http404
        services.cancel(submission=found)
        return Response(SubmissionSerializer(selectors.fresh_state(found.pk)).data)
