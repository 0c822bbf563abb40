"""Telling those who run the site what they alone can mend."""

from __future__ import annotations

import logging
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import mail_admins
from django.db import transaction

from grading.models import Submission

logger = logging.getLogger(__name__)


def tell_operators(*, line: str, subject: str, text: str = "") -> None:
    """One line in the log at CRITICAL, and a mail to the ADMINS, where there are any."""
    logger.critical(line)
    try:
        mail_admins(subject, text or line)
    except (SMTPException, OSError):
        logger.exception("the operators got no mail: %s", subject)


def alert_operators(*, submission: Submission, faults: int, reference: str, reason: str) -> None:
    """After the commit: a submission of a student's came to nothing by our fault."""
    told = f"submission {submission.pk} set aside after {faults} faults ({reference}): {reason}"
    page = f"{settings.SITE_URL}{submission.get_absolute_url()}"
    text = f"{told}\n\nIts student lost neither an attempt nor points and was told the reference.\n{page}\n"
    subject = f"{reference}: a submission was set aside"
    transaction.on_commit(partial(tell_operators, line=told, subject=subject, text=text))
