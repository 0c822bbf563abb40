"""What every command needs: the site, the terminal, and the exercise that is meant."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import config
from ..api import Json, Site
from ..folder import Note, note_of
from ..terminal import Terminal
from ..trouble import Trouble, refused
from ..words import _


@dataclass(frozen=True)
class Context:
    """One call of the program."""

    options: Namespace
    terminal: Terminal
    environment: Mapping[str, str]

    @cached_property
    def site(self) -> Site:
        """The site, asked by whoever is signed in."""
        who = config.account(named=self.options.site, environment=self.environment)
        return Site(who, say=self.terminal.note)

    def courses(self) -> list[Json]:
        """The person's courses, or the one that the option names."""
        if self.options.course:
            return [self.site.get(f"courses/{self.options.course}/")]
        return list(self.site.pages("courses/"))

    def course_of(self, exercise: str) -> str:
        """The course in which the exercise is. Raises Trouble: in none, in several."""
        if self.options.course:
            return str(self.options.course)
        found = [str(course["slug"]) for course in self.courses() if self._has(str(course["slug"]), exercise)]
        if not found:
            text = _("No hay ningún ejercicio «%(slug)s» en tus cursos. Míralos con: coursesite list")
            raise refused(text % {"slug": exercise}, "no_exercise")
        if len(found) > 1:
            told = {"slug": exercise, "courses": ", ".join(found)}
            text = _("«%(slug)s» está en varios cursos: %(courses)s. Elige uno con --course.")
            raise refused(text % told, "ambiguous")
        return found[0]

    def _has(self, course: str, exercise: str) -> bool:
        try:
            self.site.get(f"courses/{course}/exercises/{exercise}/")
        except Trouble as trouble:
            if trouble.code == "not_found":
                return False
            raise
        return True

    def note(self, folder: Path) -> Note | None:
        """The folder's note, if it is one of this site's. Raises Trouble for another site's."""
        note = note_of(folder)
        if note is not None and note.site != self.site.address:
            told = {"folder": folder, "site": note.site, "own": self.site.address}
            text = _("%(folder)s es de %(site)s y ahora hablas con %(own)s. Cambia con --site.")
            raise refused(text % told, "other_site")
        return note
