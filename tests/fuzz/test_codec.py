"""The two implementations of the frames against each other, and the judge's against bytes gone wrong."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.judge import endings
from grading.judge.author import (
    Anything,
    Array,
    Bool,
    Float,
    Int,
    Items,
    Mapping,
    Maybe,
    Nothing,
    Tensor,
    Text,
    Tuple,
)  # fmt: skip
from grading.judge.channel import BadFrame, Channel, Closed, TimeIsUp
from grading.judge.comparison import is_close
from grading.judge.contracts import Breach, describe
from grading.judge.frames import ARRAY, COMPLEX, DTYPES, PROXY, TENSOR, TUPLE, decode, encode
from grading.judge.report import JobLimits
from grading.judge.signatures import Signature, compare
from grading.judge.stops import Stop
from grading.student import program

from .budget import budget
from .values import (
    arrays,
    assert_plain,
    complexes,
    integers,
    nested,
    numpy_scalars,
    plain_scalars,
    received,
    same,
    texts,
)  # fmt: skip

from_judge = nested(plain_scalars | arrays() | numpy_scalars)
from_student = nested(plain_scalars | arrays(foreign=True) | numpy_scalars)


class Wire:
    """The student's end, with no socket behind it."""

    def setblocking(self, _flag: bool) -> None: ...


student = program.Student(Wire())


@budget(80)
@given(from_judge)
def test_what_the_judge_sends_the_student_gets(value):
    assert same(student.unpack(encode(value)[4:]), received(value, tuples=True))


@budget(80)
@given(from_student)
def test_what_the_student_returns_the_judge_gets(value):
    got = decode(program.pack(value))
    assert same(got, received(value, tuples=False))
    assert_plain(got)


@budget(40)
@given(nested(texts | integers | arrays(), tuples=False))
def test_what_came_can_be_sent_back_and_comes_again(value):
    once = decode(program.pack(value))
    assert same(decode(program.pack(student.unpack(encode(once)[4:]))), once)


@budget(30)
@given(st.text(st.characters(categories=["Cs", "Ll", "Zs"]), max_size=20))
def test_half_a_character_of_the_students_comes_as_a_question_mark(text):
    assert decode(program.pack([text])) == [text.encode("utf-8", "replace").decode()]


@budget(30)
@given(st.integers(2**64) | st.integers(max_value=-(2**63) - 1))
def test_an_integer_of_more_than_64_bits_is_told_in_words(value):
    with pytest.raises(program.Unsendable):
        program.pack([value])


# bytes gone wrong

extension_codes = st.sampled_from([ARRAY, TENSOR, TUPLE, COMPLEX, PROXY, 0, 6, 127])
array_heads = st.builds(
    lambda dtype, ndim, shape, data: (
        bytes([dtype, ndim]) + b"".join(struct.pack("<Q", n) for n in shape) + data
    ),
    st.integers(0, len(DTYPES) + 2),
    st.integers(0, 10),
    st.lists(st.sampled_from([0, 1, 2, 3, 2**31, 2**32, 2**61, 2**62, 2**63, 2**64 - 1]), max_size=9),
    st.binary(max_size=40),
)
extensions = st.builds(msgpack.ExtType, extension_codes, array_heads | st.binary(max_size=30))
forged = nested(texts | integers | st.booleans() | extensions, tuples=False).map(
    lambda value: msgpack.packb(value, strict_types=True, use_bin_type=True)
)
honest = st.builds(
    program.pack,
    st.tuples(
        st.sampled_from(["done", "loaded", "raised", "unsendable", "ask", "tell", "", "load"]),
        st.integers(-1, 4) | st.booleans() | arrays(),
        from_student,
    ).map(list)
    | from_student,
)
bombs = st.one_of(
    st.builds(
        lambda code, n, tail: code + struct.pack(">I", n) + tail,
        st.sampled_from([b"\xdd", b"\xdf", b"\xdb", b"\xc6"]),
        st.sampled_from([2**16, 499_999, 500_001, 2**31, 2**32 - 1]),
        st.binary(max_size=20),
    ),
    st.builds(
        lambda n, code: b"\xc9" + struct.pack(">Ib", n, code),
        st.sampled_from([2**20, 2**32 - 1]),
        extension_codes,
    ),
    st.builds(
        lambda one, n: one * n + b"\xc0",
        st.sampled_from([b"\x91", b"\x81\xa1k", b"\xdc\0\1"]),
        st.sampled_from([31, 32, 33, 511, 1023, 1025, 30_000]),
    ),
    st.builds(
        lambda head, item, n: head + struct.pack(">I", n) + item * n,
        st.just(b"\xdd"),
        st.sampled_from([b"\x90", b"\x80", b"\xc0", b"\xc7\x03\x01\x05\x00\x07", b"\x91\x90"]),
        st.sampled_from([4000, 20_000]),
    ),
)
bodies = honest | forged | bombs | st.binary(max_size=60)


