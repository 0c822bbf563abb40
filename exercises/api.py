"""The draft of an exercise for programs. The same services and selectors as the editor."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxLengthValidator
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.people import person_of
from accounts.api.problems import MEDIA_TYPE, ProblemSerializer, Refusal, problems

from . import selectors, services
from .models import Exercise, KeepReason
from .views import draft_state

LONGEST = 1024 * 1024
TOO_LARGE = {"too_large": 413}


class SourceField(serializers.CharField):
    """Source as it is: NUL and what is no text are refused by the service, with the line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **options)
        self.validators = [one for one in self.validators if isinstance(one, MaxLengthValidator)]


class DraftSerializer(serializers.Serializer[Any]):
    """The draft; `revision` is 0 and the rest null before the first save."""

    source = serializers.CharField(allow_null=True, allow_blank=True)  # type: ignore[assignment]
    revision = serializers.IntegerField(min_value=0)
    saved_at = serializers.DateTimeField(allow_null=True)


class DraftToSaveSerializer(serializers.Serializer[Any]):
    """`revision` is the one that the text was written on; `keep` puts the replaced one into the history."""

    source = SourceField(max_length=LONGEST)  # type: ignore[assignment]
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    keep = serializers.ChoiceField(choices=KeepReason.choices, required=False)


class DraftConflictSerializer(ProblemSerializer):
    """The problem `conflict`: somebody saved in between, and `stored` is what they saved."""

    stored = DraftSerializer(required=False)


def exercise_of(request: Request, course: str, exercise: str) -> Exercise:
    """The exercise of the address, if the person takes part in its course; else 404."""
    found = selectors.exercise_for(student=person_of(request), course=course, slug=exercise)
    if found is None:
        raise Http404
    return found


class OneDraft(APIView):
    """The person's draft of an exercise, the one that the editor of the page shows."""

    @extend_schema(operation_id="draft", responses={200: DraftSerializer, **problems()})
    def get(self, request: Request, course: str, exercise: str) -> Response:
        """The draft as it is stored."""
        found = exercise_of(request, course, exercise)
        draft = selectors.draft_of(student=person_of(request), exercise=found)
        return Response(DraftSerializer(draft_state(draft)).data)

    @extend_schema(
        operation_id="save_draft",
        request=DraftToSaveSerializer,
        responses={
            200: DraftSerializer,
            **problems(400, 413, 415, 422),
            (409, MEDIA_TYPE): OpenApiResponse(
                DraftConflictSerializer, description="RFC 9457 problem details"
            ),
        },
    )
    def put(self, request: Request, course: str, exercise: str) -> Response:
        """Save the draft over the revision that it was written on."""
        found = exercise_of(request, course, exercise)
        form = DraftToSaveSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        try:
            saved = services.save_draft(
                student=person_of(request),
                exercise=found,
                source=wanted["source"],
                revision=wanted["revision"],
                keep=KeepReason(wanted["keep"]) if "keep" in wanted else None,
            )
        except services.DraftConflict as conflict:
            raise Refusal(
                status_code=409,
                code="conflict",
                message=_("Hay otra versión guardada desde otra pestaña o dispositivo."),
                stored=DraftSerializer(draft_state(conflict.stored)).data,
            ) from None
        except services.DraftRefused as refusal:
            code = TOO_LARGE.get(refusal.code, 422)
            raise Refusal(status_code=code, code=refusal.code, message=refusal.message) from None
        return Response(DraftSerializer(draft_state(saved)).data)
