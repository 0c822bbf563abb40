"""Writing in a lesson's margin: by mouse, by keyboard, in two tabs, without a network, without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.site import COURSE
from tests.browser.test_pages import LOOKS, NAMES, look_at
from tests.browser.test_people import student

LESSON = f"{COURSE}/lessons/1.1.1/"
SAVED = re.compile(r"Guardado \d\d:\d\d:\d\d")


def paragraph(page: Page, n: int) -> Locator:
    """The n-th paragraph of the lesson, with or without notes beside it."""
    return page.locator(".prose > p, .prose > .noted > p").nth(n)


def write(page: Page, text: str, n: int = 1) -> Locator:
    """A note beside a paragraph, by mouse; its margin, once it is saved."""
    paragraph(page, n).hover()
    page.get_by_role("button", name="Escribir una nota aquí").click()
    page.keyboard.type(text)
    note = page.locator(".note:has(textarea:focus)")
    expect(note.get_by_text(SAVED)).to_be_visible()
    return note


def edit(page: Page, text: str) -> None:
    """Put `text` in front of the first note."""
    page.locator("aside.note").first.get_by_role("link", name="Editar").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(text)


def test_a_note_by_mouse_is_saved_as_it_is_typed_and_nothing_moves(visit) -> None:
    ana = student(visit)
    page = ana.go(LESSON)
    figure = page.locator(".prose figure").first
    before = figure.bounding_box()
    note = write(page, "El **reloj** dice $\\kappa$.\n\n- uno\n- dos")
    assert figure.bounding_box() == before
    note.get_by_role("button", name="Hecho").click()

    shown = page.locator("aside.note .note__text")
    expect(shown.locator("strong")).to_have_text("reloj")
    expect(shown.locator("math")).to_have_text("κ")
    page.reload()
    expect(shown.locator("li")).to_have_count(2)
    expect(page.get_by_role("link", name="1 nota tuya")).to_be_visible()
    assert ana.complaints == []


def test_a_note_and_a_bookmark_by_keyboard_alone(visit) -> None:
    ana = student(visit)
    page = ana.go(LESSON)
    stops = "document.querySelectorAll('.prose > p[tabindex], .prose > h2[tabindex]').length"
    assert page.evaluate(stops) == 0
    page.get_by_role("button", name="Escribir notas").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(stops) == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-mark]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.type("Sin ratón.")
    expect(page.locator(".note__state")).to_have_text(SAVED)
    assert ana.axe() == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-here]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Escribir notas")).to_be_focused()
    assert page.evaluate(stops) == 0
    assert (
        page.evaluate("document.querySelector('[data-mark]').parentElement.innerText").count("Sin ratón.")
        == 1
    )

    page.locator(".contents__rail [data-marks] a").click()
    assert "#par-" in page.url
    ana.go(f"{COURSE}/")
    expect(page.locator(".marks__list a")).to_have_attribute("href", re.compile("#par-"))
    assert ana.complaints == []


def test_two_tabs_writing_one_note_lose_nothing(visit) -> None:
    ana = student(visit)
    first = ana.go(LESSON)
    write(first, "Común.").get_by_role("button", name="Hecho").click()
    second = ana.context.new_page()
    second.goto(first.url)
    edit(first, "De la primera. ")
    expect(first.locator(".note__state")).to_have_text(SAVED)
    edit(second, "De la segunda. ")

    expect(second.locator(".note__notice")).to_contain_text("Hay otra versión")
    expect(second.locator(".note__theirs")).to_have_text("De la primera. Común.")
    expect(second.locator(".note textarea").last).to_have_value("De la segunda. Común.")
    ana.page = second
    assert ana.axe() == []
    second.get_by_role("button", name="Conservar las dos").click()
    expect(second.locator("aside.note")).to_have_count(2)
    second.reload()
    texts = second.locator("aside.note .note__text").all_inner_texts()
    assert [text.strip() for text in texts] == ["De la primera. Común.", "De la segunda. Común."]


def test_a_note_deleted_in_one_tab_and_written_in_another_is_kept(visit) -> None:
    ana = student(visit)
    first = ana.go(LESSON)
    write(first, "Común.").get_by_role("button", name="Hecho").click()
    second = ana.context.new_page()
    second.goto(first.url)
    first.get_by_role("link", name="Editar").click()
    first.get_by_role("button", name="Borrar").click()
    expect(first.get_by_text("Nota borrada.")).to_be_visible()
    edit(second, "Sigo. ")

    expect(second.locator(".note__notice")).to_contain_text("guardado de nuevo")
    second.reload()
    expect(second.locator("aside.note .note__text")).to_have_text("Sigo. Común.")
    first.get_by_role("button", name="Deshacer").click()
    expect(first.locator("aside.note .note__text")).to_have_text("Común.")


def test_what_is_typed_without_a_network_survives_the_tab(visit) -> None:
    ana = student(visit)
    page = ana.go(LESSON)
    ana.context.set_offline(True)
    paragraph(page, 2).hover()
    page.get_by_role("button", name="Escribir una nota aquí").click()
    page.keyboard.type("En el tren.")
    expect(page.locator(".note__notice")).to_contain_text("Sin conexión")
    page.close(run_before_unload=False)
    ana.context.set_offline(False)

    page = ana.context.new_page()
    page.goto(ana.site.url + LESSON)
    # the other tab might still be there and save it: only after a while is it taken over
    expect(page.locator(".note__state")).to_have_text(SAVED, timeout=30_000)
    page.reload()
    expect(page.locator("aside.note .note__text")).to_have_text("En el tren.")


def test_by_touch_a_tap_chooses_and_the_bar_writes(visit) -> None:
    ana = student(visit, phone=True)
    page = ana.go(LESSON)
    page.get_by_role("button", name="Escribir notas").tap()
    paragraph(page, 1).tap()
    page.get_by_role("button", name="Nota", exact=True).tap()
    page.keyboard.type("Con el dedo.")
    expect(page.locator(".note__state")).to_have_text(SAVED)
    assert not ana.scrolls_sideways()
    page.get_by_role("button", name="Hecho").tap()
    page.get_by_role("button", name="Salir").tap()
    page.reload()
    note = page.locator("details.note__fold")
    expect(note.get_by_text("Con el dedo.").last).to_be_hidden()
    note.locator("summary").tap()
    expect(note.locator(".note__text")).to_be_visible()
    assert ana.complaints == []


def test_everything_works_without_scripts(visit, tmp_path: Path) -> None:
    ana = visit(scripts=False)
    ana.context.add_cookies(student(visit).context.cookies())
    page = ana.go(LESSON)
    page.get_by_role("button", name="Escribir notas").click()
    page.get_by_label("Junto a").select_option(index=2)
    page.get_by_label("Nota", exact=True).fill("Sin guiones.")
    page.get_by_role("button", name="Guardar la nota").click()
    expect(page.locator(".entry .note__text")).to_have_text("Sin guiones.")
    page.get_by_label("Marcar").select_option(index=3)
    page.get_by_role("button", name="Poner el marcador").click()
    expect(page.get_by_role("button", name="Quitar el marcador")).to_be_visible()

    page.get_by_role("link", name="Editar").click()
    stale = ana.context.new_page()
    stale.goto(page.url)
    page.get_by_label("Nota", exact=True).fill("Cambiada.")
    page.get_by_role("button", name="Guardar la nota").click()
    stale.get_by_label("Nota", exact=True).fill("En otra pestaña.")
    stale.get_by_role("button", name="Guardar la nota").click()
    expect(stale.get_by_text("No se ha perdido ninguna")).to_be_visible()
    stale.get_by_role("button", name="Conservar las dos").click()
    expect(stale.locator(".entry .note__text")).to_have_text(["Cambiada.", "En otra pestaña."])

    ana.go(LESSON)
    expect(page.locator(".noted .note__text")).to_have_text(["Cambiada.", "En otra pestaña."])
    ana.go(f"{COURSE}/notes/")
    page.get_by_label("Buscar en tus notas").fill("PESTANA")
    page.get_by_role("button", name="Buscar").click()
    expect(page.locator(".entry")).to_have_count(1)
    with page.expect_download() as file:
        page.get_by_role("link", name="Descargar (Markdown)").click()
    kept = tmp_path / "notas.md"
    file.value.save_as(kept)
    assert "En otra pestaña." in kept.read_text(encoding="utf-8")
    page.locator("summary", has_text="Borrar").first.click()
    page.get_by_role("button", name="Borrar la nota").first.click()
    expect(page.get_by_text("Nota borrada.")).to_be_visible()


def fill_margin(person: Visitor) -> None:
    """Notes of each kind of block, a bookmark, a note without a paragraph."""
    page = person.go(f"{LESSON}notes/")
    for index, text in enumerate(["De **toda** la lección", "Una nota larga. " * 40, "`código`\n\n- a\n- b"]):
        page.get_by_label("Junto a").select_option(index=index * 4)
        page.get_by_label("Nota", exact=True).fill(text)
        page.get_by_role("button", name="Guardar la nota").click()
    page.get_by_label("Marcar").select_option(index=5)
    page.get_by_role("button", name="Poner el marcador").click()


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=NAMES)
def test_the_pages_with_notes(visit, phone: bool, dark: bool) -> None:
    ana = student(visit, phone=phone, dark=dark)
    empty = [f"{LESSON}notes/", f"{COURSE}/notes/"]
    problems = [line for path in empty for line in look_at(ana, path)]
    fill_margin(ana)
    note = ana.page.get_by_role("link", name="Editar").first.get_attribute("href")
    pages = [LESSON, *empty, f"{COURSE}/", str(note)]
    problems += [line for path in pages for line in look_at(ana, path)]
    assert problems + ana.complaints == []


def test_notes_are_not_printed(visit) -> None:
    ana = student(visit)
    fill_margin(ana)
    page = ana.go(LESSON)
    page.emulate_media(media="print")
    expect(page.locator(".note:visible, .flag:visible, .loose:visible, .margin-bar:visible")).to_have_count(0)
    expect(paragraph(page, 0)).to_be_visible()
