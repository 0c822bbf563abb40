"""Runs inside the wall, next to the student's code, and is as little trusted as that code.

`serve` takes frames from the judge and answers them, one at a time:

    load  [load, id, source, functions, seed, spin]  ->  [loaded, id, {name: parameters}]
                                                         or [raised, id, what]
    call  [call, id, name, args, kwargs, echo]  ->  [done, id, value, args afterwards or nil]
                                                    or [raised, id, what] or [unsendable, id, words]
    and while a call runs, for each question to an oracle:
    [ask, reference, method, args]  ->  [tell, value]  or  [refuse, words]

Nothing that decides a score is computed here. What the student's code does to this file, or to NumPy,
or to the socket, changes only what it answers. The wire format is described in grading/judge/frames.py.
"""

import inspect
import linecache
import os
import random
import socket
import struct
import sys
import threading
import time
import types

import msgpack
import numpy as np
import numpy.random  # else the first seed would import it, in every child

ARRAY, TENSOR, TUPLE, COMPLEX, PROXY = 1, 2, 3, 4, 5
MAX_NDIM = 8
DTYPES = [
    np.dtype(name)
    for name in (
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float16", "float32", "float64", "complex64", "complex128",
    )
]  # fmt: skip
CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
HEADERS = [struct.Struct(f"<BB{ndim}Q") for ndim in range(MAX_NDIM + 1)]
LENGTH = struct.Struct(">I")
FILE = "solution.py"


class Unsendable(TypeError):
    """A value that is not plain data."""


class PresupuestoAgotado(RuntimeError):
    """The oracle answers no more: its budget is spent."""


def serve(channel):
    """Answer the judge's frames on `channel` until it closes."""
    sys.stdout.reconfigure(line_buffering=True, encoding="utf-8", errors="replace")
    sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    Student(channel).serve()


