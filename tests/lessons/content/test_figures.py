"""Drawing figures, in the authors' environment."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.content import clean, drawings, stamp
from lessons.content.mistakes import Mistakes, Where

try:
    drawings.author_python()
    MISSING = ""
except drawings.NoAuthorPython as missing:
    MISSING = str(missing)
needs_author = pytest.mark.skipif(bool(MISSING), reason=MISSING)

SCRIPT = """
import numpy as np

def compute():
    k = np.arange(200)
    return {"k": k, "loss": 0.9 ** k, "final": np.float32(0.1), "nada": float("nan")}

def draw(data, canvas):
    a, b = canvas.panels(2)
    canvas.axis(a, x="pasos", y="pérdida", title="Uno", y_log=True)
    canvas.line(a, data["k"], data["loss"], series="sgd", label="κ₁ = 10⁻³")
    canvas.line(a, data["k"], [v * 1.01 for v in data["loss"]], series="adam", label="otra")
    canvas.reference(a, "suelo", y=1e-6)
    canvas.axis(b, x="η", title="Dos")
    canvas.points(b, [1, 2, 3], [3, 1, 2], series="c3", label="x")
    canvas.band(b, [1, 2, 3], [2, 0, 1], [4, 2, 3], series="c3")
    canvas.note(b, "aquí", (2, 1))
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "curso/01-uno/figures/dos.py"
    path.parent.mkdir(parents=True)
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def draw(script: Path) -> drawings.Drawn:
    (drawn,) = drawings.draw([script])
    return drawn


