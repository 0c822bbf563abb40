"""Taking an end quiz as a browser does: the page's form, filled in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.test import Client

from accounts.models import User
from lessons.models import Cohort, Deadline, Enrolment, Unit

from .conftest import RIGHT

HOUR = timedelta(hours=1)


def start(client: Client, url: str) -> str:
    """The address of a try that has begun."""
    response = client.post(url)
    assert response.status_code == 302
    return str(response.headers["Location"])


def hidden(page: str) -> dict[str, str]:
    """The stamps of a page's questions."""
    return dict(re.findall(r'name="([\w-]+\.asked)" value="(\w+)"', page))


def sent(page: str, answers: dict[str, dict[str, object]]) -> dict[str, object]:
    """The form of `page`, filled in as `answers` say by kind; the one that varies rightly."""
    fields: dict[str, object] = dict(hidden(page))
    for kind, given in answers.items():
        fields |= {f"una-{kind}.{name}": value for name, value in given.items()}
    (number,) = re.findall(r"doble de (\d+)", page) or ["0"]
    return fields | {"cuanto.value": str(2 * int(number))}


def take(client: Client, url: str, answers: dict[str, dict[str, object]] = RIGHT) -> str:
    """A whole try; gives what came of it."""
    address = start(client, url)
    page = client.get(address).content.decode()
    response = client.post(address, sent(page, answers))
    assert response.status_code == 302, response.content.decode()
    return client.get(address).content.decode()


def cohort_due(ana: User, unit: Unit, due_at: datetime) -> Enrolment:
    enrolment = Enrolment.objects.get(student=ana)
    enrolment.cohort = Cohort.objects.create(course=unit.course, name="A")
    enrolment.save()
    Deadline.objects.create(cohort=enrolment.cohort, unit=unit, due_at=due_at)
    return enrolment
