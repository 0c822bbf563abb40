"""Telling those who run the site that a submission of a student's came to nothing by our fault."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import mail_admins
from django.db import transaction

from grading.models import Submission

logger = logging.getLogger(__name__)


def alert_operators(*, submission: Submission, faults: int, reference: str, reason: str) -> None:
    """One line in the log at CRITICAL, and after the commit a mail to the ADMINS, where there are any."""
    told = f"submission {submission.pk} set aside after {faults} faults ({reference}): {reason}"
    logger.critical(told)
    page = f"{settings.SITE_URL}{submission.get_absolute_url()}"
    text = f"{told}\n\nIts student lost neither an attempt nor points and was told the reference.\n{page}\n"

    def mail() -> None:
        try:
            mail_admins(f"{reference}: a submission was set aside", text)
        except (SMTPException, OSError):
            logger.exception("the operators got no mail about %s", reference)

    transaction.on_commit(mail)
