"""The API against its own description: whatever is sent, it answers as it says and never fails by itself."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from accounts.models import Scope, User
from accounts.services.tokens import create_token
from exercises.models import Exercise
from grading.models import Submission
from grading.services import cancel
from lessons.models import Question
from tests import factories
from tests.lessons.conftest import make_varying

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = (
    8 if os.environ.get("FUZZ") else 4
)  # of each operation, for each who asks and each way; fewer in the fast lane
REPORT = Path(settings.BASE_DIR) / ".dev" / "test-results" / "schemathesis.json"


@pytest.fixture
def secrets(ana: User, carla: User, bruno: User) -> dict[str, str]:
    """Who asks, and the secret of a token that may do everything its person may."""
    people = {"student": ana, "instructor": carla, "stranger": bruno}
    return {
        name: create_token(person=person, name=name, scopes=list(Scope))[1] for name, person in people.items()
    }


@pytest.fixture
def submission(ana: User, exercise: Exercise) -> Submission:
    """Ana's, final, so that its stream ends; and a question in the lesson."""
    lesson = exercise.course.lessons.get(number="1.1.1")
    Question.objects.create(
        lesson=lesson,
        unit=lesson.section.unit,
        key="una",
        position=1,
        kind="single",
        prompt="<p>¿Cuál?</p>",
        public={"options": [{"id": "a", "html": "A"}, {"id": "b", "html": "B"}]},
        answer={"correct": "b", "why": {"a": "", "b": ""}},
    )
    handed_in = factories.hand_in(ana, exercise)
    cancel(submission=handed_in)
    return handed_in


@pytest.fixture(autouse=True)
def _connection_kept() -> Iterator[None]:
    """A real server gives its connection back after each request; here it is the one of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_description_is_valid_openapi_3_1(client: Client, db: None) -> None:
    told = client.get("/api/v1/schema/").json()
    assert told["openapi"].startswith("3.1")
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(told)] == []
    ids = [operation["operationId"] for item in told["paths"].values() for operation in item.values()]
    assert len(ids) == len(set(ids))
    schemathesis.openapi.from_dict(told).validate()


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")  # a real server is ASGI
@pytest.mark.parametrize("who", ["student", "instructor", "stranger", "nobody"])
def test_every_operation_answers_as_the_schema_says(
    who: str, secrets: dict[str, str], submission: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_varying(None, submission.exercise.unit)
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.allow_request", lambda *_: True)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())
    headers = {"Authorization": f"Bearer {secrets[who]}"} if who in secrets else {}
    known = {
        "course": "curso",
        "number": "1.1.1",
        "exercise": "doble",
        "key": "una",
        "submission_id": str(submission.pk),
        "unit": 1,
        "attempt": 1,
    }
    answers: Counter[int] = Counter()
    operations = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        operations += 1
        for way in GenerationMode:

            @hypothesis_settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=way))
            def asks(case: Case) -> None:
                if sum(answers.values()) % 4:
                    case.path_parameters |= {key: known[key] for key in case.path_parameters if key in known}
                response = case.call(headers=headers)
                answers[response.status_code] += 1
                case.validate_response(response, checks=CHECKS)

            with suppress(Unsatisfiable):  # an operation that takes nothing can be asked in no wrong way
                asks()
    keep(who, operations, answers)
    assert not any(status >= 500 for status in answers)


def keep(who: str, operations: int, answers: Counter[int]) -> None:
    """The report, a line for each who asked."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    told = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    told[who] = {
        "operations": operations,
        "cases": sum(answers.values()),
        "server_errors": sum(n for status, n in answers.items() if status >= 500),
        "answers": dict(sorted(answers.items())),
    }
    REPORT.write_text(json.dumps(told, indent=1))
