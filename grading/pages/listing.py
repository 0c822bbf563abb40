"""The source of a submission line by line, with what was said of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from grading import selectors
from grading.models import Comment, Submission
from grading.pages.group import CODE


@dataclass(frozen=True)
class Said:
    """A comment as one reader sees it."""

    comment: Comment
    own: bool
    by_student: bool

    @property
    def html(self) -> SafeString:
        """The text with its line breaks, and what stands between backticks as code; all else is text."""
        text = CODE.sub(r"<code>\1</code>", escape(self.comment.text)).replace("\n", "<br>")
        return mark_safe(text)  # noqa: S308 (escaped)


@dataclass(frozen=True)
class Line:
    """A line of the source; `asked` where the reader wants to comment on it."""

    number: int
    text: str
    comments: list[Said]
    asked: bool


@dataclass(frozen=True)
class Listing:
    """The lines, what was said of the whole, and whether the reader may say more."""

    lines: list[Line]
    comments: list[Said]
    may_comment: bool
    asked: int | None


def listing_of(submission: Submission, *, reader: User, asked: int | None = None) -> Listing:
    """The source with its comments; `asked` is the line under which the form stands. At most 2 queries."""
    by_line: dict[int | None, list[Said]] = defaultdict(list)
    lines = submission.lines
    for comment in selectors.comments_of(submission):
        place = comment.line if comment.line and comment.line <= len(lines) else None
        by_line[place].append(
            Said(
                comment,
                own=comment.author_id == reader.pk,
                by_student=comment.author_id == submission.student_id,
            )
        )
    # until it is final its page reloads itself, and would take a half-written comment along
    may_comment = submission.is_final and selectors.may_comment(person=reader, submission=submission)
    if not may_comment or (asked is not None and not 1 <= asked <= len(lines)):
        asked = None
    return Listing(
        lines=[
            Line(number, text, by_line.get(number, []), asked=number == asked)
            for number, text in enumerate(lines, start=1)
        ],
        comments=by_line.get(None, []),
        may_comment=may_comment,
        asked=asked,
    )
