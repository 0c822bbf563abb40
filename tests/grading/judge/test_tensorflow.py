"""A TensorFlow exercise: Keras trains inside the wall, and the judge evaluates what comes back."""

from __future__ import annotations

import pytest

from grading.judge import GroupSpec
from grading.judge.verdicts import Verdict

pytestmark = pytest.mark.wall

GRADER = """
WEIGHTS = Mapping({"weight": Tensor((2, 1)), "bias": Tensor((1,))})

@group("g")
def g(attempt):
    x = attempt.rng.normal(size=(64, 2)).astype("float32")
    y = x @ np.array([[2.0], [-1.0]], "float32") + 0.5
    got = attempt.call("entrena", as_tensor(x), as_tensor(y), returns=WEIGHTS)
    held_out = attempt.rng.normal(size=(64, 2))
    wanted = held_out @ [2.0, -1.0] + 0.5
    error = np.abs(held_out @ got["weight"][:, 0] + got["bias"][0] - wanted).max()
    attempt.check(error < 1e-2, message="Los pesos no generalizan.")
"""

TRAINS = """
import keras
import tensorflow as tf

class Decae(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, inicial):
        self.inicial = inicial

    def __call__(self, paso):
        return self.inicial / (1.0 + 0.01 * tf.cast(paso, tf.float32))

def entrena(x, y):
    assert x.dtype is tf.float32
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(Decae(0.2)), loss="mse")
    model.fit(x, y, epochs=8, batch_size=8, verbose=0)
    for _ in range(20):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        variables = model.trainable_variables
        for variable, slope in zip(variables, tape.gradient(loss, variables)):
            variable.assign_sub(0.1 * slope)
    dense = model.layers[0]
    return {returned}
"""

RETURNS = "@group('g')\ndef g(attempt): attempt.note(value=attempt.call('f', 1.0, returns=Anything()))\n"


@pytest.fixture
def train(judge_all, tensorflow_runtime):
    """What becomes of one training that returns the expression."""

    def run(returned: str):
        options = {"functions": ("entrena(x, y)",), "on": tensorflow_runtime, "memory_mb": 128, "seconds": 30}
        source = TRAINS.replace("{returned}", returned)
        return judge_all(GRADER, source, GroupSpec("g", "G", 10), **options).groups[0]

    return run


@pytest.fixture
def ask(judge_all, tensorflow_runtime):
    """What becomes of a source with `f(x)`, whose answer is noted."""

    def run(source: str, **options):
        options = {"on": tensorflow_runtime, "memory_mb": 128, "seconds": 30} | options
        return judge_all(RETURNS, source, GroupSpec("g", "G", 10), **options).groups[0]

    return run


@pytest.mark.parametrize(
    ("returned", "verdict", "message"),
    [
        ("{'weight': dense.kernel, 'bias': dense.bias}", Verdict.PASSED, ""),
        ("{'weight': tf.identity(dense.kernel), 'bias': tf.Variable(dense.bias)}", Verdict.PASSED, ""),
        ("{'weight': tf.zeros((2, 1)), 'bias': tf.zeros(1)}", Verdict.WRONG, "Los pesos no generalizan."),
        ("{'weight': dense.kernel.numpy(), 'bias': dense.bias}", Verdict.BAD_VALUE,
         "Devolviste, en «weight», un array de forma (2, 1) y tipo float32; "
         "se pide un tensor de forma (2, 1)."),
        ("model", Verdict.BAD_VALUE,
         "Devolviste un objeto de tipo Sequential; se pide un diccionario con las claves «weight», «bias»."),
    ],
)  # fmt: skip
def test_keras_trains_inside_and_is_judged_outside(train, returned, verdict, message):
    report = train(returned)
    assert (report.verdict, report.message) == (verdict, message)
    assert report.peak_memory_bytes < 64 << 20  # the runtime's own is not the student's


def test_the_same_seed_draws_the_same_weights_and_none_is_left_to_the_next(ask):
    source = """
import keras, tensorflow as tf
keras.layers.Dense.leftover = 1
def f(x):
    dense = keras.layers.Dense(1)
    dense.build((None, 3))
    return [dense.name, dense.kernel.numpy().tolist(), tf.random.normal((2,)).numpy().tolist()]
"""
    first, second = ask(source).evidence["value"], ask(source).evidence["value"]
    assert first == second
    assert first[0] == "dense"  # the rehearsal has left no layer behind that it would be counted after
    assert ask(source, seed=8).evidence["value"] != first
    clean = "import keras\ndef f(x): return hasattr(keras.layers.Dense, 'leftover')"
    assert ask(clean).evidence["value"] is False


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("held = []\n    while True: held.append(tf.ones(2_000_000))", Verdict.MEMORY_LIMIT),
        ("while True: x = tf.sin(x)", Verdict.TIME_LIMIT),
        ("import socket; return socket.create_connection(('192.0.2.1', 80))", Verdict.FORBIDDEN),
        ("return tf.io.read_file('/etc/passwd')", Verdict.EXCEPTION),
        ("import os; os.abort()", Verdict.EXCEPTION),
    ],
    ids=["memory", "time", "network", "files", "abort"],
)
def test_an_attack_ends_alone_and_the_next_one_passes(ask, train, body, verdict):
    report = ask(f"import tensorflow as tf\ndef f(x):\n    {body}\n", seconds=5)
    assert report.verdict is verdict, report.message
    after = train("{'weight': dense.kernel, 'bias': dense.bias}")
    assert after.verdict is Verdict.PASSED, after.message
