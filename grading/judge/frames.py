"""The language of the channel: length-prefixed msgpack of plain data, nothing with behaviour.

A frame is four bytes (big-endian length) and one msgpack value. Beyond nil, booleans, integers of 64
bits, floats, text, lists and maps there are five extensions: an array, the same array as a tensor
on the student's side, a complex number, and, only outwards, a tuple and the stand-in of an oracle.
Whatever arrives was written by the student: sizes are checked before anything is allocated for them,
and every value is rebuilt as a plain, fresh one. A broken rule raises `BadFrame`.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

ARRAY, TENSOR, TUPLE, COMPLEX, PROXY = 1, 2, 3, 4, 5

DTYPES: tuple[str, ...] = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64", "complex64", "complex128",
)  # fmt: skip
"""The whitelist. The order is the wire code, the same in grading/student/program.py."""

MAX_FRAME = 64 * 1024 * 1024
"""Bytes of one frame from the student, arrays included."""
MAX_ITEMS = 500_000
"""Items of all lists and maps of one frame: an empty list costs the student one byte and us sixty."""
MAX_TEXT = 4 * 1024 * 1024
"""Bytes of one text: a single wide character makes each of the others cost us four."""
MAX_DEPTH = 32
MAX_NDIM = 8

_NUMPY_DTYPES = tuple(np.dtype(name) for name in DTYPES)
_CODES = {np.dtype(name): code for code, name in enumerate(DTYPES)}
_SMALL = 4096
_AS_FLOAT = 1
"""msgpack's own extension, a timestamp, cannot be turned off: let it be a number."""
_LENGTH = struct.Struct(">I")
_HEADERS = tuple(struct.Struct(f"<BB{ndim}Q") for ndim in range(MAX_NDIM + 1))
_COMPLEX = struct.Struct("<dd")


class BadFrame(ValueError):
    """What came over the channel is not plain data of the agreed kind. The text is for the student."""


@dataclass(frozen=True, slots=True, eq=False)
class Torch:
    """An array that is a tensor on the student's side, PyTorch's or TensorFlow's."""

    array: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Proxy:
    """The stand-in that the student receives for an oracle or a counted function."""

    reference: int
    methods: tuple[str, ...]
    """Empty for a plain function."""
    facts: dict[str, Any]


class Encoder:
    """Makes whole frames. Keeps its buffer, so one a conversation; not for two threads at once."""

    def __init__(self) -> None:
        self._pack = msgpack.Packer(default=_extend, strict_types=True, use_bin_type=True).pack

    def encode(self, value: object) -> bytes:
        """One whole frame. Raises TypeError for what cannot travel: that is the author's mistake."""
        body: bytes = self._pack(value)
        return _LENGTH.pack(len(body)) + body


def encode(value: object) -> bytes:
    """One whole frame, as `Encoder.encode`."""
    return Encoder().encode(value)


def decode(body: bytes | bytearray | memoryview) -> Any:
    """The value of a frame without its length. Raises BadFrame."""
    try:
        if len(body) <= _SMALL:  # each item takes a byte at least: nothing to count
            value = msgpack.unpackb(
                body, raw=False, strict_map_key=False, ext_hook=_extension, timestamp=_AS_FLOAT
            )
        else:
            value = _decode_counting(body)
    except BadFrame:
        raise
    except Exception as broken:  # msgpack raises half a dozen kinds, and all of them mean this
        raise BadFrame("bytes que no son un mensaje") from broken
    if type(value) in _CONTAINERS:
        _check_depth(value, MAX_DEPTH)
    return value


def _decode_counting(body: bytes | bytearray | memoryview) -> Any:
    items = 0

    def count(container: Any) -> Any:
        nonlocal items
        items += len(container) + 1
        if items > MAX_ITEMS:
            raise BadFrame(f"demasiados elementos (más de {MAX_ITEMS})")
        return container

    return msgpack.unpackb(
        body, raw=False, strict_map_key=False, ext_hook=_extension, timestamp=_AS_FLOAT,
        list_hook=count, object_hook=count,
        max_array_len=MAX_ITEMS, max_map_len=MAX_ITEMS, max_str_len=MAX_TEXT,
    )  # fmt: skip