@needs_author
class TestDrawing:
    def test_a_script_leaves_data_numbers_and_two_drawings(self, script: Path) -> None:
        assert drawings.stale(script).startswith("dos.json, dos.csv, dos.wide.svg, dos.narrow.svg not drawn")
        assert draw(script).error == ""
        assert drawings.is_current(script)
        data = json.loads(script.with_suffix(".json").read_text(encoding="utf-8"))
        assert (data["final"], data["nada"], len(data["k"])) == (0.1, None, 200)
        table = script.with_suffix(".csv").read_text(encoding="utf-8").splitlines()
        assert table[:3] == ["Uno", "pasos,κ₁ = 10⁻³,otra", "0,1,1.01"]

    @pytest.mark.parametrize(("kind", "width"), [("wide", 680), ("narrow", 350)])
    def test_a_drawing_follows_the_theme_and_has_real_text(self, script: Path, kind: str, width: int) -> None:
        draw(script)
        svg = script.with_name(f"dos.{kind}.svg").read_text(encoding="utf-8")
        assert f'width="{width}"' in svg
        for variable in ("--c1", "--c5", "--c3", "--text", "--muted", "--line", "--reference", "--bg"):
            assert f"var({variable})" in svg, variable
        assert not re.search(r'(?:fill|stroke)="#(?!fff)', svg)
        assert "style=" not in svg
        assert ">suelo</text>" in svg
        assert 'κ<tspan dy="2.3" font-size="10.1">1</tspan>' in svg.replace("<tspan>κ</tspan>", "κ")
        sizes = [float(size) for size in re.findall(r'<text [^>]*font-size="([\d.]+)"', svg)]
        assert min(sizes) >= 12
        ids = re.findall(r'\sid="([^"]+)"', svg)
        assert ids
        assert all(one.startswith(f"dos-{kind}-") for one in ids)
        mistakes = Mistakes()
        assert clean.svg(svg, Where("dos"), mistakes)
        assert not mistakes
        assert len(svg) < 40_000

    def test_drawing_twice_gives_the_same_files(self, script: Path) -> None:
        draw(script)
        first = {path.name: path.read_bytes() for path in script.parent.iterdir()}
        draw(script)
        assert {path.name: path.read_bytes() for path in script.parent.iterdir()} == first

    def test_a_script_that_fails_is_told_with_its_line(self, script: Path) -> None:
        script.write_text(
            "def compute():\n    return {}\n\ndef draw(data, canvas):\n    data['x']\n", encoding="utf-8"
        )
        drawn = draw(script)
        assert (drawn.error, drawn.line) == ("KeyError: 'x'", 5)

    def test_a_label_that_would_stand_nowhere_is_told(self, script: Path) -> None:
        script.write_text(SCRIPT.replace('label="otra"', 'label="otra", label_at=-1'), encoding="utf-8")
        assert "'otra' is to stand at x = -1, before its line begins" in draw(script).error

    def test_a_script_that_ends_its_process_is_told(self, script: Path) -> None:
        script.write_text("import os\nos._exit(3)\n", encoding="utf-8")
        assert "exit 3" in draw(script).error

    def test_redrawing_finds_numbers_that_changed(self, script: Path) -> None:
        draw(script)
        assert [differs for _, _, differs in drawings.redraw([script])] == [""]
        script.write_text(SCRIPT.replace("0.9 **", "0.8 **"), encoding="utf-8")
        assert [d for _, _, d in drawings.redraw([script])] == ["computed again, loss.1 comes out different"]

    def test_what_only_draws_otherwise_is_not_computed_again(self, script: Path) -> None:
        script.write_text(SCRIPT.replace("return {", 'return {"at": __import__("time").time(), '))
        assert draw(script).computed
        when = json.loads(script.with_suffix(".json").read_text(encoding="utf-8"))["at"]
        script.write_text(script.read_text(encoding="utf-8").replace("suelo", "el suelo"), encoding="utf-8")
        assert not drawings.is_current(script)
        assert not draw(script).computed
        assert drawings.is_current(script)
        assert json.loads(script.with_suffix(".json").read_text(encoding="utf-8"))["at"] == when
        assert "el suelo" in script.with_name("dos.wide.svg").read_text(encoding="utf-8")
        script.with_suffix(".json").write_text('{"k": [1], "loss": [1], "at": 0}', encoding="utf-8")
        assert draw(script).computed, "somebody wrote into the data"

    def test_a_part_in_the_courses_own_folder_serves_every_unit(self, script: Path) -> None:
        shared = script.parents[2] / "figures/_comun.py"
        shared.parent.mkdir()
        shared.write_text("base = 0.9\n", encoding="utf-8")
        script.write_text("from _comun import base\n" + SCRIPT.replace("0.9 **", "base **"), encoding="utf-8")
        assert draw(script).error == ""
        assert drawings.is_current(script)
        shared.write_text("base = 0.8\n", encoding="utf-8")
        assert not drawings.has_its_data(script)

    def test_the_command_draws_what_changed(self, script: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("drawfigures", folder=script.parents[2])
        assert "[1/1] dos:" in capsys.readouterr().out
        call_command("drawfigures", folder=script.parents[2])
        assert "1 figures, none changed" in capsys.readouterr().out
        with pytest.raises(CommandError, match="no figure is called tres; there are: dos"):
            call_command("drawfigures", "tres", folder=script.parents[2])


def test_comments_docstrings_and_line_breaks_leave_the_stamp_as_it_is(script: Path) -> None:
    before = stamp.of_script(script), stamp.of_computing(script)
    lines = SCRIPT.replace(
        "    k = np.arange(200)", '    """Says it."""\n    k = np.arange(\n        200,  # steps\n    )'
    )
    script.write_text("# about this\n" + lines, encoding="utf-8")
    assert (stamp.of_script(script), stamp.of_computing(script)) == before
    script.write_text(SCRIPT.replace("200", "201"), encoding="utf-8")
    assert stamp.of_script(script) != before[0]
    assert stamp.of_computing(script) != before[1]
    script.write_text("def compute(:\n", encoding="utf-8")
    assert stamp.of_script(script) != before[0]


def test_a_stamp_changes_with_the_parts_that_a_script_imports(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text("from _comun import x\n")
    (tmp_path / "_comun.py").write_text("import _hondo\nx = 1\n")
    (tmp_path / "_hondo.py").write_text("y = 1\n")
    (tmp_path / "_ajeno.py").write_text("z = 1\n")
    before = stamp.of_script(script)
    (tmp_path / "_ajeno.py").write_text("z = 2\n")
    assert stamp.of_script(script) == before
    (tmp_path / "_hondo.py").write_text("y = 2\n")
    assert stamp.of_script(script) != before


def test_parts_and_exercises_are_no_figures(tmp_path: Path) -> None:
    for name in ("u/figures/a.py", "u/figures/_b.py", "u/exercises/figures/c.py", "u/d.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.name for path in drawings.scripts(tmp_path)] == ["a.py"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.0005]}, ""),
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.1]}, "a.1"),
        ({"a": 1}, {"b": 1}, "the data"),
        ({"a": None}, {"a": 1.0}, "a"),
        ({"a": "x"}, {"a": "x"}, ""),
    ],
)
def test_rounding_is_no_difference(old: object, new: object, where: str) -> None:
    assert drawings.difference(old, new) == where
