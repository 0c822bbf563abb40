"""A student's way with the program, on a site with a real worker behind a real wall."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import time

import pytest

from tests.browser.site import COURSE, EXERCISES, Site
from tests.cli.conftest import Program

pytestmark = pytest.mark.wall

RIGHT = (EXERCISES / "reloj-justo" / "solution.py").read_text(encoding="utf-8")
WRONG = (EXERCISES / "eta-maximo" / "wrong" / "potencia.py").read_text(encoding="utf-8")
SLOW = f"""{WRONG}
import time
fast = eta_maximo
def eta_maximo(hvp, n):
    time.sleep(0.25)
    return fast(hvp, n)
"""
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def in_a_folder(ana: Program, source: str) -> str:
    """The exercise that the source is for, got, with it as the solution; its name is the folder's."""
    slug = "reloj-justo" if source == RIGHT else "eta-maximo"
    assert ana("get", slug, "--force").status == 0
    (ana.folder / slug / "solution.py").write_text(source, encoding="utf-8")
    return slug


def test_a_stranger_to_the_machine_signs_in_and_out_again(program: Program, live_site: Site, secret: str):
    done = program("login", live_site.url, typed=f"{secret}\n")
    assert done.status == 0, done.err
    assert "Hola, Ana" in done.out
    assert secret not in done.out + done.err
    assert program("list").status == 0
    assert program("logout").status == 0
    assert program("list").status == 4
    assert secret not in (program.folder / "config" / "config.json").read_text()


def test_a_wrong_token_is_not_kept(program: Program, live_site: Site):
    done = program("login", live_site.url, typed="cs_wrong\n")
    assert (done.status, done.out) == (4, "")
    assert "coursesite login" in done.err
    assert not (program.folder / "config" / "config.json").exists()


def test_the_list_shows_each_exercise_once_with_its_standing(ana: Program):
    lines = [line.split("\t") for line in ana("list").out.splitlines()]
    assert "eta-maximo" in [line[1] for line in lines]
    assert len(lines) == len({line[1] for line in lines})
    told = ana("list", "--json").json["courses"][0]["exercises"]
    assert [row["slug"] for row in told] == [line[1] for line in lines]


def test_an_exercise_comes_with_its_statement_and_where_to_begin(ana: Program):
    done = ana("get", "tasa-de-convergencia")
    assert done.status == 0, done.err
    folder = ana.folder / "tasa-de-convergencia"
    statement = (folder / "statement.md").read_text(encoding="utf-8")
    assert statement.startswith("# ")
    assert "`tasa(perdidas)`" in statement
    assert "<" not in re.sub(r"`[^`]*`|\$[^$]*\$", "", statement)
    assert "def tasa(" in (folder / "solution.py").read_text(encoding="utf-8")


def test_a_right_solution_is_passed_and_a_wrong_one_is_not(ana: Program, live_site: Site):
    solved = in_a_folder(ana, RIGHT)
    run = ana("run", at=solved)
    assert run.status == 0, run.out + run.err
    assert "Comprobaciones visibles" in run.out
    submit = ana("submit", solved)
    assert submit.status == 0, submit.out + submit.err
    assert "100 puntos" in submit.out
    assert f"{live_site.url}/submissions/" in submit.out
    assert "\x1b" not in submit.out, "no colours on a pipe"
    in_a_folder(ana, WRONG)
    wrong = ana("submit", "eta-maximo/solution.py")
    assert wrong.status == 1, wrong.out + wrong.err
    assert "Lanczos" in wrong.out
    assert "superado" in next(line for line in ana("list").out.splitlines() if solved in line)


