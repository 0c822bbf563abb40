"""A course folder to its record: everything read, rendered, compared with the outline, and checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import anchors, exercise, figure, glossary, ideas, maths
from . import outline as outlines
from .context import Context
from .document import Document
from .fields import Fields
from .files import Data, Folder, Source
from .mistakes import Mistake, Mistakes, Where
from .outline import Outline, SectionPlan, Titled, UnitPlan
from .parts import open_page
from .records import CourseRecord, LessonRecord, PageRecord, QuestionRecord, SectionRecord, UnitRecord

END_FILES = {"recursos-recomendados": "resources.md", "glosario": "glossary.md", "creditos": "credits.md"}
LESSON_FILE = re.compile(r"(?P<folder>[^/]+)/(?P<number>\d+(?:\.\d+)+)-(?P<slug>[a-z0-9-]+)\.md")
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+(?:[-’']\w+)*")
CERTIFICATE = ("lessons", "exercises", "quizzes")
QUIZ_FILE = "quiz.md"
PLACE_OF_QUESTION = re.compile(r'<div data-question="[a-z0-9-]*"></div>')
LABS = maths.ROOT / "frontend" / "src" / "labs"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Reading:
    """What came of reading a folder: the course, and all that is wrong with it."""

    course: CourseRecord
    mistakes: list[Mistake]


def digest(root: Path, *programs: Path) -> str:
    """Hash of the folder, of this package, of the maths renderer, and of the `programs` that store it."""
    found = hashlib.sha256(Folder(root, Mistakes()).digest().encode())
    for path in [*sorted(Path(__file__).parent.glob("*.py")), *programs]:
        found.update(path.read_bytes())
    found.update(maths.renderer_version().encode())
    return found.hexdigest()


def read(root: Path, *, cache: Path | None = None, strict: bool = False, drafts: bool = False) -> Reading:
    """Read the course in `root`. `cache`: where formulas are remembered.

    `strict` is for authors: figures must be those of their scripts, and a written lesson may only use what
    exists. With `drafts`, a draft is taken for written, as its author wants to see it. Runs no code of the
    folder. Raises `maths.NoMaths` where node or Temml is missing.
    """
    mistakes = Mistakes()
    folder = Folder(root, mistakes)
    plan = outlines.read(folder, mistakes)
    shown = {"written", "draft"} if drafts else {"written"}
    return _Reader(folder, plan, mistakes, cache, strict, shown).read()


class _Reader:
    def __init__(
        self,
        folder: Folder,
        plan: Outline,
        mistakes: Mistakes,
        cache: Path | None,
        strict: bool,
        shown: set[str],
    ) -> None:
        self.folder, self.plan, self.mistakes, self.strict = folder, plan, mistakes, strict
        self.shown = shown
        self.top = folder.source("course.md")
        data = self.top.data if self.top else None
        self.fields = Fields(data, "the course", mistakes) if data else None
        macros = self._macros()
        slug = self.fields.slug("slug") if self.fields else ""
        if slug and slug != folder.root.name:
            mistakes.add(Where("course.md"), f"the slug is {slug!r} but the folder is {folder.root.name!r}")
        self.context = Context(
            course=slug,
            mistakes=mistakes,
            maths=maths.Maths(macros, cache),
            lessons=set(plan.lessons),
            pages={page.slug for page in (*plan.front, *plan.end)},
            exercises=set(plan.exercises),
            labs=set(plan.labs),
            figures=figure.read_all(folder, mistakes, strict=strict),
        )

    def read(self) -> Reading:
        self._strangers()
        terms = self._glossary()
        known = ideas.read(self.folder, self.context)
        units = [self._unit(unit) for unit in self.plan.units]
        pages = [self._page(page, "front", f"front/{page.slug}.md", None) for page in self.plan.front]
        for page in self.plan.end:
            body = terms if page.slug == "glosario" else None
            pages.append(self._page(page, "end", END_FILES.get(page.slug, f"{page.slug}.md"), body))
        course = self._course(units, pages)
        course.ideas = known
        self.context.check_anchors()
        self.context.mathml = self.context.maths.render(self.mistakes)
        self._fill(course)
        return Reading(course, self.mistakes.listed())

    def _macros(self) -> dict[str, str]:
        if self.fields is None or not self.fields.has("macros"):
            return {}
        data = self.fields.mapping("macros", required=False)
        inner = Fields(data, "macros", self.mistakes) if data else None
        return {key: inner.text(key) for key in inner.values} if inner else {}

    def _course(self, units: list[UnitRecord], pages: list[PageRecord]) -> CourseRecord:
        fields = self.fields or Fields(Data({}, Where("course.md")), "the course", self.mistakes)
        updated = fields.text("updated", required=False)
        if updated and not DATE.fullmatch(updated):
            fields.wrong("updated", f"{updated!r} is no date, as 2026-01-31")
        course = CourseRecord(
            slug=self.context.course,
            title=fields.text("title"),
            description=fields.text("description", required=False),
            keywords=fields.texts("keywords", required=False),
            level=fields.text("level", required=False),
            duration_estimate=fields.text("duration_estimate", required=False),
            prerequisites=fields.texts("prerequisites", required=False),
            audience=fields.texts("audience", required=False),
            updated=updated,
            pages=pages,
            units=units,
            labs=list(self.plan.labs),
            certificate=self._certificate(fields),
            quiz_tries=fields.integer("quiz_tries", 1, 20, required=False),
        )
        fields.finish()
        return course

    def _certificate(self, fields: Fields) -> dict[str, float]:
        """The shares that earn a certificate; none: the course gives no certificates."""
        data = fields.mapping("certificate", required=False)
        if data is None:
            return {}
        inner = Fields(data, "certificate", self.mistakes)
        rule = {}
        for name in CERTIFICATE:
            share = inner.number(name, required=False)
            if share is not None and not 0 < share <= 1:
                inner.wrong(name, f"'{name}' is {share:g}; a share above 0 and at most 1 is due")
            elif share is not None:
                rule[name] = share
        inner.finish()
        return rule

    def _glossary(self) -> Callable[[Document, Source], str] | None:
        """Read the terms, which every page may link to; returns what renders their page."""
        if not self.folder.has("glossary.md") or "glosario" not in self.context.pages:
            return None
        source = self.folder.source("glossary.md")
        if source is None:
            return None
        before, found = glossary.entries(source.body, source.body_where, self.context)
        return lambda document, s: document.page(before, s.body_where) + glossary.as_html(document, found)

    def _page(
        self, plan: Titled, place: str, path: str, render: Callable[[Document, Source], str] | None
    ) -> PageRecord:
        record = PageRecord(plan.slug, plan.title, place)
        if not self.folder.has(path):
            return record
        source = self.folder.source(path)
        if source is None:
            return record
        fields = Fields(source.data, "the page", self.mistakes)
        self._agree(fields, plan)
        written = fields.choice("status", {"written", "planned", "draft"}, default="written") in self.shown
        fields.finish()
        document = open_page(self.context, self.context.page_url(plan.slug))
        html = render(document, source) if render else document.page(source.body, source.body_where)
        if render:
            self.context.anchors[document.url] = document.ids
        if document.questions:
            self.mistakes.add(source.body_where, "a quiz stands in a lesson, not in a page")
        if written and not html.strip():
            self.mistakes.add(source.body_where, "the page is empty but its status is written")
        if written:
            record.html, record.written, record.words = html, True, _words(html)
            record.snippets = document.snippets
        return record

    def _agree(self, fields: Fields, plan: Titled) -> None:
        for key, due in (("number", plan.number), ("slug", plan.slug), ("title", plan.title)):
            if due and (found := fields.text(key)) and found != due:
                fields.wrong(key, f"the {key} is {found!r}; the outline says {due!r}")

    def _unit(self, plan: UnitPlan) -> UnitRecord:
        record = UnitRecord(
            plan.number, plan.slug, plan.title, plan.folder, "", [], [], list(plan.exercises), []
        )
        path = f"{plan.folder}/unit.md"
        source = self.folder.source(path)
        document = open_page(self.context, f"unit {plan.number}")
        if source:
            fields = Fields(source.data, f"unit {plan.number}", self.mistakes)
            self._agree(fields, Titled(plan.slug, plan.title, str(plan.number)))
            goals = fields.texts("goals", required=False)
            record.goals = [document.inline(g, fields.data.at("goals", i)) for i, g in enumerate(goals)]
            self._sections_agree(fields, plan)
            if fields.texts("exercises", required=False) != list(plan.exercises):
                due = ", ".join(plan.exercises)
                fields.wrong("exercises", f"the exercises must be those of the outline, in order: {due}")
            fields.finish()
            record.html = document.page(source.body, source.body_where)
        record.sections = [self._section(section, plan) for section in plan.sections]
        record.quiz = self._quiz(plan)
        for slug in plan.exercises:
            folder = f"{plan.folder}/exercises/{slug}"
            if any(name.startswith(f"{folder}/") for name in self.folder.files):
                found = exercise.read(self.folder, folder, plan.number, self.context)
                record.exercises += [found] if found else []
        return record

    def _quiz(self, plan: UnitPlan) -> list[QuestionRecord]:
        """The unit's end quiz; none while it is not written."""
        path = f"{plan.folder}/{QUIZ_FILE}"
        source = self.folder.source(path) if self.folder.has(path) else None
        if source is None:
            return []
        fields = Fields(source.data, f"the end quiz of unit {plan.number}", self.mistakes)
        number = fields.integer("unit", 0, 999)
        if number is not None and number != plan.number:
            fields.wrong("unit", f"this is the folder of unit {plan.number}")
        written = fields.choice("status", {"written", "draft"}, default="written") in self.shown
        fields.finish()
        document = open_page(self.context, f"end quiz {plan.number}")
        rest = PLACE_OF_QUESTION.sub("", document.page(source.body, source.body_where))
        if rest.strip():
            self.mistakes.add(source.body_where, "an end quiz holds ':::quiz' blocks and nothing else")
        if written and not document.questions:
            self.mistakes.add(source.body_where, "the end quiz has no question but its status is written")
        return document.questions if written else []

    def _sections_agree(self, fields: Fields, plan: UnitPlan) -> None:
        due = {s.number: (s.title, [lesson.number for lesson in s.lessons]) for s in plan.sections}
        for item in fields.items("sections"):
            section = Fields(item, "a section", self.mistakes)
            number, title, lessons = section.text("number"), section.text("title"), section.texts("lessons")
            section.finish()
            if number not in due:
                section.wrong("number", f"the outline has no section {number} in unit {plan.number}")
                continue
            expected, numbers = due.pop(number)
            if title != expected:
                section.wrong("title", f"the title is {title!r}; the outline says {expected!r}")
            if lessons != numbers:
                section.wrong("lessons", f"the lessons must be {', '.join(numbers)}")
        for number in due:
            fields.wrong("sections", f"section {number} is missing")

    def _section(self, plan: SectionPlan, unit: UnitPlan) -> SectionRecord:
        return SectionRecord(plan.number, plan.title, [self._lesson(lesson, unit) for lesson in plan.lessons])

    def _lesson(self, plan: Titled, unit: UnitPlan) -> LessonRecord:
        path = f"{unit.folder}/{plan.number}-{plan.slug}.md"
        record = LessonRecord(plan.number, plan.slug, plan.title)
        if not self.folder.has(path):
            return record
        record.path = path
        source = self.folder.source(path)
        if source is None:
            return record
        fields = Fields(source.data, f"lesson {plan.number}", self.mistakes)
        self._agree(fields, plan)
        record.minutes = fields.integer("minutes", 1, 240)
        record.summary = fields.text("summary")
        record.written = fields.choice("status", {"written", "draft"}) in self.shown
        fields.finish()
        document = open_page(self.context, self.context.lesson_url(plan.number))
        html = document.page(source.body, source.body_where)
        if record.written:
            record.html, record.contents, record.questions = html, document.headings, document.questions
            record.labs, record.snippets, record.words = list(document.labs), document.snippets, _words(html)
            if not record.words:
                self.mistakes.add(source.body_where, "the lesson is empty but its status is written")
            if self.strict:
                self._exists(document)
        return record

    def _exists(self, document: Document) -> None:
        """What a lesson for readers shows must be there."""
        for lab, where in document.labs.items():
            if not (LABS / lab / "index.ts").is_file():
                self.mistakes.add(
                    where, f"the lab {lab!r} has no program at frontend/src/labs/{lab}/index.ts"
                )
        for slug, where in document.asked.items():
            unit = self.plan.exercises[slug]
            if not self.folder.has(f"{unit.folder}/exercises/{slug}/exercise.md"):
                self.mistakes.add(where, f"the exercise {slug!r} is not written yet")

    def _strangers(self) -> None:
        """Files that look like lessons, units or exercises but that the outline does not know."""
        folders = {unit.folder: unit for unit in self.plan.units}
        promised = {
            f"{u.folder}/{x.number}-{x.slug}.md"
            for u in self.plan.units
            for s in u.sections
            for x in s.lessons
        }
        front = {f"front/{page.slug}.md" for page in self.plan.front}
        names = {lesson.number: lesson for lesson in self.plan.lessons.values()}
        for path in self.folder.files:
            parts = path.split("/")
            found = LESSON_FILE.fullmatch(path)
            if found and path not in promised:
                plan = names.get(found["number"])
                due = f"; the outline says {plan.number}-{plan.slug}.md" if plan else ""
                self.mistakes.add(Where(path), f"the outline has no lesson of this number and slug here{due}")
            elif re.match(r"\d+-", parts[0]) and parts[0] not in folders:
                self.mistakes.add(Where(path), f"the outline has no unit {parts[0]!r}")
            elif parts[-1] == "exercise.md" and parts[0] in folders:
                known = {f"{parts[0]}/exercises/{slug}/exercise.md" for slug in folders[parts[0]].exercises}
                if path not in known:
                    self.mistakes.add(Where(path), f"the outline has no exercise {parts[-2]!r} in this unit")
            elif parts[-1] == QUIZ_FILE and (len(parts) != 2 or parts[0] not in folders):
                self.mistakes.add(Where(path), "an end quiz lies in the folder of its unit, beside unit.md")
            elif parts[0] == "front" and len(parts) == 2 and path not in front:
                self.mistakes.add(Where(path), "the outline has no such front page")

    def _fill(self, course: CourseRecord) -> None:
        """Put the formulas where their tokens stand, in everything that is HTML."""
        fill = self.context.filled
        for page in course.pages:
            page.html = fill(page.html)
        for unit in course.units:
            unit.html, unit.goals = fill(unit.html), fill(unit.goals)
            self._fill_questions(unit.quiz)
            for record in unit.exercises:
                record.statement = fill(record.statement)
                for group in record.groups:
                    group.idea, group.hints = fill(group.idea), fill(group.hints)
        for lesson in course.lessons:
            lesson.html = anchors.with_anchors(fill(lesson.html))
            for heading in lesson.contents:
                heading.title = fill(heading.title)
            self._fill_questions(lesson.questions)

    def _fill_questions(self, questions: list[QuestionRecord]) -> None:
        fill = self.context.filled
        for question in questions:
            question.prompt = fill(question.prompt)
            question.public, question.answer = fill(question.public), fill(question.answer)
            question.variants = fill(question.variants)


def _words(html: str) -> int:
    text = re.sub(r"<svg\b.*?</svg>|<pre\b.*?</pre>", " ", html, flags=re.DOTALL)
    return len(WORD.findall(TAG.sub(" ", text)))
