"""Show a course while it is being written: `manage.py preview [slug]`, run by `./dev preview`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from grading.preview import Preview
from lessons.content.folders import NoCourse, course_folders


class Command(BaseCommand):
    help = "Draws, checks, loads and proves whatever is saved in a course folder, until it is ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="the course; needed where there are several")

    def handle(self, *_: Any, **options: Any) -> None:
        """Only on a site made for it: drafts are shown to whoever opens it."""
        if not settings.PREVIEW:
            raise CommandError("this writes drafts into the database: run ./dev preview, which has its own")
        try:
            roots = course_folders(settings.COURSES_DIR, [options["slug"]] if options["slug"] else [])
        except NoCourse as error:
            raise CommandError(str(error)) from error
        if len(roots) != 1:
            raise CommandError(f"name one course: {', '.join(root.name for root in roots)}")
        preview = Preview(roots[0], lambda line: self.stdout.write(line))
        preview.changes()  # what is there already is shown, and proved by checkcourse
        preview.show(set())
        call_command("demo")
        preview.run()
