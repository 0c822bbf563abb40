"""An exercise folder to its record. Its Python is read as text and never run here."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from . import ideas
from .context import Context
from .fields import Fields
from .files import Data, Folder
from .mistakes import Where
from .parts import open_page
from .records import ExerciseRecord, GroupRecord

KINDS = {"implement", "oracle", "diagnose", "tune", "repair", "project"}
LIMITS = {
    "seconds": (0.1, 600),
    "cpu_seconds": (0.1, 600),
    "memory_mb": (32, 16384),
    "calls": (1, 10_000_000),
    "output_kb": (1, 1024),
    "gpu_memory_mb": (64, 65536),
}
WITHOUT_GPU = {"gpu_memory_mb"}
"""Limits that an exercise may leave out."""
RUNTIME = re.compile(r"[a-z0-9-]{1,40}")


def read(folder: Folder, path: str, unit: int, context: Context) -> ExerciseRecord | None:
    """The exercise whose folder is `path`, or None after telling why there is none."""
    source = folder.source(f"{path}/exercise.md")
    if source is None:
        return None
    name = path.rpartition("/")[2]
    fields = Fields(source.data, f"exercise {name}", context.mistakes)
    slug = fields.slug("slug")
    if slug and slug != name:
        fields.wrong("slug", f"the slug is {slug!r} but the folder is {name!r}")
    lesson = fields.text("lesson", required=False)
    if lesson and lesson not in context.lessons:
        fields.wrong("lesson", f"there is no lesson {lesson}")
    elif lesson and lesson.partition(".")[0] != str(unit):
        fields.wrong("lesson", f"lesson {lesson} is of another unit")
    runtime = fields.text("runtime")
    if runtime and not RUNTIME.fullmatch(runtime):
        fields.wrong("runtime", f"{runtime!r} is no name of a runtime")
    functions = fields.texts("functions")
    for index, signature in enumerate(functions):
        if not _is_signature(signature):
            where = source.data.at("functions", index)
            context.mistakes.add(where, f"{signature!r} is no signature, as 'name(x, y=1)'")
    title, kind = fields.text("title"), fields.choice("kind", KINDS)
    difficulty = fields.integer("difficulty", 1, 3)
    limits = _limits(fields)
    document = open_page(context, context.exercise_url(name))
    shared = _hints(fields, "the exercise", document.inline)
    groups = [_group(item, context, document.inline, shared) for item in fields.items("groups")]
    _check_groups(groups, fields)
    ranked = _leaderboard(fields, {group.slug for group in groups if not group.visible})
    fields.finish()
    statement = document.page(source.body, source.body_where)
    files = {part: folder.text(f"{path}/{part}.py") for part in ("starter", "solution", "grader")}
    for part, text in files.items():
        if text is not None:
            _parses(text, Where(f"{path}/{part}.py"), context)
    wrong = sorted(p for p in folder.files if p.startswith(f"{path}/wrong/") and p.endswith(".py"))
    if not wrong:
        context.mistakes.add(
            Where(f"{path}/exercise.md"), "no wrong solution; add the likely ones under wrong/"
        )
    for name_ in wrong:
        _wrong(folder, name_, {group.slug: group for group in groups}, context)
    if any(text is None for text in files.values()) or not slug:
        return None
    starter, grader = files["starter"] or "", files["grader"] or ""
    recipe = json.dumps([source.data.value, source.body, starter, grader], sort_keys=True, ensure_ascii=False)
    return ExerciseRecord(
        slug=slug,
        title=title,
        lesson=lesson,
        kind=kind,
        difficulty=difficulty or 1,
        runtime=runtime,
        functions=functions,
        limits=limits,
        groups=groups,
        statement=statement,
        starter=starter,
        grader=grader,
        content_hash=hashlib.sha256(recipe.encode()).hexdigest(),
        folder=path,
        leaderboard=ranked,
    )


def _leaderboard(fields: Fields, hidden: set[str]) -> dict[str, Any]:
    """Which number ranks the hand-ins, and what stands beside them; empty without a leaderboard."""
    data = fields.mapping("leaderboard", required=False)
    if data is None:
        return {}
    inner = Fields(data, "the leaderboard", fields.mistakes)
    group, metric = inner.slug("group"), inner.text("metric")
    if group and group not in hidden:
        inner.wrong("group", f"{group!r} is no group that students do not see; such a one ranks them")
    references = []
    for item in inner.items("references", required=False):
        reference = Fields(item, "a reference", fields.mistakes)
        label, value = reference.text("label"), reference.number("value")
        reference.finish()
        references.append({"label": label, "value": value})
    inner.finish()
    return {"group": group, "metric": metric, "references": references}


def _limits(fields: Fields) -> dict[str, float]:
    data = fields.mapping("limits")
    if data is None:
        return {}
    inner = Fields(data, "limits", fields.mistakes)
    limits: dict[str, float] = {}
    for name, (low, high) in LIMITS.items():
        value = inner.number(name, required=name not in WITHOUT_GPU)
        if value is not None and not low <= value <= high:
            inner.wrong(name, f"'{name}' is {value:g}; from {low:g} to {high:g}")
        elif value is not None:
            limits[name] = int(value) if value == int(value) else value
    inner.finish()
    return limits


def _hints(fields: Fields, whose: str, inline: Callable[[str, Where], str]) -> dict[str, str]:
    hints = fields.mapping("hints", required=False)
    if hints is None:
        return {}
    texts = Fields(hints, f"hints of {whose}", fields.mistakes)
    return {key: inline(texts.text(key), texts.where(key)) for key in hints.value}


def _group(
    data: Data, context: Context, inline: Callable[[str, Where], str], shared: Mapping[str, str]
) -> GroupRecord:
    """`shared` are the hints that every group of the exercise may bring; its own take their place."""
    fields = Fields(data, "a group", context.mistakes)
    slug = fields.slug("slug")
    fields.what = f"group {slug}"
    hints = {**shared, **_hints(fields, slug, inline)}
    record = GroupRecord(
        slug=slug,
        title=fields.text("title"),
        idea=inline(fields.text("idea"), fields.where("idea")),
        about=fields.slug("about", required=False),
        points=fields.integer("points", 1, 100) or 0,
        visible=fields.flag("visible", default=False),
        requires=fields.texts("requires", required=False),
        hints=hints,
    )
    ideas.check(record.about, fields, "about", context)
    fields.finish()
    return record


def _check_groups(groups: list[GroupRecord], fields: Fields) -> None:
    slugs = [group.slug for group in groups]
    if len(set(slugs)) < len(slugs):
        fields.wrong("groups", "two groups have the same slug")
    if groups and not any(group.visible for group in groups):
        fields.wrong("groups", "no group is visible, so Probar has nothing to run")
    for index, group in enumerate(groups):
        for needed in group.requires:
            if needed not in slugs[:index]:
                where = fields.data.at("groups", index, "requires")
                fields.mistakes.add(
                    where, f"group {group.slug} requires {needed!r}, which does not stand before it"
                )


def _is_signature(text: str) -> bool:
    try:
        tree = ast.parse(f"def {text}: ...")
    except SyntaxError:
        return False
    return len(tree.body) == 1 and isinstance(tree.body[0], ast.FunctionDef)


def _parses(text: str, where: Where, context: Context) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        context.mistakes.add(Where(where.path, line), f"not Python: {getattr(error, 'msg', error)}")
        return None


def _wrong(folder: Folder, path: str, groups: dict[str, GroupRecord], context: Context) -> None:
    """The promise in a wrong solution's docstring names groups and a hint that exist."""
    text = folder.text(path)
    tree = _parses(text, Where(path), context) if text is not None else None
    if tree is None:
        return
    promise = ast.get_docstring(tree) or ""
    fails = re.search(r"^fails:[ \t]*(\S.*)$", promise, re.MULTILINE)
    if fails is None or not promise.splitlines()[0].strip() or promise.startswith("fails:"):
        context.mistakes.add(
            Where(path), "the docstring begins with the misconception, then has 'fails: group'"
        )
        return
    named = [slug.strip() for slug in fails[1].split(",")]
    for slug in named:
        if slug not in groups:
            context.mistakes.add(Where(path), f"'fails' names {slug!r}, which is no group of the exercise")
    hints = re.search(r"^hint:[ \t]*(\S.*)$", promise, re.MULTILINE)
    known = {key for slug in named if slug in groups for key in groups[slug].hints}
    for hint in [part.strip() for part in hints[1].split(",")] if hints else []:
        if hint not in known:
            context.mistakes.add(Where(path), f"'hint' names {hint!r}, which none of the groups it fails has")
