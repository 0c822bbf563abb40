"""A stranger earns a certificate in the one-unit course of the tests, and others check it."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from tests.browser.conftest import Visitor
from tests.browser.site import ROOT, Site, running_site
from tests.browser.test_pages import LOOKS, NAMES, look_at
from tests.browser.test_stranger import VERDICT, write

COURSES = ROOT / "tests" / "courses"
COURSE = "/courses/una-unidad"
EXERCISE = COURSES / "una-unidad" / "01-descenso-en-una-cuadratica" / "exercises" / "la-mejor-eta"
PASSWORD = "una frase bien larga y rara"
NAME = "María José Núñez"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site of its own, with that course alone."""
    with (
        tempfile.TemporaryDirectory(prefix="coursesite-certificate-") as folder,
        running_site(Path(folder), COURSES) as running,
    ):
        yield running


def newcomer(visit, **look: bool) -> Visitor:
    """Somebody who has just signed up and taken a place."""
    person = visit(**look)
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    page = person.go(f"{COURSE}/")
    page.get_by_role("button", name="Apuntarme al curso").click()
    page.wait_for_load_state()
    return person


def answer(question: Locator) -> None:
    """Send what is chosen, and see that it was right."""
    question.get_by_role("button", name="Comprobar").click()
    expect(question.locator(".question__reason .chip")).to_have_text("Correcto")


def question_of(person: Visitor, key: str) -> Locator:
    return person.page.locator(f"#q-{key}")


def finish_first_lesson(person: Visitor) -> None:
    number = question_of(person, "limite-de-ocho")
    number.get_by_label("Tu respuesta").fill("0,25")
    answer(number)
    single = question_of(person, "uno-y-medio")
    single.get_by_label("Cruza el fondo en cada paso y se acerca").check()
    answer(single)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Marcar como leída").click()


def finish_second_lesson(person: Visitor) -> None:
    number = question_of(person, "cifra-con-kappa-cien")
    number.get_by_label("Tu respuesta").fill("115 pasos")
    answer(number)
    order = question_of(person, "de-menos-a-mas-pasos")
    for place, eta in enumerate(("0,18", "0,1", "0,05", "0,21")):
        row = order.locator(".place").filter(has_text=re.compile(rf"{eta}(?!\d)"))
        if row.locator("select").is_visible():  # without scripts
            row.locator("select").select_option(str(place + 1))
            continue
        while order.locator(".place").nth(place).inner_text() != row.inner_text():
            row.get_by_role("button", name="Subir").click()
    answer(order)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Marcar como leída").click()


def do_lab(person: Visitor) -> None:
    """Both parts of the lab's task, by typing into its number fields."""
    lab = person.page.locator("[data-lab=estabilidad-y-lr]")
    lab.scroll_into_view_if_needed()
    eta = lab.get_by_label("η", exact=True).last
    expect(lab.locator("[data-lab-done]")).to_be_hidden()
    for value in ("0,178", "0,198"):
        eta.fill(value)
        eta.press("Enter")
    expect(lab.locator(".stage__task")).to_contain_text("Falta la red pequeña")
    lab.get_by_label("Una red pequeña").check()
    for value in ("0,1", "0,3"):
        eta.fill(value)
        eta.press("Enter")
        expect(lab.locator(".stage__task")).to_contain_text(f"η = {value}", timeout=VERDICT)
    expect(lab.locator("[data-lab-done]")).to_be_visible()


def hand_in(person: Visitor, source: str, verdict: str) -> None:
    write(person, source)
    person.page.get_by_role("button", name="Entregar").click()
    expect(person.page.locator("#resultado")).to_contain_text(verdict, timeout=VERDICT)


def say_name(person: Visitor, name: str) -> None:
    page = person.go("/accounts/profile/")
    page.fill("input[name=name]", name)
    with page.expect_navigation():
        page.get_by_role("button", name="Guardar").click()