def rehearse():
    """Do once, for nobody, what every student's run does: its pages of memory are then this process's own."""
    module = types.ModuleType("rehearsal")
    text = "def f(x, k=2.0):\n    for _ in range(3):\n        x = x - k * x @ x\n    return float(x.sum())\n"
    exec(compile(text, "rehearsal", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own text
    parameters(module, "f")
    random.seed(0)
    np.random.seed(0)
    x = np.random.default_rng(0).normal(size=8)
    body = pack(["done", 0, module.f(x), x])
    msgpack.unpackb(body, raw=False, strict_map_key=False, ext_hook=lambda _, data: unpack_array(data))


def seed_libraries(seed):
    """Seed what the runtime's libraries draw from; the zygote puts the runtime's own function here."""


def seed_all(seed):
    """Seed what draws at random, also the generators that the student will make without a seed.

    Those ask the system for one, so a second grading would be another experiment; here they get the next
    number of a sequence. `os.urandom` and `secrets` stay what they are.
    """
    entropy = random.Random(seed)  # noqa: S311 - repeatable is what it is for
    np.random.bit_generator.randbits = entropy.getrandbits  # what SeedSequence() asks
    plain, legacy = random.Random.seed, np.random.seed

    def seed_or_next(self, a=None, version=2):
        plain(self, entropy.getrandbits(64) if a is None else a, version)

    def legacy_or_next(seed=None):
        legacy(entropy.getrandbits(32) if seed is None else seed)

    random.Random.seed, np.random.seed = seed_or_next, legacy_or_next
    random.seed = random._inst.seed
    random.seed(seed)
    np.random.seed(seed)
    seed_libraries(seed=seed)


class Student:
    """The student's module and the conversation with the judge."""

    def __init__(self, channel):
        channel.setblocking(True)
        self.channel = channel
        self.module = types.ModuleType("solution")
        self.busy = False
        self.spin = 0.0
        self.lock = threading.Lock()  # one question at a time, also from the student's threads

    def serve(self):
        while (message := self.receive()) is not None:
            verb, number, *rest = message
            try:
                answer = self.load(number, *rest) if verb == "load" else self.call(number, *rest)
            except BaseException as error:  # also SystemExit: it must not end the process in silence
                answer = pack(["raised", number, what_happened(error)])
            sys.stdout.flush()
            sys.stderr.flush()
            with self.lock:
                self.busy = False
                self.send(answer)

    def load(self, number, source, functions, seed, spin):
        self.spin = spin
        linecache.cache[FILE] = (len(source), None, [line + "\n" for line in source.split("\n")], FILE)
        sys.modules["solution"] = self.module
        self.module.__file__ = FILE
        seed_all(seed)
        code = compile(source, FILE, "exec", dont_inherit=True)
        exec(code, self.module.__dict__)  # noqa: S102 - this is the place for it
        return pack(["loaded", number, {name: parameters(self.module, name) for name in functions}])

    def call(self, number, name, args, kwargs, echo):
        self.busy = True
        value = getattr(self.module, name)(*args, **kwargs)
        after = [None if isinstance(arg, (Oracle, Function)) else arg for arg in args] if echo else None
        try:
            return pack(["done", number, value, after])
        except Unsendable as error:
            return pack(["unsendable", number, str(error)])

    def ask(self, reference, method, args):
        """The oracle's answer to `args`; raises once the judge refuses."""
        with self.lock:
            if not self.busy:
                raise RuntimeError("el oráculo solo responde mientras se ejecuta tu función")
            self.send(pack(["ask", reference, method, list(args)]))
            verb, value = self.receive(self.spin)
        if verb == "refuse":
            raise PresupuestoAgotado(value)
        return value

    def send(self, body):
        self.channel.sendall(LENGTH.pack(len(body)) + body)

    def receive(self, spin=0.0):
        data = None
        until = time.monotonic() + spin if spin else 0.0
        while data is None and time.monotonic() < until:  # sleeping and waking costs more than most answers
            try:
                data = self.channel.recv(1 << 16, socket.MSG_DONTWAIT)
            except BlockingIOError:
                os.sched_yield()
        if data is None:
            data = self.channel.recv(1 << 16)
        while data and (len(data) < 4 or len(data) < 4 + LENGTH.unpack_from(data)[0]):
            more = self.channel.recv(1 << 20)
            if not more:
                return None
            data = bytearray(data) if type(data) is bytes else data
            data += more
        return self.unpack(memoryview(data)[4:]) if data else None

    def unpack(self, body):
        return msgpack.unpackb(body, raw=False, strict_map_key=False, ext_hook=self.extension)

    def extension(self, code, data):
        if code == ARRAY:
            return unpack_array(data)
        if code == TENSOR:
            return tensor_of(unpack_array(data))
        if code == COMPLEX:
            return complex(*struct.unpack("<dd", data))
        if code == TUPLE:
            return tuple(self.unpack(data))
        reference, methods, facts = self.unpack(data)
        return Oracle(self, reference, methods, facts) if methods else Function(self, reference, facts)


class Function:
    """A counted function of the judge: call it like any other."""

    def __init__(self, student, reference, facts):
        self._ask = lambda *args: student.ask(reference, "", args)
        self.__name__ = facts["name"]
        self.__dict__.update(facts)

    def __call__(self, *args):
        return self._ask(*args)

    def __repr__(self):
        return f"<función contada {self.__name__}>"


class Oracle:
    """A counted objective of the judge: `f(x)`, `f.value(x)`, `f.grad(x)`, as far as it offers them."""

    def __init__(self, student, reference, methods, facts):
        self.__name__ = facts["name"]
        self.__dict__.update(facts)
        for method in methods:
            setattr(self, method, lambda *args, method=method: student.ask(reference, method, args))

    def __call__(self, *args):
        return self.value(*args)

    def __repr__(self):
        return f"<oráculo {self.__name__}>"


def parameters(module, name):
    """[[name, kind, has a default], …] of a function; None if there is none. A builtin takes anything."""
    function = getattr(module, name, None)
    if not callable(function):
        return None
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return [["args", "VAR_POSITIONAL", False], ["kwargs", "VAR_KEYWORD", False]]
    return [[p.name, p.kind.name, p.default is not p.empty] for p in signature.parameters.values()]


def what_happened(error):
    """The error as plain data, with the lines of the student's file that it went through."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            frames.append([trace.tb_lineno, trace.tb_frame.f_code.co_name])
        trace = trace.tb_next
    try:
        message = str(error)
    except BaseException:
        message = ""
    number = getattr(error, "errno", None)
    return {
        "type": type(error).__name__,
        "kinds": [kind.__name__ for kind in type(error).__mro__[:8]],
        "message": message[:2000],
        "errno": number if type(number) is int else None,
        "code": error.code if type(error) is SystemExit and type(error.code) is int else None,
        "frames": frames[-12:],
        "syntax": [error.lineno, error.offset]
        if isinstance(error, SyntaxError) and error.filename == FILE and not frames
        else None,
    }


def pack(value):
    """msgpack bytes of `value`; raises Unsendable, in words, for what is not plain data."""
    try:
        return pack_frame(value)
    except Unsendable:
        raise
    except (ValueError, RecursionError, OverflowError) as error:
        raise Unsendable("una estructura que no se puede enviar (¿se contiene a sí misma?)") from error


def convert(value):
    """The plain form of a value that msgpack does not know."""
    if type(value) is np.ndarray:
        return msgpack.ExtType(ARRAY, pack_array(value))
    if isinstance(value, np.generic):
        return convert_scalar(value)
    array = array_of(value)
    if array is not None:
        return msgpack.ExtType(TENSOR, pack_array(array))
    if type(value) is int:
        raise Unsendable("un entero de más de 64 bits")
    if type(value) is complex:
        return msgpack.ExtType(COMPLEX, struct.pack("<dd", value.real, value.imag))
    if isinstance(value, tuple):
        return list(value)
    for plain in (bool, int, float, str, dict, list):
        if isinstance(value, plain):
            return plain(value)
    raise Unsendable(f"un objeto de tipo {type(value).__name__}")


def tensor_of(array):
    """The array as a tensor of the runtime's library."""
    if "tensorflow" in sys.modules:
        return sys.modules["tensorflow"].constant(array)
    import torch

    return torch.from_numpy(array)


def array_of(value):
    """A tensor or variable of PyTorch, TensorFlow or Keras as an array; None for anything else."""
    torch, tensorflow = sys.modules.get("torch"), sys.modules.get("tensorflow")
    if torch is not None and isinstance(value, torch.Tensor):
        dense = value.detach().cpu()
        if dense.dtype is torch.bfloat16:
            dense = dense.float()
        return dense.resolve_conj().resolve_neg().numpy()
    if tensorflow is not None and isinstance(
        value, (tensorflow.Tensor, tensorflow.Variable, tensorflow.keras.Variable)
    ):
        dense = tensorflow.convert_to_tensor(value)
        if dense.dtype == tensorflow.bfloat16:
            dense = tensorflow.cast(dense, "float32")
        if not tensorflow.executing_eagerly() or not hasattr(dense, "numpy"):
            raise Unsendable("un tensor simbólico, que todavía no tiene valores")
        return dense.numpy()
    return None


def convert_scalar(value):
    """The plain form of a NumPy scalar."""
    plain = value.item()
    if type(plain) is complex:
        return msgpack.ExtType(COMPLEX, struct.pack("<dd", plain.real, plain.imag))
    if type(plain) in (bool, int, float, str, bytes):
        return plain
    if isinstance(value, np.floating):  # long double
        return float(value)
    raise Unsendable(f"un objeto de tipo {type(value).__name__}")


def pack_array(array):
    """Code, number of dimensions, shape, bytes in C order."""
    code = CODES.get(array.dtype)
    if code is None:
        code = CODES.get(array.dtype.newbyteorder("="))
        if code is None:
            raise Unsendable(f"un array de dtype {array.dtype}")
        array = array.astype(DTYPES[code])
    if array.ndim > MAX_NDIM:
        raise Unsendable(f"un array de {array.ndim} dimensiones")
    return HEADERS[array.ndim].pack(code, array.ndim, *array.shape) + array.tobytes()


def unpack_array(data):
    """The array of such bytes, writable."""
    ndim = data[1]
    header = HEADERS[ndim]
    shape = header.unpack_from(data)[2:]
    array = np.frombuffer(bytearray(memoryview(data)[header.size :]), DTYPES[data[0]])
    return array if ndim == 1 else array.reshape(shape)


pack_frame = msgpack.Packer(default=convert, strict_types=True, unicode_errors="replace").pack
