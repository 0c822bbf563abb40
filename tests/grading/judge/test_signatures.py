from __future__ import annotations

import inspect

import pytest

from grading.judge.signatures import Signature, compare
from grading.judge.stops import GraderFault


def written(source: str, name: str = "f") -> dict[str, object]:
    scope: dict[str, object] = {}
    exec(source, scope)
    if name not in scope:
        return {name: None}
    found = inspect.signature(scope[name]).parameters.values()
    return {name: [[p.name, p.kind.name, p.default is not p.empty] for p in found]}


def complaint(asked: str, source: str) -> str:
    return compare([Signature.parse(asked)], written(source), source)


@pytest.mark.parametrize(
    ("asked", "source"),
    [
        ("f(hvp, dim)", "def f(hvp, dim): ..."),
        ("f(hvp, dim)", "def f(producto, n): ..."),
        ("f(hvp, dim)", "def f(hvp, dim, tol=1e-6): ..."),
        ("f(hvp, dim)", "def f(*args): ..."),
        ("f(hvp, dim)", "f = lambda hvp, dim: 0"),
        ("f(w, *, lr)", "def f(w, *, lr=0.1): ..."),
        ("f(w, *, lr)", "def f(w, lr): ..."),
        ("f(w, *, lr)", "def f(w, **kw): ..."),
        ("f(w, lr=0.1)", "def f(w, lr=0.3): ..."),
        ("f()", "def f(): ..."),
    ],
)
def test_a_function_that_can_be_called_as_asked_fits(asked, source):
    assert complaint(asked, source) == ""


@pytest.mark.parametrize(
    ("asked", "source", "own"),
    [
        ("f(hvp, dim)", "def f(hvp): ...", "f(hvp)"),
        ("f(hvp, dim)", "def f(dim, hvp): ...", "f(dim, hvp)"),
        ("f(hvp, dim)", "def f(hvp, dim, x): ...", "f(hvp, dim, x)"),
        ("f(hvp, dim)", "def f(hvp, dim, *, x): ...", "f(hvp, dim, x)"),
        ("f(w, *, lr)", "def f(w): ...", "f(w)"),
        ("f(w, lr=0.1)", "def f(w, lr): ...", "f(w, lr)"),
    ],
)
def test_a_function_that_cannot_is_told_how_it_is_asked_for(asked, source, own):
    assert complaint(asked, source) == f"La función se pide como `{asked}`; la tuya es `{own}`."


def test_a_missing_function_is_named_with_its_near_miss():
    source = "def eta_max(hvp, dim): ..."
    text = compare([Signature.parse("eta_maximo(hvp, dim)")], {"eta_maximo": None}, source)
    assert text == "Falta la función `eta_maximo(hvp, dim)`. Tienes `eta_max`: ¿es esa?"


def test_a_call_by_keyword_reaches_a_renamed_parameter():
    assert Signature.parse("f(w, g, *, lr)").arrange([1], {"g": 2, "lr": 3}) == ([1, 2], {"lr": 3})


def test_an_unreadable_signature_is_the_authors_mistake():
    with pytest.raises(GraderFault, match="is not a signature"):
        Signature.parse("f(x")
