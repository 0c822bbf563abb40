"""The cast: Ana is enrolled, Bruno is not, Carla teaches, Dario is a stranger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Playwright, sync_playwright

from accounts.models import User
from exercises.models import Exercise
from lessons.models import Course, Role
from tests import factories

hypothesis_settings.register_profile("untimed", deadline=None)  # a busy machine is no counter-example
hypothesis_settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _spanish() -> None:
    """A request in English leaves its thread English, and the next test is not a request."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def course(db: None) -> Course:
    return factories.make_course()


@pytest.fixture
def exercise(course: Course) -> Exercise:
    return factories.make_exercise(course)


@pytest.fixture
def ana(course: Course) -> User:
    person = factories.make_user("ana")
    factories.enrol(person, course)
    return person


@pytest.fixture
def bruno(db: None) -> User:
    return factories.make_user("bruno")


@pytest.fixture
def carla(course: Course) -> User:
    person = factories.make_user("carla")
    factories.enrol(person, course, Role.INSTRUCTOR)
    return person


@pytest.fixture
def dario(client: Client) -> Client:
    return client


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def as_ana(ana: User) -> Client:
    return signed_in(ana)


@pytest.fixture
def as_bruno(bruno: User) -> Client:
    return signed_in(bruno)


@pytest.fixture
def as_carla(carla: User) -> Client:
    return signed_in(carla)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for the whole run: a second would find the first one's event loop running."""
    with sync_playwright() as running:
        yield running