def framed(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Some frames, then what a hostile hand does to them: bits, cuts, splices, lengths, repetitions."""
    stream = bytearray(b"".join(framed(body) for body in draw(st.lists(bodies, min_size=1, max_size=3))))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(stream)))
        match draw(st.sampled_from(["flip", "cut", "insert", "length", "again", "drop"])):
            case "flip" if at < len(stream):
                stream[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del stream[at:]
            case "insert":
                stream[at:at] = draw(st.binary(min_size=1, max_size=9))
            case "length":
                stream[:4] = struct.pack(">I", draw(st.integers(0, 2**32 - 1)))
            case "again":
                stream += stream[:at]
            case "drop":
                del stream[at : at + draw(st.integers(1, 9))]
    return bytes(stream[: 1 << 17])


@contextlib.contextmanager
def channel_after(stream: bytes) -> Iterator[Channel]:
    """The judge's end of a real socket on which `stream` came, and then no more."""
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    reading, writing = os.pipe()
    try:
        theirs.setblocking(False)
        theirs.sendall(stream)
        theirs.shutdown(socket.SHUT_WR)
        yield Channel(ours, reading, seconds=5, overall=10, output_limit=1000)
    finally:
        ours.close()
        theirs.close()
        os.close(reading)
        os.close(writing)


def messages(stream: bytes) -> tuple[list[Any], str]:
    """What the judge reads of a stream, and how that ends: nothing else may come out of `receive`."""
    read: list[Any] = []
    with channel_after(stream) as channel:
        while True:
            try:
                read.append(channel.receive())
            except (BadFrame, Closed, TimeIsUp) as end:
                return read, type(end).__name__


@budget(80)
@given(streams())
def test_whatever_comes_is_plain_data_or_a_frame_refused(stream):
    started = time.thread_time()
    read, end = messages(stream)
    for value in read:
        assert_plain(value)
    assert end in {"BadFrame", "Closed"}
    assert time.thread_time() - started < 3.0


@budget(20)
@given(bombs, st.integers(1, 4))
def test_a_bomb_costs_the_judge_no_more_than_a_hundred_times_its_bytes(bomb, times):
    body = b"\x9f" + bomb * times if times > 1 else bomb
    tracemalloc.start()
    try:
        with contextlib.suppress(BadFrame):
            decode(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * len(body) + 1_000_000


# what the judge does with it

CONTRACTS = [
    Float(), Float(finite=False, low=0), Int(low=0, high=9), Bool(), Text(), Text(choices=("a", "b")),
    Nothing(), Anything(), Maybe(Float()), Array(), Array((3,)), Array(("n", "n")),
    Array((2,), dtype="int", low=0), Array(dtype="bool"), Array(dtype="complex"),
    Array(dtype="float32", high=1), Array(("n",), finite=False), Tensor(("n",)), Items(Float(), length=2),
    Tuple(Int(), Array((2,))), Mapping({"k": Float()}), Mapping(Anything()),
]  # fmt: skip
EXPECTED = [None, True, 1, 0.5, "a", np.arange(3.0), np.zeros((2, 2), bool), [1.0, 2.0], (1, "a"), {"k": 1.0}]
hostile = st.one_of(
    from_student.map(lambda value: decode(program.pack(value))),
    st.builds(lambda value: decode(program.pack([value]))[0], arrays() | complexes),
)


@budget(100)
@given(hostile)
def test_a_contract_lets_a_value_through_or_says_in_words_why_not(value):
    for contract in CONTRACTS:
        try:
            with np.errstate(all="ignore"):
                contract.check(value)
        except Breach as breach:
            breach.sentence("Devolviste")
    assert describe(value)


@budget(60)
@given(hostile)
def test_comparing_with_what_was_expected_is_true_or_false(value):
    for expected in EXPECTED:
        with np.errstate(all="ignore"):
            assert is_close(value, expected, 1e-6, 0.0) in (True, False)


told = st.fixed_dictionaries(
    {},
    optional={
        "type": texts | integers, "message": texts | arrays(), "errno": integers | texts | st.just(13),
        "kinds": st.lists(st.sampled_from(["MemoryError", "OSError", "RuntimeError"]) | integers, max_size=3),
        "frames": st.lists(st.lists(integers | texts | st.sampled_from([1, 2, 3]), max_size=3), max_size=4),
        "syntax": st.lists(integers | st.integers(-1, 4), max_size=3) | texts, "code": integers,
    },
)  # fmt: skip


@budget(60)
@given(told | hostile)
def test_what_the_student_says_of_its_own_exception_is_a_verdict(info):
    stop = endings.raised(decode(program.pack(info)), "def f(x):\n    return x\n", JobLimits(), 3)
    assert stop.message


signature = Signature.parse("f(x, *, lr=0.1)")
parameters = st.lists(
    st.tuples(
        st.sampled_from(["x", "lr"]), st.sampled_from(["KEYWORD_ONLY", "VAR_KEYWORD", "?"]), st.booleans()
    ).map(list)
    | st.lists(texts | st.booleans(), max_size=4),
    max_size=4,
)  # fmt: skip


@budget(60)
@given(st.dictionaries(st.sampled_from(["f", "g"]), st.none() | parameters | hostile))
def test_what_the_student_says_of_its_functions_is_a_complaint_or_a_verdict(written):
    with contextlib.suppress(Stop):
        compare([signature], decode(program.pack(written)), "def f(x): pass")
