"""The ideas of a course (`ideas.yaml`): what is to be understood, and where it is taught."""

from __future__ import annotations

from difflib import get_close_matches

from .context import Context
from .fields import Fields
from .files import Folder, read_yaml
from .mistakes import Where
from .records import IdeaRecord

FILE = "ideas.yaml"


def read(folder: Folder, context: Context) -> list[IdeaRecord]:
    """The ideas in order; their slugs go into the context. Without the file a course has none to check."""
    if not folder.has(FILE):
        return []
    text = folder.text(FILE)
    data = read_yaml(text, Where(FILE), context.mistakes) if text is not None else None
    if data is None:
        return []
    top = Fields(data, "the ideas", context.mistakes)
    found = []
    for slug in top.values:
        part = top.mapping(slug)
        if part is None:
            continue
        fields = Fields(part, f"idea {slug}", context.mistakes)
        record = IdeaRecord(
            slug, fields.text("title"), fields.text("lesson"), fields.text("anchor", required=False)
        )
        fields.finish()
        if record.lesson and record.lesson not in context.lessons:
            close = get_close_matches(record.lesson, context.lessons, n=1)
            hint = f"; do you mean {close[0]}?" if close else ""
            fields.wrong("lesson", f"there is no lesson {record.lesson}{hint}")
        elif record.anchor:
            context.asked.append((fields.where("anchor"), context.lesson_url(record.lesson), record.anchor))
        found.append(record)
    context.ideas = {record.slug for record in found}
    return found


def check(slug: str, fields: Fields, key: str, context: Context) -> None:
    """Tell an idea that the course does not list."""
    if slug and context.ideas is not None and slug not in context.ideas:
        close = get_close_matches(slug, context.ideas, n=1)
        hint = f"; do you mean {close[0]!r}?" if close else ""
        fields.wrong(key, f"{FILE} has no idea {slug!r}{hint}")
