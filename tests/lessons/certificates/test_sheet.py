from __future__ import annotations

import io

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from lessons.certificate_pdf import FONT
from lessons.models import Certificate, Course
from lessons.services import certifying

printed = pytest.mark.skipif(finders.find(FONT) is None, reason="the front end is not built")


@printed
@pytest.mark.parametrize("name", ["Ana", "María José Núñez-Łukasz Őrsi", "Παναγιώτης Ωμέγα", "Ñ" * 150])
def test_the_sheet_holds_name_course_shares_code_and_address(
    name: str, ana: User, earned: Course, dario: Client, settings
):
    settings.SITE_URL = "https://cursos.example.org"
    User.objects.filter(pk=ana.pk).update(name=name)
    ana.refresh_from_db()
    Course.objects.update(title="Óptimos con κ ≤ 10³ y ‖∇f‖ → 0")
    earned.refresh_from_db()
    hers = certifying.issue_certificate(student=ana, course=earned)
    answer = dario.get(f"{hers.get_absolute_url()}certificate.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    reader = PdfReader(io.BytesIO(answer.content))
    (page,) = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)  # A4, lying
    text = page.extract_text().replace("\n", "" if len(name) > 100 else " ")
    for words in (name, "Óptimos con κ ≤ 10³ y ‖∇f‖ → 0", "1 de 1 ejercicio", "se pedía el 100 %", hers.code):
        assert words in text
    assert f"https://cursos.example.org{hers.get_absolute_url()}" in text
    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert set(links) == {f"https://cursos.example.org{hers.get_absolute_url()}"}
    assert reader.metadata.title == "Certificado: Óptimos con κ ≤ 10³ y ‖∇f‖ → 0"
    fonts = page["/Resources"]["/Font"].values()
    assert all(
        "FontFile2" in str(font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"])
        for font in fonts
    )


@printed
def test_a_name_that_the_font_cannot_write_is_printed_from_the_page_instead(hers: Certificate, dario: Client):
    Certificate.objects.update(name="山田 Ana")
    page = dario.get(hers.get_absolute_url()).content.decode()
    assert "estas letras: 山 田" in page
    assert "Descargar el PDF" not in page
    assert dario.get(f"{hers.get_absolute_url()}certificate.pdf").status_code == 302


def test_without_the_built_font_the_page_still_stands(hers: Certificate, dario: Client, monkeypatch):
    from lessons import certificate_pdf

    certificate_pdf.letters_of_the_font.cache_clear()
    monkeypatch.setattr(certificate_pdf, "FONT", "fonts/no-hay.woff")
    page = dario.get(hers.get_absolute_url())
    assert page.status_code == 200
    assert "Imprime esta página" in page.content.decode()
