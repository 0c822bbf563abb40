from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from coursesite.environment import mail

FOLDER = Path("/nowhere")


def test_mail_without_an_address_goes_to_files():
    assert mail("", folder=FOLDER)["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"


@pytest.mark.parametrize(
    ("url", "port", "from_the_start", "upgraded"),
    [
        ("smtp://ana:clave%40larga@mail.example.org", 587, False, True),
        ("smtps://ana:clave%40larga@mail.example.org", 465, True, False),
    ],
)
def test_mail_over_smtp_is_always_encrypted(url, port, from_the_start, upgraded):
    made = mail(url, folder=FOLDER)

    assert made["EMAIL_HOST"] == "mail.example.org"
    assert made["EMAIL_PORT"] == port
    assert made["EMAIL_HOST_PASSWORD"] == "clave@larga"
    assert (made["EMAIL_USE_SSL"], made["EMAIL_USE_TLS"]) == (from_the_start, upgraded)


def test_a_mail_address_of_another_kind_is_refused_when_the_site_starts():
    with pytest.raises(ImproperlyConfigured, match="use smtp or smtps"):
        mail("http://mail.example.org", folder=FOLDER)
