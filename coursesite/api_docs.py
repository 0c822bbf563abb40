"""What the API can do, for programs as OpenAPI and for people as a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from accounts.api.problems import MEDIA_TYPE

METHODS = ("get", "post", "put", "patch", "delete")
PREFIX = "/api/v1"
BODIES = ("application/json", "text/event-stream")

Schema = dict[str, Any]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema for people: every operation with its parameters and answers, and every type."""
    generator = SchemaGenerator(urlconf="coursesite.urls")  # type: ignore[no-untyped-call]
    schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    context = {"info": schema["info"], "operations": operations(schema), "types": types(schema)}
    return render(request, "api/docs.html", context)


def operations(schema: Schema) -> list[Schema]:
    """Each operation of the schema, flat, in the order of the paths."""
    return [
        {
            "method": method.upper(),
            "path": address,
            "short": address.removeprefix(PREFIX),
            "id": operation["operationId"],
            "text": prose(operation.get("description", "")),
            "parameters": [
                {"name": one["name"], "in": one["in"], "text": prose(one.get("description", ""))}
                for one in operation.get("parameters", [])
            ],
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


def types(schema: Schema) -> list[Schema]:
    """Each type that has a name: its fields, or the values that it may have."""
    return [
        {
            "name": name,
            "text": "" if "enum" in shape else prose(shape.get("description", "")),
            "fields": fields(shape),
            "values": [str(value) for value in shape.get("enum", [])],
        }
        for name, shape in schema["components"]["schemas"].items()
    ]


def fields_of(schema: Schema, holder: Schema | None) -> list[Schema]:
    """The fields of a body; of a list, those of one in it."""
    content = (holder or {}).get("content", {})
    body: Schema = next((content[kind]["schema"] for kind in BODIES if kind in content), {})
    target = body.get("items", body)
    return fields(schema["components"]["schemas"].get(name_of(target), target))


def fields(shape: Schema) -> list[Schema]:
    """Name, type and meaning of each field, and the named type that it leads to."""
    return [
        {
            "name": field,
            "type": kind_of(described),
            "leads_to": leads_to(described),
            "text": prose(described.get("description", "")),
        }
        for field, described in shape.get("properties", {}).items()
    ]


def name_of(described: Schema) -> str:
    """The named type that this is; empty: none."""
    return str(described.get("$ref", "")).rpartition("/")[2]


def leads_to(described: Schema) -> str:
    """The one named type in it; empty where there is none."""
    inner = [described, described.get("items", {}), *described.get("oneOf", []), *described.get("allOf", [])]
    return next((name for one in inner if (name := name_of(one)) and name != "NullEnum"), "")


def kind_of(described: Schema) -> str:
    """A type in a word or two."""
    if name := name_of(described):
        return name
    if "items" in described:
        return f"[{kind_of(described['items'])}]"
    if "enum" in described:
        return " | ".join(str(value) for value in described["enum"])
    several = [kind_of(one) for one in described.get("oneOf") or described.get("allOf") or []]
    found = described.get("type", several)
    return " | ".join(found) if isinstance(found, list) else str(found)


def prose(text: str) -> list[Schema]:
    """A docstring's text as pieces: what stood between backticks is code."""
    return [{"text": piece, "code": place % 2 == 1} for place, piece in enumerate(text.split("`")) if piece]


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
