"""Errors as problem details (RFC 9457), with the sentence for the reader and a code for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as NotAllowed
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .authentication import CHALLENGE

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
    """A request that was understood and not granted: its own status, code and sentence.

    `wait` becomes Retry-After, and `more` further members of the problem.
    """

    def __init__(
        self, *, status_code: int, code: str, message: str, wait: int | None = None, **more: Any
    ) -> None:
        super().__init__(detail=message, code=code)
        self.status_code = status_code
        self.more = more
        if wait is not None:
            self.wait = wait


def problem_of(error: APIException) -> dict[str, Any]:
    """`error` in the shape of a problem."""
    detail, codes = error.detail, error.get_codes()
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": str(detail) if isinstance(detail, str) else str(error.default_detail),
        "code": codes if isinstance(codes, str) else "invalid",
    }
    if not isinstance(detail, str):
        problem["fields_wrong"] = detail if isinstance(detail, dict) else {"": detail}
    return problem | (error.more if isinstance(error, Refusal) else {})


def problem_response(error: APIException) -> JsonResponse:
    """The answer of a view that is none of REST framework's."""
    headers = {"Retry-After": str(wait)} if (wait := getattr(error, "wait", None)) else {}
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = CHALLENGE
    return JsonResponse(problem_of(error), status=error.status_code, content_type=MEDIA_TYPE, headers=headers)


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's answer to `error`, in the shape of a problem; None where it is a fault of ours."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = NotAllowed()
    elif isinstance(error, ValidationError):
        error.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    response = exception_handler(error, context)
    if response is not None and isinstance(error, APIException):
        response.data = problem_of(error)
        response.content_type = MEDIA_TYPE
    return response
