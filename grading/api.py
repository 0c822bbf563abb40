"""Exercises and submissions for programs. The same services and selectors as the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db.models import F, QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.views import APIView

from accounts.api.paging import ByCursor
from accounts.api.people import person_of
from accounts.api.permissions import refuse_without
from accounts.api.problems import Refusal, problems
from accounts.models import Scope
from exercises import selectors as exercises
from exercises.api import LONGEST, SourceField, exercise_of
from exercises.models import Exercise, TestGroup
from grading import cards, selectors, services
from grading.models import Kind, State, Submission, Verdict
from grading.pages.chart import axes_of
from grading.views.submissions import COME_BACK, STATUS_OF
from lessons.api import course_of
from lessons.selectors import enrolment_of


class ExerciseLineSerializer(serializers.ModelSerializer[Exercise]):
    """An exercise and how the person stands with it; `begun`: they have a draft or handed something in."""

    unit = serializers.IntegerField(source="unit.number")
    lesson = serializers.CharField(source="lesson.number", allow_null=True, default=None)
    best_score = serializers.FloatField(source="counted", allow_null=True)
    passed = serializers.SerializerMethodField()
    begun = serializers.BooleanField()

    class Meta:
        model = Exercise
        fields = ("slug", "title", "kind", "difficulty", "unit", "lesson", "best_score", "passed", "begun")

    def get_passed(self, exercise: Exercise) -> bool:
        return getattr(exercise, "best", None) is not None and exercise.best >= cards.PASSED  # type: ignore[attr-defined]


class GroupSerializer(serializers.ModelSerializer[TestGroup]):
    class Meta:
        model = TestGroup
        fields = ("slug", "title", "idea", "points", "visible", "requires")


class ExerciseSerializer(serializers.Serializer[Any]):
    """What is asked. `statement` is HTML; `limits` are those of one group; `url` is its page."""

    course = serializers.CharField()
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
    draft = serializers.CharField(allow_null=True, allow_blank=True)
    draft_revision = serializers.IntegerField()
    best_score = serializers.FloatField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField()


class AxesSerializer(serializers.Serializer[Any]):
    """The names that the author gave the axes of the curves, and whether the height may be logarithmic."""

    x = serializers.CharField(allow_blank=True)
    y = serializers.CharField(allow_blank=True)
    log = serializers.BooleanField()


class GroupResultSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    idea = serializers.CharField(allow_blank=True)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    verdict_label = serializers.CharField()
    fraction = serializers.FloatField()
    points = serializers.IntegerField()
    message = serializers.CharField(allow_blank=True)
    hint = serializers.CharField(allow_blank=True, help_text="HTML")
    curves = serializers.ListField(child=serializers.DictField())
    axes = serializers.SerializerMethodField()
    seconds = serializers.FloatField()

    @extend_schema_field(AxesSerializer)
    def get_axes(self, result: dict[str, Any]) -> dict[str, Any]:
        return asdict(axes_of(result["evidence"]))


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


class WholeSubmissionSerializer(SubmissionSerializer):
    """With what was handed in, and where; `url` is its page."""

    course = serializers.CharField()
    exercise = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    url = serializers.CharField()


class SubmissionLineSerializer(serializers.ModelSerializer[Submission]):
    course = serializers.CharField(source="exercise.course.slug")
    exercise = serializers.SlugRelatedField[Exercise](slug_field="slug", read_only=True)

    class Meta:
        model = Submission
        fields = (
            "id", "course", "exercise", "kind", "state", "attempt_number", "score", "late", "queued_at",
            "finished_at",
        )  # fmt: skip


class HandInSerializer(serializers.Serializer[Any]):
    """`kind` submit counts, run tries the visible checks."""

    source = SourceField(max_length=LONGEST)  # type: ignore[assignment]
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.SUBMIT)


class FilterSerializer(serializers.Serializer[Any]):
    course = serializers.SlugField(required=False, max_length=80)
    exercise = serializers.SlugField(required=False, max_length=80)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    state = serializers.ChoiceField(choices=State.choices, required=False)


@extend_schema_view(
    get=extend_schema(
        operation_id="exercises_list", responses={200: ExerciseLineSerializer(many=True), **problems()}
    )
)
class Exercises(generics.ListAPIView[Exercise]):
    """The exercises of the course in order, with the person's best score."""

    serializer_class = ExerciseLineSerializer
    pagination_class = type("InCourseOrder", (ByCursor,), {"ordering": ("unit_number", "position", "pk")})

    def get_queryset(self) -> QuerySet[Exercise]:
        found = course_of(self.request, self.kwargs["course"])
        return cards.exercises_of(found, person_of(self.request)).annotate(unit_number=F("unit__number"))


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
            "course": found.course.slug,
            "url": found.get_absolute_url(),
            "groups": version.groups.order_by("position"),
            "draft": draft.source if draft else None,
            "draft_revision": draft.revision if draft else 0,
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
            wait = COME_BACK if code == status.HTTP_429_TOO_MANY_REQUESTS else None
            raise Refusal(status_code=code, code=refusal.code, message=refusal.message, wait=wait) from None
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

    NAMES: ClassVar = {
        "course": "exercise__course__slug",
        "exercise": "exercise__slug",
        "kind": "kind",
        "state": "state",
    }

    def get_queryset(self) -> QuerySet[Submission]:
        wanted = FilterSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        chosen = {self.NAMES[name]: value for name, value in wanted.validated_data.items()}
        own = Submission.objects.filter(student=person_of(self.request), **chosen)
        return own.select_related("exercise__course").defer("source")


def submission_of(request: Request, submission_id: UUID) -> Submission:
    """The submission, if the person handed it in or, with the scope `teach`, teaches them; else 404."""
    person = person_of(request)
    found = selectors.submission_for(viewer=person, submission_id=submission_id)
    if found is None:
        raise Http404
    if found.student_id != person.pk:
        refuse_without(request.auth, Scope.TEACH)
    return found


@extend_schema_view(
    get=extend_schema(operation_id="submission", responses={200: WholeSubmissionSerializer, **problems()})
)
class OneSubmission(APIView):
    """One submission with its source, and with its groups once it is graded."""

    def get(self, request: Request, submission_id: UUID) -> Response:
        found = submission_of(request, submission_id)
        shown = {
            **selectors.state_of(found),
            "course": found.exercise.course.slug,
            "exercise": found.exercise.slug,
            "source": found.source,
            "url": found.get_absolute_url(),
        }
        return Response(WholeSubmissionSerializer(shown).data)


class Cancellation(APIView):
    """Taking back what waits."""

    @extend_schema(operation_id="cancel", request=None, responses={200: SubmissionSerializer, **problems()})
    def post(self, request: Request, submission_id: UUID) -> Response:
        """Take back one's own submission while it waits, or stop a run."""
        person = person_of(request)
        found = selectors.submission_for(viewer=person, submission_id=submission_id)
        if found is None or found.student_id != person.pk:
            raise Http404
        services.cancel(submission=found)
        return Response(SubmissionSerializer(selectors.fresh_state(found.pk)).data)
