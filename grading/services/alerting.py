"""Telling those who run the site that a submission of a student's came to nothing by our fault."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import transaction

from grading.models import Submission
from grading.operators import tell_operators


def alert_operators(*, submission: Submission, faults: int, reference: str, reason: str) -> None:
    """After the commit, in the log and by mail."""
    told = f"submission {submission.pk} set aside after {faults} faults ({reference}): {reason}"
    page = f"{settings.SITE_URL}{submission.get_absolute_url()}"
    text = f"{told}\n\nIts student lost neither an attempt nor points and was told the reference.\n{page}\n"
    subject = f"{reference}: a submission was set aside"
    transaction.on_commit(partial(tell_operators, line=told, subject=subject, text=text))
