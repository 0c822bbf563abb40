from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def enter(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def entered(person: User) -> Client:
    """A browser in which `person` has signed in and has just shown again who they are."""
    client = Client()
    enter(client, person.email)
    prove(client)
    return client


def prove(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def link_in(message) -> str:
    """The path of the first address in a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]
