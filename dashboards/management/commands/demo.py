"""`manage.py demo`: a student, an instructor and an operator to look around with."""

from __future__ import annotations

import json
import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from lessons.models import Course, Enrolment, Role

ACCOUNTS = (("student", "ana@example.org", "Ana"), ("instructor", "carla@example.org", "Carla"))
OPERATOR = ("admin", "admin@example.org", "Admin")
SYLLABLES = [consonant + vowel for consonant in "bdfglmnrsvz" for vowel in "aeiou"]
"""Without k, p and t: Spanish makes words of those that a site should not greet with."""


class Command(BaseCommand):
    help = "Makes the demo accounts on an empty local site and keeps their passwords in demo-accounts.json."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Does nothing where anybody has an account already."""
        if not settings.LOCAL:
            raise CommandError("demo accounts are for the local mode only: use manage.py createsuperuser")
        if User.objects.exists():
            return
        with transaction.atomic():
            accounts = [self.make(role, email, name) for role, email, name in (*ACCOUNTS, OPERATOR)]
            keep(accounts)
        for account in accounts:
            self.stdout.write(f"{account['role']:<12}{account['email']:<22}{account['password']}")

    def make(self, role: str, email: str, name: str) -> dict[str, str]:
        """One account. The instructor teaches every course; the student enrols as students do."""
        password = readable_password()
        if role == OPERATOR[0]:
            User.objects.create_superuser(email, password, name=name)
        else:
            user = User.objects.create_user(email, password, name=name)
            if role == "instructor":
                for course in Course.objects.all():
                    Enrolment.objects.create(student=user, course=course, role=Role.INSTRUCTOR)
        return {"role": role, "email": email, "password": password}


def readable_password() -> str:
    """Three words that mean nothing: 34 bits, easy to read aloud."""
    return "-".join("".join(secrets.choice(SYLLABLES) for _ in range(2)) for _ in range(3))


def keep(accounts: list[dict[str, str]]) -> None:
    """Writes the accounts where ./dev up reads them, for the owner's eyes alone."""
    path = settings.VAR_DIR / "demo-accounts.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(accounts, file, indent=1)
