from __future__ import annotations

import numpy as np
import pytest

from grading.judge.contracts import (
    Anything,
    Array,
    Bool,
    Breach,
    Float,
    Int,
    Items,
    Mapping,
    Maybe,
    NotFinite,
    Nothing,
    Tensor,
    Text,
    Tuple,
)
from grading.judge.frames import Torch

NAN = float("nan")


def said(contract, value) -> str:
    with pytest.raises(Breach) as breach:
        contract.check(value)
    return breach.value.sentence("Devolviste")


@pytest.mark.parametrize(
    ("contract", "value", "sentence"),
    [
        (Array((3,)), np.zeros((3, 1)), "Devolviste forma (3, 1); se pide (3,)."),
        (Array(("n", "n")), np.zeros((2, 3)), "Devolviste forma (2, 3); se pide (n, n)."),
        (Array((2,)), [1.0, 2.0],
         "Devolviste una secuencia de 2 elementos; se pide un array de forma (2,) de NumPy."),
        (Array((2,)), Torch(np.zeros(2)),
         "Devolviste un tensor; se pide un array de forma (2,) de NumPy."),
        (Array((2,)), np.zeros(2, bool), "Devolviste un array de tipo bool; se pide números reales."),
        (Array((2,), "int"), np.zeros(2), "Devolviste un array de tipo float64; se pide enteros."),
        (Array((2,), "float32"), np.zeros(2), "Devolviste un array de tipo float64; se pide tipo float32."),
        (Array(None, low=0), np.array([1.0, -2.0]),
         "Devolviste un elemento que vale −2; se pide cada elemento positivo o cero."),
        (Tensor((2,)), np.zeros(2),
         "Devolviste un array de forma (2,) y tipo float64; se pide un tensor de forma (2,)."),
        (Float(), "0,5", "Devolviste el texto «0,5»; se pide un número."),
        (Float(), True, "Devolviste el booleano True; se pide un número."),
        (Float(), None, "Devolviste None; se pide un número."),
        (Float(), 1j, "Devolviste un número complejo; se pide un número."),
        (Float(), np.zeros(1), "Devolviste un array de forma (1,) y tipo float64; se pide un número."),
        (Float(low=0, high=1), 1.5, "Devolviste el número 1,5; se pide un número entre 0 y 1."),
        (Int(), 3.0, "Devolviste el número 3; se pide un entero."),
        (Int(low=1), 0, "Devolviste el entero 0; se pide un entero de 1 o más."),
        (Bool(), 1, "Devolviste el entero 1; se pide True o False."),
        (Nothing(), 0, "Devolviste el entero 0; se pide None."),
        (Text(["a", "b"]), "c", "Devolviste el texto «c»; se pide «a» o «b»."),
        (Maybe(Int()), "x", "Devolviste el texto «x»; se pide un entero o None."),
        (Items(Float(), 2), [1.0], "Devolviste una secuencia de 1 elementos; se pide 2 elementos."),
        (Items(Int()), [1, 2, "3"], "Devolviste, en la posición 2, el texto «3»; se pide un entero."),
        (Tuple(Float(), Array((2,))), [1.0, np.zeros(3)],
         "Devolviste, en la posición 1, forma (3,); se pide (2,)."),
        (Mapping({"lr": Float()}), {},
         "Devolviste un diccionario sin «lr»; se pide un diccionario con las claves «lr»."),
        (Mapping({"lr": Items(Float())}), {"lr": [1.0, []]},
         "Devolviste, en «lr», en la posición 1, una secuencia vacía; se pide un número."),
        (Mapping(Float()), {1: 2.0},
         "Devolviste un diccionario de 1 claves; se pide un diccionario de textos, "
         "y en cada uno un número."),
    ],
)  # fmt: skip
def test_a_breach_says_what_came_and_what_was_asked(contract, value, sentence):
    assert said(contract, value) == sentence


@pytest.mark.parametrize(
    ("contract", "value"),
    [
        (Float(), NAN), (Float(), float("inf")), (Array((2,)), np.array([1.0, NAN])),
        (Items(Float()), [1.0, NAN]), (Maybe(Float()), NAN), (Array((2, 2)), np.full((2, 2), np.inf)),
        (Array((1,), "complex"), np.array([complex(NAN, 1)])),
    ],
)  # fmt: skip
def test_nan_where_finite_is_due_is_told_apart(contract, value):
    with pytest.raises(NotFinite):
        contract.check(value)


def test_an_author_may_let_nan_in():
    assert np.isnan(Float(finite=False).check(NAN))
    assert np.isnan(Array((1,), finite=False).check(np.array([NAN]))).all()


def test_a_huge_but_finite_array_is_finite():
    with np.errstate(over="ignore"):
        assert Array((2,)).check(np.array([1e300, -1e300])).tolist() == [1e300, -1e300]


@pytest.mark.parametrize(
    ("contract", "value", "kind"),
    [
        (Float(), 3, float), (Float(), np.array(2.5), float), (Float(), Torch(np.array(1.0)), float),
        (Int(), np.array(2), int), (Bool(), np.array(True), bool), (Tuple(Int(), Int()), [1, 2], tuple),
        (Items(Int()), [1, 2], list), (Maybe(Int()), None, type(None)), (Anything(), {"a": 1}, dict),
        (Array((2,)), np.array([1, 2], np.int8), np.ndarray),
        (Tensor((1,)), Torch(np.zeros(1, "f")), np.ndarray),
    ],
)  # fmt: skip
def test_what_a_contract_returns_is_of_a_plain_type(contract, value, kind):
    assert type(contract.check(value)) is kind


def test_numbers_of_any_width_come_as_the_widest():
    assert Array((2,)).check(np.array([1, 2], np.float32)).dtype == np.float64
    assert Array((2,), int).check(np.array([1, 2], np.uint8)).dtype == np.int64
    assert Array((1,), "float32").check(np.zeros(1, np.float32)).dtype == np.float32


def test_a_whole_number_that_does_not_fit_is_not_turned_into_a_negative_one():
    contract = Array((1,), dtype="int", high=9)
    with pytest.raises(Breach, match="64 bits con signo"):
        contract.check(np.array([2**63], np.uint64))
    assert contract.check(np.array([7], np.uint64)).tolist() == [7]
