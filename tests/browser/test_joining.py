"""The walk of an invitation, of a code and of a deadline, from the teacher's list to the student's page."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE
from tests.browser.test_pages import LOOKS, NAMES, look_at

SLUG = COURSE.rpartition("/")[2]
PHRASE = "una frase bien larga y rara"


def in_days(days: int) -> str:
    """Midnight but a minute, so many days on, as a field for date and time takes it."""
    return f"{datetime.now() + timedelta(days=days):%Y-%m-%dT23:59}"


def make_cohort(teacher: Visitor) -> tuple[str, str]:
    """A cohort with a code and a deadline for unit 1; its address and its code."""
    page = teacher.go(f"/teach/{SLUG}/cohorts/new/")
    page.get_by_label("Nombre").fill(f"Grupo {uuid4().hex[:6]}")
    page.get_by_role("button", name="Generar uno").click()
    code = page.get_by_label("Código").input_value()
    page.get_by_role("button", name="Guardar").click()
    page.wait_for_url(re.compile(r"/cohorts/\d+/$"))
    place = page.url.removeprefix(teacher.site.url)
    teacher.go(f"{place}deadlines/")
    page.locator(".deadlines input").first.fill(in_days(6))
    page.get_by_role("button", name="Guardar los plazos").click()
    expect(page.get_by_text("Plazos guardados.")).to_be_visible()
    return place, code


def instructor(visit, **look: bool) -> Visitor:
    carla = visit(**look)
    carla.sign_in("instructor")
    return carla


def invitation_to(address: str, folder: Path) -> str:
    """The path of the link mailed to `address`, once the worker has sent it."""
    wanted = re.compile(rf"To: {re.escape(address)}\n.*?(/invitations/\S+)", re.DOTALL)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for file in (folder / "mail").glob("*.log"):
            if found := wanted.search(file.read_text(encoding="utf-8")):
                return found[1]
        time.sleep(0.2)
    raise LookupError(f"no invitation to {address}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_list_to_a_place_in_the_cohort_with_its_deadline(visit, site, scripts: bool) -> None:
    carla = instructor(visit, scripts=scripts)
    place, _code = make_cohort(carla)
    page = carla.go(f"{place}invitations/")
    address = f"{uuid4().hex[:10]}@example.org"
    listed = f"Correo;Nombre\n{address};Eva Muñoz\nmal;Pepe\n{address};Otra\n".encode("latin-1")
    page.set_input_files(
        "input[type=file]", [{"name": "lista.csv", "mimeType": "text/csv", "buffer": listed}]
    )
    page.get_by_role("button", name="Revisar la lista").click()
    expect(page.get_by_text("No es una dirección de correo.")).to_be_visible()
    expect(page.get_by_text("Repetida: ya está en la línea 2.")).to_be_visible()
    page.get_by_role("button", name="Enviar 1 invitación").click()
    expect(page.get_by_role("rowheader", name=address)).to_be_visible()

    eva = visit(scripts=scripts)
    page = eva.go(invitation_to(address, site.folder))
    expect(page).to_have_url(f"{site.url}/invitations/")
    page.get_by_role("link", name="Crear cuenta").click()
    expect(page.get_by_label("Correo")).to_have_value(address)
    page.fill("input[name=password1]", PHRASE)
    page.locator("input[name=password1]").press("Enter")
    page.get_by_role("button", name="Aceptar la invitación").click()
    expect(page.get_by_text("Ya estás en el grupo").first).to_be_visible()
    expect(page.get_by_role("heading", name="Próximas entregas")).to_be_visible()
    eva.go(f"{COURSE}/exercises/eta-maximo/")
    expect(
        page.get_by_text(re.compile(r"Vence el .* 23:59 \(tu hora, Madrid; \d\d:59 UTC\)\."))
    ).to_be_visible()

    carla.go(place)
    expect(carla.page.get_by_role("rowheader", name="Eva Muñoz")).to_be_visible()
    assert carla.complaints + eva.complaints == []


def test_with_a_code_into_the_cohort_out_of_the_course_and_back(visit) -> None:
    carla = instructor(visit)
    _place, code = make_cohort(carla)
    person = visit()
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    page = person.go(f"/join/{code.lower()}/")
    page.get_by_role("button", name="Entrar en el grupo").click()
    expect(page.get_by_text("Ya estás en el grupo").first).to_be_visible()
    page.get_by_role("link", name="Dejar el curso").click()
    page.get_by_role("button", name="Dejar el curso").click()
    expect(page.get_by_text("Has dejado el curso.")).to_be_visible()
    page.get_by_role("button", name="Volver al curso").click()
    expect(page.get_by_text("Tu grupo:")).to_be_visible()
    assert carla.complaints + person.complaints == []


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_the_pages_of_cohorts_and_of_joining(visit, site, phone: bool, dark: bool) -> None:
    carla = instructor(visit, phone=phone, dark=dark)
    place, code = make_cohort(carla)
    address = f"{uuid4().hex[:10]}@example.org"
    page = carla.go(f"{place}invitations/")
    page.get_by_label("O pega las direcciones").fill(f"{address}, Eva\nmal\n")
    page.get_by_role("button", name="Revisar la lista").click()
    problems = [f"check {line}" for line in carla.axe()]
    assert not carla.scrolls_sideways()
    page.get_by_role("button", name="Enviar 1 invitación").click()

    person = visit(phone=phone, dark=dark)
    person.sign_up(f"{uuid4().hex[:12]}@example.org")
    problems += look_at(person, f"/join/{code}/")
    person.page.get_by_role("button", name="Entrar en el grupo").click()
    problems += [line for path in ("/", f"{COURSE}/", f"{COURSE}/leave/") for line in look_at(person, path)]

    carla.go(place)
    extensions = page.get_by_role("link", name="Prórroga").first.get_attribute("href")
    carla.go(extensions)
    page.get_by_label("Hasta").fill(in_days(9))
    page.get_by_role("button", name="Dar la prórroga").click()
    pages = [f"/teach/{SLUG}/cohorts/", place, extensions, extensions.replace("extensions/", "")]
    pages += [f"{place}{name}/" for name in ("deadlines", "invitations", "edit")]
    pages += [f"/teach/{SLUG}/cohorts/unplaced/"]
    problems += [line for path in pages for line in look_at(carla, path)]

    stranger = visit(phone=phone, dark=dark)
    stranger_pages = ["/join/", invitation_to(address, site.folder)]
    problems += [line for path in stranger_pages for line in look_at(stranger, path)]
    assert problems == []
    assert carla.complaints + person.complaints + stranger.complaints == []
