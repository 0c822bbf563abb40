from __future__ import annotations

import contextlib
import struct

import hypothesis.extra.numpy as hnp
import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.judge.frames import (
    ARRAY,
    DTYPES,
    MAX_FRAME,
    MAX_ITEMS,
    MAX_TEXT,
    PROXY,
    TENSOR,
    TUPLE,
    BadFrame,
    Torch,
    decode,
    encode,
    read_length,
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=True)
    | st.complex_numbers(allow_nan=False)
    | st.text()
)
arrays = hnp.arrays(st.sampled_from(DTYPES), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
plain = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def same(a: object, b: object) -> bool:
    if isinstance(a, np.ndarray):
        return (
            isinstance(b, np.ndarray)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and np.ascontiguousarray(a).tobytes() == b.tobytes()
        )
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and (a == b or a != a)


@given(plain)
def test_what_is_sent_arrives_as_itself(value):
    assert same(value, decode(encode(value)[4:]))


@given(st.binary(max_size=300))
def test_garbage_is_refused_or_read_as_plain_data(body):
    try:
        value = decode(body)
    except BadFrame:
        return
    assert type(value) in {type(None), bool, int, float, complex, str, bytes, list, dict, np.ndarray, Torch}


@given(plain, st.data())
def test_a_frame_with_a_flipped_byte_is_refused_or_read_as_plain_data(value, data):
    body = bytearray(encode(value)[4:])
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(BadFrame):
        decode(bytes(body))


def test_an_array_arrives_writable_and_apart_from_the_frame():
    body = bytearray(encode(np.zeros(3))[4:])
    array = decode(bytes(body))
    array[0] = 1.0
    assert decode(bytes(body))[0] == 0.0


def test_a_frame_that_announces_four_gigabytes_is_refused_by_its_header():
    with pytest.raises(BadFrame, match="4295 MB"):
        read_length(b"\xff\xff\xff\xff")
    assert read_length(struct.pack(">I", MAX_FRAME)) == MAX_FRAME


def extension(code: int, data: bytes) -> bytes:
    return msgpack.packb(msgpack.ExtType(code, data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x0b",
        bytes([255, 0]) + b"\0" * 8,  # no such dtype
        bytes([11, 9]) + b"\0" * 80,  # nine dimensions
        bytes([11, 1]) + b"\0" * 3,  # cut in its shape
        struct.pack("<BBQ", 11, 1, 2**61),  # a huge shape and no bytes
        struct.pack("<BBQQ", 11, 2, 2**32, 2**32) + b"\0" * 8,  # its product is 0 in 64 bits
        struct.pack("<BBQQ", 11, 2, 0, 2**62),
        struct.pack("<BBQ", 11, 1, 2) + b"\0" * 15,
        struct.pack("<BBQ", 11, 1, 1) + b"\0" * 16,
    ],
)
def test_an_array_whose_bytes_do_not_fit_its_shape_is_refused(data):
    for code in (ARRAY, TENSOR):
        with pytest.raises(BadFrame):
            decode(extension(code, data))


def test_a_boolean_array_holds_only_two_truth_values():
    array = decode(extension(ARRAY, struct.pack("<BBQ", 0, 1, 3) + b"\x00\x01\x07"))
    assert array.view(np.uint8).tolist() == [0, 1, 1]


@pytest.mark.parametrize("code", [TUPLE, PROXY, 6, 42, 127])
def test_an_extension_that_only_the_judge_may_send_is_refused(code):
    with pytest.raises(BadFrame):
        decode(extension(code, b"\x90"))


def test_the_timestamp_that_msgpack_knows_by_itself_is_a_mere_number():
    assert decode(b"\xd6\xff" + struct.pack(">I", 7)) == 7.0


def test_a_pickle_in_a_frame_is_bytes_and_nothing_more():
    import pickle

    payload = pickle.dumps(ValueError("x"))
    assert decode(msgpack.packb(payload)) == payload


def test_lists_within_lists_without_end_are_refused():
    with pytest.raises(BadFrame):
        decode(b"\x91" * 2000 + b"\xc0")
    with pytest.raises(BadFrame, match="anidadas"):
        decode(b"\x91" * 40 + b"\xc0")


def test_a_frame_of_a_million_empty_lists_is_refused_before_it_grows_in_memory():
    body = b"\xdd" + struct.pack(">I", MAX_ITEMS + 1) + b"\x90" * (MAX_ITEMS + 1)
    with pytest.raises(BadFrame):
        decode(body)
    lists_of_lists = b"\xdd" + struct.pack(">I", 1000) + (b"\xdc\x03\xe8" + b"\xc0" * 1000) * 1000
    with pytest.raises(BadFrame, match="demasiados"):
        decode(lists_of_lists)


def test_a_text_does_not_grow_to_four_times_its_bytes_by_one_wide_character():
    with pytest.raises(BadFrame):
        decode(msgpack.packb("a" * MAX_TEXT + "\N{GRINNING FACE}"))
    assert len(decode(msgpack.packb("a" * MAX_TEXT))) == MAX_TEXT


@pytest.mark.parametrize(
    "value", [np.complex64(1 + 2j), np.complex128(complex("nan+infj")), [np.complex64(3)]]
)
def test_a_complex_number_of_numpys_travels_as_a_number(value):
    got = decode(encode(value)[4:])
    assert repr(got) == repr([value[0].item()] if type(value) is list else value.item())


@pytest.mark.parametrize(
    "value", [2**64, object(), {1, 2}, np.array(["a"]), np.array([object()]), b"x".__class__]
)
def test_what_cannot_travel_is_the_authors_mistake(value):
    with pytest.raises((TypeError, OverflowError)):
        encode(value)
