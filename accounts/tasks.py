"""The door from the scheduler."""

from __future__ import annotations

from celery import shared_task

from . import services


@shared_task(name="accounts.anonymise", ignore_result=True)
def anonymise() -> None:
    """Once a day: empty the accounts whose two weeks are over."""
    services.anonymise_due()
