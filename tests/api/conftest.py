"""Tokens for the cast."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import Scope, User
from accounts.services.tokens import create_token


@pytest.fixture(autouse=True)
def _no_rate_yet() -> None:
    cache.clear()


def with_token(person: User, *scopes: Scope, **options: Any) -> APIClient:
    """A program of `person`, whose token may do `scopes`; reading and submitting unless said."""
    _token, secret = create_token(
        person=person, name="prueba", scopes=scopes or (Scope.READ, Scope.SUBMIT), **options
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def program(ana: User) -> APIClient:
    return with_token(ana)
