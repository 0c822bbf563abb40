"""The site's HTML as a reader of files and terminals sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursesite_cli.text import harmless, markdown, plain

BASE = "https://site.example/courses/c/exercises/e/"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Uno\n dos</p><p>Tres</p>", "Uno dos\n\nTres"),
        ("<p>La <strong>tasa</strong> <em>x</em> de <code>f_0</code></p>", "La **tasa** *x* de `f_0`"),
        ("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>", "- a\n- b\n\n  c"),
        ("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n\n   - c"),
        ('<p><a href="../otro/">otro</a></p>', "[otro](https://site.example/courses/c/exercises/otro/)"),
        ("<h2>Datos</h2><p>a &lt; b</p>", "## Datos\n\na < b"),
        ("<pre><code>x = 1\n  y</code></pre>", "```python\nx = 1\n  y\n```"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>x|y</td></tr></table>",
         "| a | b |\n| --- | --- |\n| 1 | x\\|y |"),
        ("<p>a<br>b</p><script>x</script>", "a\nb"),
        ('<figure><svg aria-label="x"></svg><figcaption>Curva</figcaption></figure>', "[figura: Curva]"),
        ("<details><summary>Pista</summary><p>No.</p></details>", "**Pista**\n\nNo."),
    ],
)  # fmt: skip
def test_a_statement_becomes_markdown(html: str, text: str):
    assert markdown(html, base=BASE) == text + "\n"


FORMULAS = [
    ("<msub><mi>f</mi><mn>0</mn></msub>", "f_0", "f₀"),
    ("<msup><mi>ρ</mi><mi>k</mi></msup>", "ρ^k", "ρ^k"),
    ("<msup><mi>x</mi><mrow><mo>−</mo><mn>2</mn></mrow></msup>", "x^{−2}", "x⁻²"),
    ("<mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac>", r"\frac{1}{a + b}", "1/(a + b)"),
    ("<mi>log</mi><mo>\u2061</mo><mi>ρ</mi>", r"\log ρ", "logρ"),
    ("<msqrt><mi>n</mi></msqrt>", r"\sqrt{n}", "√n"),
    ("<mn>0,95</mn>", "0{,}95", "0,95"),
    ("<msub><mi>λ</mi><mi>max</mi></msub>", r"λ_{\max}", "λₘₐₓ"),
    ("<msubsup><mi>w</mi><mi>i</mi><mn>2</mn></msubsup>", "w_i^2", "wᵢ²"),
    ("<mover><mi>x</mi><mo>ˆ</mo></mover>", r"\hat{x}", "x\u0302"),
]


@pytest.mark.parametrize(("mathml", "tex", "signs"), FORMULAS)
def test_a_formula_is_tex_in_a_file_and_signs_in_a_terminal(mathml: str, tex: str, signs: str):
    assert markdown(f"<p><math>{mathml}</math></p>", base=BASE) == f"${tex}$\n"
    assert plain(f"<math><mrow>{mathml}</mrow></math>").replace(" ρ", "ρ") == signs
    shown = markdown(f'<math display="block">{mathml}</math>', base=BASE)
    assert shown == f"$${tex}$$\n"


def test_a_hint_is_filled_to_the_terminals_width():
    assert plain("<p>uno dos tres cuatro</p>", width=9).splitlines() == ["uno dos", "tres", "cuatro"]


@given(st.text())
def test_no_html_however_broken_stops_the_reader(html: str):
    assert isinstance(markdown(html, base=BASE) + plain(html, width=20), str)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_nothing_that_was_handed_in_can_steer_the_terminal(value):
    def texts(one):
        if isinstance(one, str):
            return [one]
        return [text for inner in (one.values() if isinstance(one, dict) else one) for text in texts(inner)]

    for text in texts(harmless(value)):
        assert not [
            sign for sign in text if (ord(sign) < 32 and sign not in "\n\t") or 127 <= ord(sign) < 160
        ]


def test_an_escape_code_in_a_students_output_is_shown_as_what_it_is_not():
    assert harmless({"output": "\x1b]0;title\x07 \u202eabc"}) == {"output": "\ufffd]0;title\ufffd \ufffdabc"}
