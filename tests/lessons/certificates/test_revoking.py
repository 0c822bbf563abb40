from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons.models import Certificate, Course
from lessons.services import certifying
from tests import factories
from tests.conftest import signed_in


def test_a_revoked_one_says_so_and_why_and_has_no_sheet(hers: Certificate, dario: Client):
    assert certifying.revoke_certificate(certificate=hers, reason="El código era de otra persona.")
    assert not certifying.revoke_certificate(certificate=hers, reason="Otra cosa.")
    page = dario.get(hers.get_absolute_url()).content.decode()
    assert "Revocado" in page
    assert "El código era de otra persona." in page
    assert "Válido" not in page
    assert "Descargar el PDF" not in page
    assert (
        dario.get(f"{hers.get_absolute_url()}certificate.pdf").headers["Location"] == hers.get_absolute_url()
    )


def test_its_owner_cannot_issue_another_alone(as_ana: Client, hers: Certificate):
    certifying.revoke_certificate(certificate=hers, reason="Copiado.")
    url = hers.course.get_absolute_url()
    assert "Copiado." in as_ana.get(f"{url}progress/").content.decode()
    assert "Tu certificado fue revocado" in as_ana.post(f"{url}certificate/", follow=True).content.decode()
    assert Certificate.objects.count() == 1


def test_another_in_its_place_has_the_name_of_now_and_the_facts_of_then(hers: Certificate, ana: User):
    User.objects.filter(pk=ana.pk).update(name="Ana Gil")
    Course.objects.update(certificate_rule={"lessons": 0.1})
    hers.refresh_from_db()
    fresh = certifying.reissue_certificate(certificate=hers)
    hers.refresh_from_db()
    assert (fresh.name, fresh.facts) == ("Ana Gil", hers.facts)
    assert fresh.code != hers.code
    assert hers.revoked_because == "Se expidió otro en su lugar."
    with pytest.raises(certifying.Refused, match="otro certificado válido"):
        certifying.reissue_certificate(certificate=hers)
    fresh.refresh_from_db()
    assert fresh.revoked_at is None


def test_an_operator_revokes_with_a_reason_and_only_that(hers: Certificate):
    operator = signed_in(factories.make_user("olga", is_staff=True, is_superuser=True))
    url = f"/admin/lessons/certificate/{hers.pk}/change/"
    assert operator.post(url, {"revoked_because": ""}).status_code == 200
    hers.refresh_from_db()
    assert hers.revoked_at is None
    assert operator.post(url, {"revoked_because": "Copiado.", "name": "Otra"}).status_code == 302
    hers.refresh_from_db()
    assert (hers.revoked_because, hers.name) == ("Copiado.", "Ana")
    assert now() - hers.revoked_at < timedelta(minutes=1)
    assert operator.get(url).status_code == 200
    assert operator.post(f"/admin/lessons/certificate/{hers.pk}/delete/", {"post": "yes"}).status_code == 403
