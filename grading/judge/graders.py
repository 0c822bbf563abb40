"""From the source of a grader to its groups, once for each content."""

from __future__ import annotations

import linecache
import threading
import traceback
import types
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from .stops import GraderFault

FILE = "grader.py"

GroupFunction = Callable[[Any], None]

_MARK = "__test_group__"
_KEPT = 64
_cache: OrderedDict[str, dict[str, GroupFunction]] = OrderedDict()
_lock = threading.Lock()


def group(slug: str) -> Callable[[GroupFunction], GroupFunction]:
    """Names the test group of exercise.md that the decorated function grades."""

    def mark(function: GroupFunction) -> GroupFunction:
        setattr(function, _MARK, slug)
        return function

    return mark


def load(source: str) -> dict[str, GroupFunction]:
    """The group functions of a grader, by slug. Raises GraderFault, with the line, if it does not load.

    Compiled once for each content and kept: a grader holds no state between gradings.
    """
    key = sha256(source.encode()).hexdigest()
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    groups = _compile(source, key)
    with _lock:
        _cache[key] = groups
        while len(_cache) > _KEPT:
            linecache.cache.pop(_name(_cache.popitem(last=False)[0]), None)
    return groups


def fault(error: BaseException) -> GraderFault:
    """The author's mistake behind `error`, with the last line of the grader that it went through."""
    if isinstance(error, GraderFault) and error.line is not None:
        return error
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(f"<{FILE}")]
    line = frames[-1].lineno if frames else error.lineno if isinstance(error, SyntaxError) else None
    said = str(error) if isinstance(error, GraderFault) else f"{type(error).__name__}: {error}"
    return GraderFault(f"{said} ({FILE}:{line})" if line else said, line)


def _compile(source: str, key: str) -> dict[str, GroupFunction]:
    module = types.ModuleType("grader")
    name = _name(key)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - trusted, see design
    except Exception as broken:
        raise fault(broken) from broken
    groups: dict[str, GroupFunction] = {}
    for function in vars(module).values():
        slug = getattr(function, _MARK, None) if callable(function) else None
        if slug is None:
            continue
        if slug in groups:
            raise GraderFault(f'two functions grade the group "{slug}"', function.__code__.co_firstlineno)
        groups[slug] = function
    return groups


def _name(key: str) -> str:
    return f"<{FILE} {key[:12]}>"
