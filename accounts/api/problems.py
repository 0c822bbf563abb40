"""Errors as problem details (RFC 9457), with the sentence for the reader and a code for programs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as NotAllowed
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem. `fields_wrong` tells what is wrong with which field, where it is one of the fields."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    fields_wrong = serializers.DictField(required=False)


def problems(*codes: int) -> dict[tuple[int, str], OpenApiResponse]:
    """For the schema: that an operation may answer with these problems, and those that any may."""
    described = OpenApiResponse(ProblemSerializer, description="RFC 9457 problem details")
    return {(code, MEDIA_TYPE): described for code in sorted({401, 403, 404, 429, *codes})}


class Refusal(APIException):
    """A request that was understood and not granted: its own status, code and sentence."""

    def __init__(self, *, status_code: int, code: str, message: str) -> None:
        super().__init__(detail=message, code=code)
        self.status_code = status_code


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's answer to `error`, in the shape of a problem; None where it is a fault of ours."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = NotAllowed()
    response = exception_handler(error, context)
    if response is None or not isinstance(error, APIException):
        return response
    if isinstance(error, ValidationError):
        response.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    detail = error.detail
    codes = error.get_codes()
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": response.status_text,
        "status": response.status_code,
        "detail": str(detail) if isinstance(detail, str) else str(error.default_detail),
        "code": codes if isinstance(codes, str) else "invalid",
    }
    if not isinstance(detail, str):
        problem["fields_wrong"] = detail if isinstance(detail, dict) else {"": detail}
    response.data = problem
    response.content_type = MEDIA_TYPE
    return response
