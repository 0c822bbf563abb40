"""The door from the broker and the scheduler."""

from __future__ import annotations

from celery import shared_task

from .services.inviting import mail_waiting


@shared_task(name="lessons.mail_invitations", ignore_result=True, acks_late=False)
def mail_invitations() -> None:
    """Send the invitations whose mail has not left yet."""
    mail_waiting()
