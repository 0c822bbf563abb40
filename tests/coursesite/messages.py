"""Every sentence that the code or a template offers for translation, found without xgettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node, NodeList, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "coursesite", "dashboards", "exercises", "grading", "lessons")
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
TWO = {"ngettext", "ngettext_lazy"}
MARKED = re.compile(r"""_\((?:"([^"]+)"|'([^']+)')\)""")


def offered() -> dict[str, str]:
    """Message to the file that it was found in."""
    found: dict[str, str] = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for message in in_python(path.read_text(encoding="utf-8")):
                found.setdefault(message, str(path.relative_to(ROOT)))
    for folder in (ROOT / "templates", *ROOT.glob("*/templates")):
        for path in folder.rglob("*.*"):
            for message in in_template(path.read_text(encoding="utf-8")):
                found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def in_python(source: str) -> Iterator[str]:
    """The constant first arguments of gettext's functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            wanted = 1 if name in ONE else 2 if name in TWO else 0
            for argument in node.args[:wanted]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def in_template(source: str) -> Iterator[str]:
    """What `translate`, `blocktranslate` and `_("…")` say."""
    template = Template(source, engine=engines["django"].engine)
    yield from in_nodes(template.nodelist)


def in_nodes(nodes: NodeList) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, TranslateNode):
            yield str(getattr(node.filter_expression.var, "literal", "")).replace("%", "%%")
        elif isinstance(node, BlockTranslateNode):
            singular, _names = node.render_token_list(node.singular)
            plural, _names = node.render_token_list(node.plural)
            yield from (trim(text, node) for text in (singular, plural) if text)
        else:
            yield from in_expressions(node)
        for attribute in node.child_nodelists:
            yield from in_nodes(getattr(node, attribute, None) or NodeList())
        if hasattr(node, "conditions_nodelists"):
            for _condition, inner in node.conditions_nodelists:
                yield from in_nodes(inner)


def in_expressions(node: Node) -> Iterator[str]:
    """`_("…")` among the arguments of any other tag."""
    values = list(vars(node).values())
    for value in values:
        if isinstance(value, FilterExpression):
            yield from in_expression(value)
        elif isinstance(value, dict):
            values.extend(value.values())
        elif isinstance(value, list | tuple):
            values.extend(value)


def in_expression(expression: FilterExpression) -> Iterator[str]:
    """`_("…")` as written: Django has translated it by the time the template stands."""
    yield from (first or second for first, second in MARKED.findall(expression.token))


def trim(text: str, node: BlockTranslateNode) -> str:
    """As gettext gets it: with `trimmed`, on one line."""
    return " ".join(line.strip() for line in text.strip().splitlines()) if node.trimmed else text