def read_length(header: bytes | bytearray, limit: int = MAX_FRAME) -> int:
    """The announced length of a frame, refused if beyond `limit` before a byte is kept for it."""
    length: int = _LENGTH.unpack_from(header)[0]
    if length > limit:
        raise BadFrame(f"un valor de {length / 1e6:.0f} MB; el máximo es {limit / 1e6:.0f} MB")
    return length


def _extension(code: int, data: bytes) -> Any:
    # TUPLE and PROXY only travel outwards: nested messages would let a student grow our C stack
    if code == ARRAY:
        return _array(data)
    if code == TENSOR:
        return Torch(_array(data))
    if code == COMPLEX and len(data) == _COMPLEX.size:
        return complex(*_COMPLEX.unpack(data))
    raise BadFrame("un valor de un tipo que no se admite")


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise BadFrame("listas anidadas sin fin")
    kind = type(value)
    if kind is list:
        for item in value:
            if type(item) in _CONTAINERS:
                _check_depth(item, left - 1)
    elif kind is dict:
        for item in value.values():
            if type(item) in _CONTAINERS:
                _check_depth(item, left - 1)


_CONTAINERS = frozenset({list, dict})


def _array(data: bytes) -> NDArray[Any]:
    if len(data) < 2 or data[0] >= len(DTYPES) or data[1] > MAX_NDIM:
        raise BadFrame("un array de un tipo que no se admite")
    dtype, ndim = _NUMPY_DTYPES[data[0]], data[1]
    start = 2 + 8 * ndim
    if len(data) < start:
        raise BadFrame("un array mal formado")
    shape = _HEADERS[ndim].unpack_from(data)[2:]
    # math.prod on Python integers cannot overflow: a huge shape never equals the bytes that came
    if math.prod(shape) * dtype.itemsize != len(data) - start or max(shape, default=0) > MAX_FRAME:
        raise BadFrame("un array cuyos datos no cuadran con su forma")
    # a bytearray of our own makes the array writable; the bytes that came are not
    flat = np.frombuffer(bytearray(memoryview(data)[start:]), dtype)
    if dtype.kind == "b":  # a byte that is neither 0 nor 1 would be a third truth value
        flat = flat.view(np.uint8) != 0
    return flat if ndim == 1 else flat.reshape(shape)


def _pack_array(array: NDArray[Any]) -> bytes:
    code = _CODES.get(array.dtype)
    if code is None:
        raise TypeError(f"an array of dtype {array.dtype} cannot be sent to the student")
    if array.ndim > MAX_NDIM:
        raise TypeError(f"an array of {array.ndim} dimensions cannot be sent to the student")
    return _HEADERS[array.ndim].pack(code, array.ndim, *array.shape) + array.tobytes()


def _extend(value: object) -> Any:
    if type(value) is np.ndarray or isinstance(value, np.ndarray):
        return msgpack.ExtType(ARRAY, _pack_array(value))
    if isinstance(value, np.complexfloating):  # msgpack asks once for each value: its item would come back
        value = complex(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Torch):
        return msgpack.ExtType(TENSOR, _pack_array(np.asarray(value.array)))
    if isinstance(value, tuple):
        return msgpack.ExtType(TUPLE, _pack_nested(list(value)))
    if isinstance(value, complex):
        return msgpack.ExtType(COMPLEX, _COMPLEX.pack(value.real, value.imag))
    if isinstance(value, Proxy):
        return msgpack.ExtType(PROXY, _pack_nested([value.reference, list(value.methods), value.facts]))
    for plain in _PLAIN:
        if isinstance(value, plain):  # a subclass, such as a StrEnum
            return plain(value)
    raise TypeError(f"a {type(value).__name__} cannot be sent to the student")


_PLAIN: tuple[type[Any], ...] = (str, int, float, dict, list)


def _pack_nested(value: object) -> bytes:
    body: bytes = msgpack.packb(value, default=_extend, strict_types=True, use_bin_type=True)
    return body
