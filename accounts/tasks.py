"""The door from the scheduler."""

from __future__ import annotations

from celery import shared_task

from . import services
from .services.mailing import send_digests


@shared_task(name="accounts.anonymise", ignore_result=True)
def anonymise() -> None:
    """Once a day: empty the accounts whose two weeks are over."""
    services.anonymise_due()


@shared_task(name="accounts.digest", ignore_result=True)
def digest() -> None:
    """Once an hour: mail what is unread to those for whom it is morning."""
    send_digests()
