"""Reading a course folder as data from a stranger: nothing outside it, nothing huge, no YAML objects."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .mistakes import Mistakes, Where

TEXT_BYTES = 1_000_000
DRAWING_BYTES = 2_000_000
FILES = 20_000
YAML_NODES = 20_000
YAML_DEPTH = 20
SKIPPED = {"__pycache__", ".git", ".ruff_cache", ".mypy_cache"}
FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


class WrittenFloat(float):
    """A number that remembers how it was written: 1811.03600 is also an arXiv id."""

    written: str

    def __new__(cls, value: float, written: str) -> WrittenFloat:
        number = super().__new__(cls, value)
        number.written = written
        return number


class WrittenInt(int):
    """As `WrittenFloat`: 007 may be a name."""

    written: str

    def __new__(cls, value: int, written: str) -> WrittenInt:
        number = super().__new__(cls, value)
        number.written = written
        return number


@dataclass
class Data:
    """A YAML mapping or list as plain values, and the line of each of its keys and items."""

    value: Any
    where: Where
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def at(self, *path: str | int) -> Where:
        """Where the value under `path` stands, or the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Where(self.where.path, self.lines.get(path, self.where.line))

    def sub(self, *path: str | int) -> Data:
        """The part under `path`, with its own lines."""
        value = self.value
        for step in path:
            value = value[step]
        lines = {key[len(path) :]: line for key, line in self.lines.items() if key[: len(path)] == path}
        return Data(value, self.at(*path), lines)


@dataclass(frozen=True)
class Source:
    """A text file with front matter: its data, and the Markdown below it."""

    path: str
    data: Data
    body: str
    body_where: Where


class Folder:
    """A course folder. Reads only regular files that lie in it; each refusal is a mistake."""

    def __init__(self, root: Path, mistakes: Mistakes) -> None:
        self.root = root.resolve()
        self.mistakes = mistakes

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every regular file by its path relative to the folder; links and oddities are mistakes."""
        found: dict[str, Path] = {}
        for path in self._walk(self.root):
            name = path.relative_to(self.root).as_posix()
            if path.is_symlink():
                self.mistakes.add(Where(name), "symbolic links are refused: copy the file into the folder")
            elif not path.is_file():
                self.mistakes.add(Where(name), "not a regular file")
            elif len(found) >= FILES:
                self.mistakes.add(Where(name), f"the folder holds more than {FILES} files")
                break
            else:
                found[name] = path
        return found

    def _walk(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if path.name in SKIPPED:
                continue
            if path.is_dir() and not path.is_symlink():
                yield from self._walk(path)
            else:
                yield path

    def has(self, name: str) -> bool:
        """Whether there is such a file, by its path relative to the folder."""
        return name in self.files

    def text(self, name: str, where: Where | None = None, *, limit: int = TEXT_BYTES) -> str | None:
        """The file's text, or None after telling why not; `where` is who asked for it."""
        path = self.files.get(name)
        if path is None:
            outside = name.startswith(("/", "~")) or ".." in name.split("/")
            why = "leads outside the course folder" if outside else "does not exist"
            self.mistakes.add(where or Where(name), f"{name} {why}")
            return None
        if (size := path.stat().st_size) > limit:
            self.mistakes.add(Where(name), f"{size:,} bytes; at most {limit:,} are read")
            return None
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self.mistakes.add(Where(name, line), "not UTF-8")
            return None
        if "\0" in text or "\ue000" in text or "\ue001" in text:
            self.mistakes.add(Where(name), "holds a NUL or a private-use character")
            return None
        return text.replace("\r\n", "\n").removeprefix("\ufeff")

    def source(self, name: str) -> Source | None:
        """A file with front matter, or None after telling why not."""
        text = self.text(name)
        if text is None:
            return None
        fences = list(FENCE.finditer(text))
        if len(fences) < 2 or fences[0].start() != 0:
            self.mistakes.add(Where(name), "begins with no front matter: '---', YAML, '---'")
            return None
        data = read_yaml(text[fences[0].end() + 1 : fences[1].start()], Where(name, 2), self.mistakes)
        if data is None:
            return None
        if not isinstance(data.value, dict):
            self.mistakes.add(Where(name, 2), "the front matter is not a list of 'key: value'")
            return None
        start = fences[1].end() + 1
        return Source(name, data, text[start:], Where(name, text.count("\n", 0, start) + 1))

    def digest(self) -> str:
        """Hash of every file's name and content: the same folder, the same hash."""
        digest = hashlib.sha256()
        for name, path in self.files.items():
            if path.stat().st_size <= DRAWING_BYTES:
                digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def read_yaml(text: str, where: Where, mistakes: Mistakes) -> Data | None:
    """Plain YAML: no tags, no anchors, no depth; None after telling what is wrong."""
    try:
        return _Reader(where).read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(filter(None, [error.context, error.problem])) or "cannot be read"
        hint = '; a text with ": " in it, or that begins with one of *&!%@`{[, needs quotes'
        if "escape" in reason:
            hint = "; a backslash stands for itself in 'single' quotes"
        mistakes.add(where.down(mark.line if mark else 0), f"YAML: {reason}{hint}")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mistakes.add(where, f"YAML: {error}".replace("\n", " "))
    return None


class _Refused(yaml.MarkedYAMLError):
    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)


class _Reader:
    """Turns YAML nodes into plain values, noting lines; counts nodes, so that no bomb goes off."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.nodes = 0

    def read(self, text: str) -> Data:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            self.nodes += 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > YAML_DEPTH:
                raise _Refused("too deep", event.start_mark)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refused("anchors and aliases are refused", event.start_mark)
            if self.nodes > YAML_NODES:
                raise _Refused("too long", event.start_mark)
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            value = None if node is None else self._plain(node, (), loader)
        finally:
            loader.dispose()
        return Data(value, self.where, self.lines)

    def _plain(self, node: yaml.Node, path: tuple[str | int, ...], loader: yaml.SafeLoader) -> Any:
        self.lines[path] = self.where.line + node.start_mark.line
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.startswith("tag:yaml.org,2002:python"):
            raise _Refused(f"the tag {node.tag} is refused", node.start_mark)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, index), loader) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            mapping: dict[str, Any] = {}
            for key_node, item in node.value:
                key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
                if key is None:
                    raise _Refused("a key must be a plain text", key_node.start_mark)
                if key in mapping:
                    raise _Refused(f"{key!r} stands twice", key_node.start_mark)
                mapping[key] = self._plain(item, (*path, key), loader)
                self.lines[(*path, key)] = self.where.line + key_node.start_mark.line
            return mapping
        if node.tag.endswith((":timestamp", ":binary")):
            return node.value
        value = loader.construct_object(node)
        if isinstance(value, float):
            return WrittenFloat(value, node.value)
        if isinstance(value, int) and not isinstance(value, bool):
            return WrittenInt(value, node.value)
        return value
