"""What a run of the benchmark says and writes, from figures that were made up."""

import shutil
from xml.etree import ElementTree

import pytest

from benchmarks import document, picture, targets

FIGURES = {
    "numpy": {
        "bare_fork_ms": 5.0,
        "wall_ms": 8.0,
        "wall_over_bare_fork": 1.6,
        "end_to_end_ms": 50.0,
        "otter_ms": 4500.0,
        "otter_forged": 1.0,
    },
    "torch": {"bare_fork_ms": 60.0, "wall_ms": 48.0, "wall_over_bare_fork": 0.8, "end_to_end_ms": 90.0,
              "otter_cannot": "no verdict in 900 s"},
    "oracle_call_us": 55.0,
    "forged": 0.0,
}  # fmt: skip


def test_each_figure_says_whether_it_meets_its_target():
    lines = {line.split()[0]: line for line in targets.table(FIGURES).splitlines()}
    assert lines["numpy.wall_over_bare_fork"].endswith("≤ 1.5 missed")
    assert lines["torch.wall_over_bare_fork"].endswith("≤ 1.5 met")
    assert lines["oracle_call_us"].endswith("≤ 60 met")
    assert lines["numpy.wall_ms"].endswith("8.0")


def test_the_document_gets_tables_of_one_width_and_names_what_was_missed():
    for table in (targets.markdown(FIGURES), document.comparison(FIGURES)):
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert "| `wall_over_bare_fork` | 1.6 | 0.8 | ≤ 1.5, **missed** |" in targets.markdown(FIGURES)
    assert (
        "| Otter-Grader, no container | 4.5 s | 0.22 | no verdict in 900 s |  | 100% |"
        in document.comparison(FIGURES)
    )


def test_the_picture_shows_every_way_that_was_measured_and_no_other():
    shown = ElementTree.fromstring(picture.svg(FIGURES))
    words = [one.text for one in shown.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Coursesite, at the judge", "Otter-Grader, no container", "8 ms", "4.5 s"} <= set(words)
    assert "DMOJ judge" not in words


def test_a_run_is_written_into_the_document_and_another_takes_its_place(tmp_path):
    shutil.copy(document.DOCS / "performance.md", tmp_path)
    document.write(FIGURES, tmp_path)
    once = (tmp_path / "performance.md").read_text()
    document.write(FIGURES, tmp_path)
    assert (tmp_path / "performance.md").read_text() == once
    assert once.count("| `oracle_call_us` | 55.0 | | ≤ 60 |") == 1
    assert (tmp_path / document.PICTURE).read_text().startswith("<svg")


def test_a_document_without_a_place_for_the_figures_is_not_half_written(tmp_path):
    (tmp_path / "performance.md").write_text("# Performance\n")
    with pytest.raises(ValueError, match="comparison"):
        document.write(FIGURES, tmp_path)
    assert (tmp_path / "performance.md").read_text() == "# Performance\n"
