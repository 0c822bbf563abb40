from __future__ import annotations

from math import log

import pytest

from lessons.race import KAPPA, losses, race
from lessons.sidenotes import with_margin_notes

NOTE = (
    '<aside class="sidenote" role="note" id="nota-1">'
    '<span class="sidenote__number">1</span> <span class="sidenote__text">Polyak</span> </aside>'
)


def test_a_note_is_tied_to_the_paragraph_before_it_and_to_no_other():
    html = with_margin_notes(f"<p>uno</p><p>dos</p>{NOTE}<p>tres</p>")

    assert html.startswith('<p>uno</p><div class="noted"><p>dos</p>')
    assert html.endswith("</div></div><p>tres</p>")
    assert html.count('id="nota-1"') == 1


def test_a_note_after_a_list_is_folded_where_it_stands():
    html = with_margin_notes(f"<ul><li>uno</li></ul>{NOTE}")

    assert "noted" not in html
    assert "<details" in html


def test_a_text_without_notes_comes_back_as_it_was():
    assert with_margin_notes("<p>uno</p>") == "<p>uno</p>"


def test_the_race_on_the_welcome_page_keeps_the_rates_of_theory():
    """Gradient descent contracts by (κ−1)/(κ+1) a step, which is the caption's whole point."""
    trace = losses(step_size=2 / (1 + KAPPA), memory=0.0, steps=100)

    assert log(trace[100] / trace[50]) / 100 == pytest.approx(log((KAPPA - 1) / (KAPPA + 1)), rel=1e-6)
    assert race().momentum.steps < race().descent.steps / 5
