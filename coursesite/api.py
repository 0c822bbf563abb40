"""The API's URL map, its schema and its documentation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from accounts.api.problems import MEDIA_TYPE
from accounts.api.views import Me, NoSuchAddress
from dashboards.api import Grades
from exercises.api import OneDraft
from grading import api as grading
from grading.views.submissions import submission_events
from lessons import api as lessons
from lessons import quiz_api

METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema for people: every operation with its parameters and answers, rendered here."""
    generator = SchemaGenerator(urlconf="coursesite.urls")  # type: ignore[no-untyped-call]
    schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return render(request, "api/docs.html", {"info": schema["info"], "operations": operations(schema)})


def operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Each operation of the schema, flat, in the order of the paths."""
    return [
        {
            "method": method.upper(),
            "path": address,
            "id": operation["operationId"],
            "text": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "body": fields_of(schema, operation.get("requestBody")),
            "answers": [
                {"status": code, "fields": fields_of(schema, answer) if code.startswith("2") else []}
                for code, answer in operation["responses"].items()
            ],
        }
        for address, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def describe_events(result: dict[str, Any], **_rest: object) -> dict[str, Any]:
    """Put the stream of events, which is a view of Django's own, into the schema."""
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    like = result["paths"]["/api/v1/submissions/{submission_id}/"]["get"]
    after = {
        "in": "header",
        "name": "Last-Event-ID",
        "schema": {"type": "string"},
        "description": "Go on after this event, should the connection break.",
    }
    text = (
        "How a submission goes on, as server-sent events, until it is final. `state` and `verdict` carry the "
        "submission (the stream ends after `verdict`), `group_started` and `group` a group of checks, "
        "`points` new points of a curve, `log` what the code printed. Silence lasts at most five seconds."
    )
    answers = {
        code: {"description": "RFC 9457 problem details", "content": problem}
        for code in ("401", "403", "404", "429")
    }
    event = {
        "type": "object",
        "properties": {
            "event": {"enum": ["state", "group_started", "points", "log", "group", "verdict"]},
            "data": {"type": "string", "contentMediaType": "application/json"},
            "id": {"type": "string", "description": "absent where it comes from the database"},
        },
        "required": ["event", "data"],
    }
    result["paths"]["/api/v1/submissions/{submission_id}/events/"] = {
        "get": {
            "operationId": "events",
            "description": text,
            "parameters": [*like["parameters"], after],
            "tags": like["tags"],
            "security": like["security"],
            "responses": {
                "200": {"description": "", "content": {"text/event-stream": {"schema": event}}},
                **answers,
            },
        }
    }
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def fields_of(schema: dict[str, Any], holder: dict[str, Any] | None) -> list[dict[str, str]]:
    """Name, type and meaning of the fields of a body, one level deep."""
    content = (holder or {}).get("content", {}).get("application/json", {}).get("schema", {})
    target = content.get("items", content)
    name = target.get("$ref", "").rpartition("/")[2]
    shape = schema["components"]["schemas"].get(name, target)
    return [
        {
            "name": field,
            "type": kind_of(described),
            "text": described.get("description", "") if isinstance(described, dict) else "",
        }
        for field, described in shape.get("properties", {}).items()
    ]


def kind_of(described: dict[str, Any]) -> str:
    """A type in a word or two."""
    if "$ref" in described:
        return str(described["$ref"]).rpartition("/")[2]
    if "items" in described:
        return f"[{kind_of(described['items'])}]"
    found = described.get("type") or [
        kind_of(one) for one in described.get("oneOf", described.get("allOf", []))
    ]
    return " | ".join(found) if isinstance(found, list) else str(found)


of_a_course = [
    path("", lessons.OneCourse.as_view(), name="course"),
    path("lessons/", lessons.Lessons.as_view(), name="lessons"),
    path("lessons/<str:number>/", lessons.OneLesson.as_view(), name="lesson"),
    path("lessons/<str:number>/questions/", lessons.Questions.as_view(), name="questions"),
    path("lessons/<str:number>/questions/<slug:key>/answers/", lessons.Answers.as_view(), name="answers"),
    path("units/<int:unit>/quiz/", quiz_api.Quiz.as_view(), name="quiz"),
    path("units/<int:unit>/quiz/<int:attempt>/", quiz_api.OneTry.as_view(), name="quiz_try"),
    path("exercises/", grading.Exercises.as_view(), name="exercises"),
    path("exercises/<slug:exercise>/", grading.OneExercise.as_view(), name="exercise"),
    path("exercises/<slug:exercise>/draft/", OneDraft.as_view(), name="draft"),
    path("exercises/<slug:exercise>/submissions/", grading.HandIns.as_view(), name="submit"),
    path("progress/", lessons.Progress.as_view(), name="progress"),
    path("grades/", Grades.as_view(), name="grades"),
]

app_name = "api"
urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("courses/", lessons.Courses.as_view(), name="courses"),
    path("courses/<slug:course>/", include(of_a_course)),
    path("submissions/", grading.Submissions.as_view(), name="submissions"),
    path("submissions/<uuid:submission_id>/", grading.OneSubmission.as_view(), name="submission"),
    path("submissions/<uuid:submission_id>/cancel/", grading.Cancellation.as_view(), name="cancel"),
    path("submissions/<uuid:submission_id>/events/", submission_events, name="events"),
    path("schema/", SpectacularJSONAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    path("docs/", docs, name="docs"),
    re_path(r"", NoSuchAddress.as_view(), name="nothing"),
]
