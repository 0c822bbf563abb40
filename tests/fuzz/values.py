"""Values that may cross the channel, and what the other side must get for each."""

from __future__ import annotations

import math
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
from hypothesis import strategies as st

from grading.judge.frames import DTYPES, MAX_NDIM, Torch

integers = st.integers(-(2**63), 2**64 - 1) | st.sampled_from(
    [0, -1, 127, 128, 2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -(2**63)]
)
floats = st.floats(allow_nan=True, allow_infinity=True)
complexes = st.builds(complex, floats, floats)
texts = st.text(max_size=40) | st.sampled_from(["", "\0", "\u202e", "\U0010ffff" * 9, "año", "\ufeff"])
blobs = st.binary(max_size=40)
plain_scalars = st.none() | st.booleans() | integers | floats | complexes | texts | blobs


@st.composite
def arrays(draw: st.DrawFn, *, foreign: bool = False) -> np.ndarray:
    """Any dtype of the whitelist, 0 to 8 dimensions, empty ones too, any bytes (so any NaN), and views.

    `foreign`: in the other byte order too, which the student's side turns around.
    """
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    shape = draw(st.lists(st.integers(0, 3), max_size=MAX_NDIM).map(tuple))
    count = math.prod(shape)
    data = draw(st.binary(min_size=count * dtype.itemsize, max_size=count * dtype.itemsize))
    if dtype.kind == "b":
        array = (np.frombuffer(data, np.uint8) & 1).astype(bool).reshape(shape)
    else:
        array = np.frombuffer(data, dtype).reshape(shape)
    if foreign and draw(st.booleans()):
        array = array.astype(dtype.newbyteorder(">"))
    look = draw(st.sampled_from(["as it is", "transposed", "every other", "backwards", "fortran"]))
    if look == "transposed":
        array = array.T
    elif look == "every other":
        array = array[tuple(slice(None, None, 2) for _ in shape)]
    elif look == "backwards":
        array = array[tuple(slice(None, None, -1) for _ in shape)]
    elif look == "fortran":
        array = np.asfortranarray(array)
    return array


numpy_scalars = hnp.scalar_dtypes().flatmap(
    lambda dtype: (
        hnp.arrays(dtype, ()).map(lambda array: array[()])
        if dtype.kind in "biufc" and dtype.name in DTYPES
        else st.just(np.float64(0.5))
    )
)


def nested(leaves: st.SearchStrategy[Any], *, tuples: bool = True) -> st.SearchStrategy[Any]:
    """Lists, tuples and dictionaries of `leaves`, some of them many levels deep."""
    broad = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | (st.lists(inner, max_size=3).map(tuple) if tuples else st.nothing())
            | st.dictionaries(texts | integers | st.booleans() | blobs, inner, max_size=4)
        ),
        max_leaves=10,
    )
    deep = st.builds(_buried, leaves, st.integers(0, 28), st.booleans())
    return broad | deep


def _buried(value: Any, levels: int, as_list: bool) -> Any:
    for _ in range(levels):
        value = [value] if as_list else {"k": value}
    return value


def received(value: Any, *, tuples: bool) -> Any:
    """What must arrive: tuples as such or as lists, NumPy's scalars as Python's, this byte order."""
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value.astype(value.dtype.newbyteorder("="))).reshape(value.shape)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple | list):
        items = [received(item, tuples=tuples) for item in value]
        return tuple(items) if tuples and isinstance(value, tuple) else items
    if isinstance(value, dict):
        return {key: received(item, tuples=tuples) for key, item in value.items()}
    return value


def same(a: Any, b: Any) -> bool:
    """Type for type and bit for bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, float):
        return math.copysign(1, a) == math.copysign(1, b) and (a == b or (a != a and b != b))
    return bool(a == b)


def assert_plain(value: Any, depth: int = 0) -> None:
    """Nothing with behaviour, nothing that is shared, nothing too deep: what the judge may go on with."""
    assert depth <= 32
    kind = type(value)
    if kind is Torch:
        value, kind = value.array, np.ndarray
    if kind is np.ndarray:
        assert value.dtype.name in DTYPES
        assert value.dtype.isnative
        assert value.flags.writeable
        assert value.ndim <= MAX_NDIM
        if value.dtype.kind == "b":
            assert np.isin(value.view(np.uint8), (0, 1)).all()
    elif kind is list:
        for item in value:
            assert_plain(item, depth + 1)
    elif kind is dict:
        for key, item in value.items():
            assert type(key) in {type(None), bool, int, float, complex, str, bytes}
            assert_plain(item, depth + 1)
    else:
        assert kind in {type(None), bool, int, float, complex, str, bytes}
