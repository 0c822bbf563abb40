"""What a student may hand in that is no answer, and what they are told."""

from __future__ import annotations

import pytest

from grading.judge import GroupSpec
from grading.judge.verdicts import Verdict

pytestmark = pytest.mark.wall

DOUBLE = "attempt.close(attempt.call('f', 3.0, returns=Float()), 6.0)"


@pytest.mark.parametrize("source", ["", "   \n\t\n", "\ufeff\r\n"])
def test_an_empty_submission_is_told_so(judge, source):
    report = judge(DOUBLE, source)
    assert (report.verdict, report.fraction) == (Verdict.EXCEPTION, 0.0)
    assert report.message == "No hay código: escribe tu función y vuelve a probar."


def test_a_nul_character_is_found_with_its_line(judge):
    report = judge(DOUBLE, "def f(x):\n    return 2 * x\n\0")
    assert report.verdict is Verdict.EXCEPTION
    assert report.evidence == {"line": 3}


def test_five_megabytes_are_refused_without_running(judge):
    report = judge(DOUBLE, "def f(x): return 2 * x\n" + "#" * 5_000_000)
    assert report.verdict is Verdict.EXCEPTION
    assert "el máximo son 256 kB" in report.message


def test_half_a_surrogate_is_not_text(judge):
    assert "UTF-8" in judge(DOUBLE, "def f(x): return '\ud800'\n").message


@pytest.mark.parametrize(
    ("source", "line", "offset", "says"),
    [
        ("def f(x):\n    return (2 * x\n", 2, 12, "'(' was never closed"),
        ("def f(x)\n    return 2\n", 1, 9, "expected ':'"),
        ("def f(x):\nreturn 2\n", 2, 1, "expected an indented block"),
        ("x = 1\ny = 2 +\n", 2, 8, "invalid syntax"),
        ("def f(x):\n    return 2 * x\n  y = 3\n", 3, 8, "unindent does not match"),
    ],
)
def test_code_that_does_not_parse_is_shown_with_line_and_caret(judge, source, line, offset, says):
    report = judge(DOUBLE, source)
    assert report.verdict is Verdict.EXCEPTION
    assert report.message.startswith(f"Python no puede leer la línea {line}: ")
    assert says in report.message
    assert (report.evidence["line"], report.evidence["offset"]) == (line, offset)
    assert report.evidence["text"] == source.split("\n")[line - 1]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_are_counted_alike_for_every_line_end(judge, end):
    report = judge(DOUBLE, end.join(["\ufeffdef f(x):", "    y = 1", "    return y / 0", ""]))
    assert report.evidence["line"] == 3
    assert report.evidence["text"] == "return y / 0"


@pytest.mark.parametrize(
    "source", ["-" * 100_000 + "1", "(" * 3000 + ")" * 3000, "x = " + "[" * 150 + "]" * 150]
)
def test_code_that_breaks_the_parser_breaks_only_itself(judge, source):
    report = judge(DOUBLE, source + "\n")
    assert report.verdict in {Verdict.EXCEPTION, Verdict.BAD_VALUE, Verdict.MEMORY_LIMIT}


def test_a_missing_function_is_asked_for_by_its_signature(judge):
    report = judge(DOUBLE, "def g(x):\n    return 2 * x\n")
    assert (report.verdict, report.message) == (Verdict.BAD_VALUE, "Falta la función `f(x)`.")
    assert judge(DOUBLE, "f = 3\n").message == "Falta la función `f(x)`."


def test_a_wrong_signature_is_shown_beside_the_right_one(judge):
    report = judge(DOUBLE, "def f(x, y):\n    return 2 * x\n")
    assert report.verdict is Verdict.BAD_VALUE
    assert report.message == "La función se pide como `f(x)`; la tuya es `f(x, y)`."


def test_a_module_that_fails_on_import_fails_every_group_with_one_run(judge_all):
    groups = [GroupSpec(slug, slug.upper(), 10, requires=tuple("ab"[:i])) for i, slug in enumerate("abc")]
    grader = "".join(f"@group('{g.slug}')\ndef {g.slug}(attempt):\n    {DOUBLE}\n" for g in groups)
    source = "print('una vez')\nraise RuntimeError('al importar')\ndef f(x): ...\n"
    report = judge_all(grader, source, *groups)
    assert [g.verdict for g in report.groups] == [Verdict.EXCEPTION] * 3
    assert report.groups[2].message == "Tu código lanzó `RuntimeError` en la línea 2: al importar"
    assert report.output.count("una vez") == 1


@pytest.mark.parametrize("module", ["django", "grading", "grading.judge", "grader", "celery", "redis"])
def test_nothing_of_the_site_can_be_imported(judge, module):
    report = judge(DOUBLE, f"import {module}\ndef f(x): ...\n")
    assert (
        report.message
        == f"Tu código lanzó `ModuleNotFoundError` en la línea 1: No module named '{module.split('.')[0]}'"
    )


@pytest.mark.parametrize(
    ("death", "says"),
    [
        ("import sys; sys.exit(0)", "Tu código llamó a `sys.exit` en la línea 2"),
        ("raise SystemExit", "Tu código llamó a `sys.exit` en la línea 2"),
        ("import os; os._exit(0)", "Tu código terminó el proceso antes de devolver su respuesta."),
        ("import os; os.abort()", "abortó y el sistema lo terminó"),
        ("import ctypes; ctypes.string_at(8)", "accedió a memoria ajena"),
        ("raise KeyboardInterrupt", "`KeyboardInterrupt` en la línea 2"),
        ("import os; os.closerange(0, 256)", "antes de devolver su respuesta"),
    ],
)
def test_who_ends_its_own_process_has_not_passed(judge, death, says):
    for source in (f"def f(x):\n    {death}\n", f"\n{death}\ndef f(x): return 2 * x\n"):
        report = judge(DOUBLE, source)
        assert (report.verdict, report.fraction) == (Verdict.EXCEPTION, 0.0)
        assert says in report.message


def test_who_kills_itself_has_not_passed(judge):
    report = judge(DOUBLE, "import os\ndef f(x):\n    os.kill(os.getpid(), 9)\n    os._exit(0)\n")
    assert report.verdict in {Verdict.EXCEPTION, Verdict.FORBIDDEN}
    assert report.fraction == 0.0


def test_endless_recursion_is_an_exception(judge):
    report = judge(DOUBLE, "def f(x):\n    return f(x)\n")
    assert report.message.startswith("Tu código lanzó `RecursionError` en la línea 2")
    assert len(report.evidence["traceback"]) <= 12


def test_a_bottomless_c_stack_is_an_exception_and_the_next_one_is_unharmed(judge):
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef f(x):\n    return f(x)\n"
    assert judge(DOUBLE, source).verdict in {Verdict.EXCEPTION, Verdict.MEMORY_LIMIT}
    assert judge(DOUBLE, "f = lambda x: 2 * x\n").verdict is Verdict.PASSED


def test_the_text_of_an_exception_is_short_and_cannot_drive_the_page(judge):
    report = judge(DOUBLE, "def f(x):\n    raise ValueError('\\x1b[31m\\x00\\u202e' + '<b>' * 10_000)\n")
    assert "\x1b" not in report.message
    assert "\u202e" not in report.message
    assert len(report.message) < 400


def test_an_exception_that_cannot_be_told_is_told_by_its_name(judge):
    source = "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(x):\n    raise E\n"
    assert judge(DOUBLE, source).message == "Tu código lanzó `E` en la línea 4."
