"""The command line: `coursesite COMMAND`."""

from __future__ import annotations

import os
import re
import signal
import sys
from argparse import ArgumentParser, HelpFormatter, Namespace
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TextIO

from . import __version__, words
from .commands import fetching, looking, sending, signing
from .commands.context import Context
from .terminal import Terminal
from .trouble import Exit, Trouble
from .words import _

ARGPARSE = {
    "the following arguments are required": "faltan",
    "unrecognized arguments": "no se entiende",
    "invalid choice": "no es una opción",
    "choose from": "elige entre",
    "expected one argument": "falta su valor",
    "expected at most one argument": "sobra algo",
    "invalid int value": "no es un número",
    "argument ": "",
}


class Help(HelpFormatter):
    """argparse's, in the language that is spoken."""

    def add_usage(
        self, usage: str | None, actions: object, groups: object, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, _("uso: ") if prefix is None else prefix)  # type: ignore[arg-type]


class Parser(ArgumentParser):
    """Says what is wrong in the language that is spoken, and ends with 2."""

    def __init__(self, *, add_help: bool = True, **options: Any) -> None:
        super().__init__(formatter_class=Help, add_help=False, **options)
        self._positionals.title = _("qué")
        self._optionals.title = _("opciones")
        if add_help:
            self.add_argument("-h", "--help", action="help", help=_("esta ayuda"))

    def error(self, message: str) -> NoReturn:
        if words.language() == "es":
            for english, spanish in ARGPARSE.items():
                message = message.replace(english, spanish)
        hint = _("Mira: %(prog)s --help") % {"prog": self.prog}
        self.exit(Exit.REFUSED, f"{self.format_usage()}coursesite: {message}\n{hint}\n")


def positive(text: str) -> int:
    """A number of rows."""
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise ValueError(text)
    return int(text)


positive.__name__ = "int"


def parser() -> Parser:
    """Every command with its options; made after the language is known."""
    common = Parser(add_help=False)
    common.add_argument(
        "--site", metavar=_("DIRECCIÓN"), help=_("el sitio; si no, COURSESITE_SITE o el último")
    )
    common.add_argument("--course", metavar=_("CURSO"), help=_("el curso, si el ejercicio está en varios"))
    common.add_argument("--json", action="store_true", help=_("una respuesta en JSON, para programas"))
    common.add_argument(
        "--lang", choices=words.LANGUAGES, help=_("el idioma de los mensajes; si no, el de LANG")
    )
    top = Parser(prog="coursesite", description=_("Coursesite desde la terminal."))
    top.add_argument(
        "--version", action="version", version=f"coursesite-cli {__version__}", help=_("la versión")
    )
    top.add_argument(
        "--lang",
        choices=words.LANGUAGES,
        dest="_lang",
        help=_("el idioma de los mensajes; si no, el de LANG"),
    )
    verbs = top.add_subparsers(title=_("órdenes"), metavar=_("ORDEN"), required=True, parser_class=Parser)

    def verb(name: str, does: Callable[[Context], Exit], told: str) -> Parser:
        added = verbs.add_parser(name, parents=[common], help=told, description=told)
        added.set_defaults(does=does)
        return added

    login = verb("login", signing.login, _("entra en un sitio con una clave suya"))
    login.add_argument("address", nargs="?", metavar=_("DIRECCIÓN"), help=_("el sitio"))
    login.add_argument("--token-stdin", action="store_true", help=_("lee la clave de la entrada"))
    login.add_argument(
        "--browser", action="store_true", help=_("abre en el navegador la página de las claves")
    )
    verb("logout", signing.logout, _("olvida la clave del sitio"))
    listing = verb("list", looking.list_exercises, _("tus cursos y sus ejercicios"))
    listing.add_argument("--pending", action="store_true", help=_("solo lo que no has superado"))
    get = verb("get", fetching.get, _("trae un ejercicio a una carpeta"))
    get.add_argument("exercise", metavar=_("EJERCICIO"))
    get.add_argument("folder", nargs="?", metavar=_("CARPETA"), help=_("si no, una con su nombre"))
    get.add_argument("--starter", action="store_true", help=_("el código inicial, aunque tengas borrador"))
    get.add_argument(
        "--force", action="store_true", help=_("guarda aparte lo que cambiaste y trae lo del sitio")
    )
    for name, does, told in (
        ("run", sending.run, _("prueba las comprobaciones visibles")),
        ("submit", sending.submit, _("entrega")),
    ):
        sent = verb(name, does, told)
        sent.add_argument(
            "file", nargs="?", metavar=_("FICHERO"), help=_("fichero o carpeta; «-» es la entrada")
        )
        sent.add_argument("-e", "--exercise", metavar=_("EJERCICIO"), help=_("si la carpeta no lo recuerda"))
        sent.add_argument("--no-wait", action="store_true", help=_("no esperes el resultado"))
    past = verb("history", looking.history, _("tus entregas y pruebas"))
    past.add_argument(
        "exercise", nargs="?", metavar=_("EJERCICIO"), help=_("si no, el de esta carpeta o todos")
    )
    past.add_argument("-n", "--number", type=positive, default=20, metavar="N", help=_("cuántas"))
    show = verb("show", looking.show, _("una entrega; si aún se corrige, en directo"))
    show.add_argument("submission", nargs="?", metavar="ID", help=_("si no, la más nueva"))
    show.add_argument("--source", action="store_true", help=_("su código"))
    save = verb("save", fetching.save, _("guarda la solución como borrador en el sitio"))
    save.add_argument("folder", nargs="?", metavar=_("CARPETA"), help=_("si no, esta"))
    save.add_argument("--force", action="store_true", help=_("aunque allí haya otra más nueva"))
    return top


def wanted_language(arguments: Sequence[str]) -> str:
    """The language of `--lang`, looked for before anything else is said; else the terminal's."""
    for place, word in enumerate(arguments):
        name, _equals, value = word.partition("=")
        if name == "--lang":
            return value or next(iter(arguments[place + 1 :]), "")
    return words.of_environment(os.environ)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status says how it ended."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words.speak(wanted_language(given))
    for stream in (sys.stdout, sys.stderr):
        forgiving(stream)
    options = parser().parse_args(given)
    terminal = Terminal(sys.stdin, sys.stdout, sys.stderr, json=options.json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # `timeout` stops a run as Ctrl-C does
    try:
        return carry_out(options, terminal)
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PASSED


def carry_out(options: Namespace, terminal: Terminal) -> int:
    """The command, and what stood in its way."""
    try:
        status = options.does(Context(options, terminal, os.environ))
    except Trouble as trouble:
        terminal.note(f"coursesite: {trouble.text}")
        terminal.answer({"error": {"code": trouble.code, "message": trouble.text}})
        status = trouble.exit
    except KeyboardInterrupt:
        terminal.note("")
        status = Exit.INTERRUPTED
    terminal.out.flush()
    return int(status)


def forgiving(stream: TextIO) -> None:
    """A sign that the terminal cannot show becomes a question mark instead of an end."""
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="replace")
