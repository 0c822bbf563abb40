"""Telling those who run the site what they alone can mend."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import mail_admins

logger = logging.getLogger(__name__)


def tell_operators(*, line: str, subject: str, text: str = "") -> None:
    """One line in the log at CRITICAL, and a mail to the ADMINS, where there are any."""
    logger.critical(line)
    try:
        mail_admins(subject, text or line)
    except (SMTPException, OSError):
        logger.exception("the operators got no mail: %s", subject)