def test_a_script_reads_the_result_and_the_past_as_json(ana: Program):
    in_a_folder(ana, WRONG)
    told = ana("submit", "eta-maximo", "--json")
    assert told.status == 1
    assert told.json["passed_groups"] < told.json["total_groups"]
    [newest] = ana("history", "-n", "1", "--json", at="eta-maximo").json["submissions"]
    assert newest["id"] == told.json["id"]
    assert ana("show", newest["id"], "--source").out == WRONG
    assert ana("show", "--json", at="eta-maximo").json["id"] == told.json["id"]
    assert ana("history", "eta-maximo").out.splitlines()[0].split("\t")[-1] == told.json["id"]


def test_a_source_from_the_input_needs_no_folder(ana: Program):
    done = ana("run", "-", "--exercise", "reloj-justo", "--json", typed=RIGHT)
    assert (done.status, done.json["kind"]) == (0, "run")


def test_work_of_ones_own_is_never_overwritten_unseen(ana: Program):
    folder = ana.folder / in_a_folder(ana, "mine = 1\n")
    before = json.loads((folder / "coursesite.json").read_text())
    done = ana("get", "eta-maximo")
    assert done.status == 2
    assert "--force" in done.err
    assert (folder / "solution.py").read_text() == "mine = 1\n"
    assert json.loads((folder / "coursesite.json").read_text()) == before
    assert ana("get", "eta-maximo", "--force").status == 0
    assert (folder / "solution.1.py").read_text() == "mine = 1\n"
    assert (folder / "solution.py").read_text() != "mine = 1\n"


def test_a_draft_goes_to_the_site_and_comes_back_elsewhere(ana: Program):
    assert ana("get", "reloj-justo").status == 0
    (ana.folder / "reloj-justo" / "solution.py").write_text("# día 1\n", encoding="utf-8")
    assert ana("save", "reloj-justo").status == 0
    assert ana("get", "reloj-justo", "otra").status == 0
    assert (ana.folder / "otra" / "solution.py").read_text(encoding="utf-8") == "# día 1\n"
    (ana.folder / "otra" / "solution.py").write_text("# día 2\n", encoding="utf-8")
    assert ana("save", "otra").status == 0
    (ana.folder / "reloj-justo" / "solution.py").write_text("# otra cosa\n", encoding="utf-8")
    conflict = ana("save", "reloj-justo")
    assert conflict.status == 2
    assert "--force" in conflict.err
    assert ana("save", "reloj-justo", "--force").status == 0


def test_what_the_site_refuses_is_said_in_its_words_and_costs_nothing(ana: Program):
    in_a_folder(ana, "   \n")
    done = ana("submit", "eta-maximo", "--json")
    assert (done.status, done.json["error"]["code"]) == (2, "empty")
    assert "No hay código" in done.err
    nothing = ana("get", "no-hay-tal")
    assert nothing.status == 2
    assert "coursesite list" in nothing.err


def test_the_answers_come_in_english_too(ana: Program):
    done = ana("--lang", "en", "run", in_a_folder(ana, RIGHT))
    assert done.status == 0
    assert "Visible checks:" in done.out


def test_a_terminal_sees_the_curve_grow(ana: Program):
    in_a_folder(ana, SLOW)  # a frame takes an eighth of a second: who is graded faster sees only the end
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ana.command("submit", "eta-maximo"),
        cwd=ana.folder,
        env=ana.variables() | {"TERM": "xterm-256color", "COLUMNS": "90", "LINES": "40"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen, until = b"", time.monotonic() + 60
    while time.monotonic() < until:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    assert process.wait(10) == 1
    os.close(ours)
    told = seen.decode(errors="replace")
    assert "\x1b[" in told
    assert re.search("[\u2801-\u28ff]{3}", told), "no curve"
    assert re.search(r"Grupo [1-5] de 5", ESCAPE.sub("", told))


def test_the_links_that_it_shows_lead_to_pages(ana: Program, live_site: Site):
    ana("get", "eta-maximo", "--force")
    statement = (ana.folder / "eta-maximo" / "statement.md").read_text(encoding="utf-8")
    assert f"{live_site.url}{COURSE}/exercises/eta-maximo/" in statement
