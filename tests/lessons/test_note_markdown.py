"""What a note's Markdown becomes, and what it can never become."""

from __future__ import annotations

import time

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.notes import ATTRIBUTES, TAGS, note_html

PIECES = [
    "<script>",
    "</p>",
    "<img src=x onerror=a>",
    "](javascript:a)",
    "[a](",
    "`",
    "*",
    "$",
    "\n",
    "- ",
    "a",
]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a** y *b*", "<p><strong>a</strong> y <em>b</em></p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("uno\ndos", "<p>uno<br>\ndos</p>"),
        ("[x](https://e.org/)", '<p><a href="https://e.org/" rel="noopener nofollow">x</a></p>'),
        (
            "Ve https://e.org/a_b.",
            '<a href="https://e.org/a_b" rel="noopener nofollow">https://e.org/a_b</a>.',
        ),
        (r"Con $\kappa_1<2_2$", r'Con <code class="tex">\kappa_1&lt;2_2</code>'),
        ("Cuesta 5$ y 6$", "<p>Cuesta 5$ y 6$</p>"),
        ("# No es título", "<p># No es título</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("```\na*b*c\n```", "a*b*c"),
    ],
)
def test_a_little_markdown_is_understood(text, shown):
    assert shown in note_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b onclick=alert(1)>a</b>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "![a](https://e.org/contador.png)",
        '[a](https://e.org/"onmouseover=alert(1))',
        "<style>*{}</style>",
    ],
)
def test_html_pictures_and_addresses_that_run_are_only_text(text):
    root = lxml.html.fragment_fromstring(note_html(text), create_parent="div")

    for element in root.iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= {"href", "rel"}
        assert str(element.get("href", "https:")).startswith("https:")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_written_stays_within_the_few_tags(text: str):
    root = lxml.html.fragment_fromstring(note_html(text), create_parent="div")

    for element in root.iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= {"rel", "class", *ATTRIBUTES.get(element.tag, ())}


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a](", "*a ", "_a", "`a", ">", "<a ", "$a", "~~~a\n", "1. a\n"]
)
def test_no_note_costs_the_server_more_than_a_moment(piece):
    began = time.process_time()
    note_html((piece * 10_000)[:10_000])

    assert time.process_time() - began < 3
