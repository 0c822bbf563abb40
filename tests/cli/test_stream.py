"""A stream of events as it comes in pieces, with comments, without sense."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from coursesite_cli.stream import Event, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = st.sampled_from(["state", "points", "log", "verdict"])


def test_an_event_has_its_kind_its_data_and_the_id_that_came_last():
    lines = [
        "retry: 2000",
        "",
        "id: 1-0",
        "event: log",
        'data: {"text": "hola"}',
        "",
        "event: state",
        "data: {}",
        "",
    ]
    assert list(parse(lines)) == [Event("log", {"text": "hola"}, "1-0"), Event("state", {}, "1-0")]


def test_data_of_several_lines_is_one_text_and_comments_are_passed_over():
    assert list(parse([": keep-alive", "event:log", 'data: {"a":', "data:1}", ""])) == [
        Event("log", {"a": 1})
    ]


def test_an_event_that_broke_off_or_makes_no_sense_is_none():
    assert list(parse(["event: log", "data: {", "", "event: state", 'data: {"state"'])) == []
    assert list(parse(["event: log", "data: {", "", "data: 2", ""])) == [Event("message", 2)]


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_whatever_is_told_is_heard(told):
    lines = [
        line
        for place, (kind, data) in enumerate(told)
        for line in (f"id: {place}-0", f"event: {kind}", f"data: {json.dumps(data)}", "")
    ]
    assert list(parse(lines)) == [Event(kind, data, f"{i}-0") for i, (kind, data) in enumerate(told)]