def test_a_stranger_earns_a_certificate_and_leaves_with_everything(visit) -> None:
    person = newcomer(visit)
    page = person.page

    page.get_by_role("link", name="Empezar 1.1.1").click()
    finish_first_lesson(person)
    do_lab(person)
    page.reload()
    expect(page.locator(".lab .chip--passed")).to_contain_text("Tarea hecha")

    person.go(f"{COURSE}/progress/")
    expect(page.locator("#certificado")).to_contain_text("Te faltan 1 lección y 1 ejercicio")
    expect(page.locator("main")).to_contain_text("1 de 1 tarea de laboratorio")
    page.get_by_role("link", name="Empezar 1.1.2").click()
    finish_second_lesson(person)

    person.go(f"{COURSE}/")
    page.get_by_role("link", name="La mejor η").first.click()
    page.locator(".cm-content").wait_for()
    hand_in(person, (EXERCISE / "wrong" / "sin_valor_absoluto.py").read_text(), "60/100")
    expect(page.locator("#resultado")).to_contain_text("valor absoluto")
    hand_in(person, (EXERCISE / "solution.py").read_text(), "100/100")

    person.go(f"{COURSE}/")
    expect(page.locator(".unit__bar")).to_have_attribute("value", "100")
    page.get_by_role("link", name="Tu certificado").click()
    page.get_by_role("link", name="Escribir mi nombre").click()
    say_name(person, NAME)
    person.go(f"{COURSE}/progress/")
    page.get_by_role("button", name="Expedir mi certificado").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator(".chip--passed")).to_have_text("Válido")
    address = page.url
    code = page.locator(".certificate code").inner_text()
    with page.expect_download() as file:
        page.get_by_role("link", name="Descargar el PDF").click()
    sheet = PdfReader(file.value.path()).pages[0].extract_text()
    for words in (
        NAME,
        "El paso justo: descenso en una cuadrática",
        "2 de 2 lecciones",
        "1 de 1 ejercicio",
        code,
        address,
    ):
        assert words in sheet

    anybody = visit(phone=True)
    anybody.go("/")
    anybody.page.get_by_role("link", name="Comprobar un certificado").click()
    anybody.page.get_by_label("Código").fill(code.lower().replace("-", " "))
    anybody.page.get_by_role("button", name="Comprobar").click()
    expect(anybody.page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert anybody.page.url == address
    assert anybody.complaints == []

    archive = download_of(person)
    (kept,) = json.loads(archive.read("lessons/certificates.json"))
    assert (kept["code"], kept["name"]) == (code, NAME)
    assert json.loads(archive.read("lessons/lab-tasks.json"))[0]["lab"] == "estabilidad-y-lr"
    sources = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")]
    assert (EXERCISE / "solution.py").read_text().strip() in {source.strip() for source in sources}

    page = person.go("/accounts/delete/")
    page.locator("input[name=understood]").check()
    page.get_by_role("button", name="Borrar mi cuenta").click()
    page.wait_for_url("**/accounts/delete/done/")
    person.go(f"{COURSE}/progress/")
    assert "/accounts/login/" in page.url
    assert person.complaints == []


def download_of(person: Visitor) -> zipfile.ZipFile:
    """Their copy of their data; the site asks for the password first, for they have only signed up."""
    page = person.go("/accounts/data/")
    page.get_by_role("button", name="Descargar mis datos").click()
    page.wait_for_url("**/accounts/reauthenticate/**")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_download() as file:
        page.keyboard.press("Enter")
    return zipfile.ZipFile(io.BytesIO(Path(file.value.path()).read_bytes()))


def test_without_scripts_the_lab_is_no_task_and_the_certificate_is_earned_all_the_same(visit) -> None:
    person = newcomer(visit, scripts=False)
    page = person.go(f"{COURSE}/lessons/1.1.1/")
    expect(page.locator(".lab")).to_contain_text("no hay tarea, y nada depende de ella")
    finish_first_lesson(person)
    person.go(f"{COURSE}/lessons/1.1.2/")
    finish_second_lesson(person)
    person.go(f"{COURSE}/exercises/la-mejor-eta/")
    page.locator("textarea[name=source]").fill((EXERCISE / "solution.py").read_text())
    page.get_by_role("button", name="Entregar").click()
    expect(page.locator("main")).to_contain_text("100/100", timeout=VERDICT)
    say_name(person, "Ana")
    person.go(f"{COURSE}/progress/")
    page.get_by_role("button", name="Expedir mi certificado").click()
    expect(page.locator(".chip--passed")).to_have_text("Válido")


def test_an_instructor_takes_it_back_and_gives_another(visit, site: Site) -> None:
    person = newcomer(visit, scripts=False)
    person.go(f"{COURSE}/lessons/1.1.1/")
    finish_first_lesson(person)
    person.go(f"{COURSE}/lessons/1.1.2/")
    finish_second_lesson(person)
    page = person.go(f"{COURSE}/exercises/la-mejor-eta/")
    page.locator("textarea[name=source]").fill((EXERCISE / "solution.py").read_text())
    page.get_by_role("button", name="Entregar").click()
    expect(page.locator("main")).to_contain_text("100/100", timeout=VERDICT)
    name = f"Eva {uuid4().hex[:6]}"
    say_name(person, name)
    person.go(f"{COURSE}/progress/")
    page.get_by_role("button", name="Expedir mi certificado").click()
    page.locator(".chip--passed").wait_for()
    address = page.url

    carla = visit()
    carla.sign_in("instructor")
    carla.go("/teach/una-unidad/")
    carla.page.get_by_role("link", name=name).click()
    carla.page.get_by_text("Revocarlo").click()
    carla.page.get_by_label("Motivo").fill("El código era de otra persona.")
    carla.page.get_by_role("button", name="Revocar el certificado").click()
    expect(carla.page.locator("#certificados")).to_contain_text("El código era de otra persona.")
    assert carla.axe() == []
    page.goto(address)
    expect(page.locator(".chip--failed")).to_have_text("Revocado")
    expect(page.locator(".certificate")).to_contain_text("El código era de otra persona.")

    carla.page.get_by_role("button", name="Expedir otro en su lugar").click()
    expect(carla.page.locator("#certificados .chip--passed")).to_have_text("Válido")
    person.go(f"{COURSE}/progress/")
    page.get_by_role("link", name="Ver tu certificado").click()
    expect(page.locator(".chip--passed")).to_have_text("Válido")
    assert page.url != address
    assert carla.complaints == []


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_the_pages_of_certificates(visit, phone: bool, dark: bool) -> None:
    person = newcomer(visit, phone=phone, dark=dark)
    pages = [f"{COURSE}/", f"{COURSE}/progress/", f"{COURSE}/lessons/1.1.1/", "/certificates/"]
    problems = [line for path in pages for line in look_at(person, path)]
    assert problems + person.complaints == []
