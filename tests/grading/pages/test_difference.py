from __future__ import annotations

from grading.pages.difference import rows, unified

BEFORE = "import numpy as np\nv = b2*v + g*g\nreturn w\n"
AFTER = "import numpy as np\nv = b2*v + (1-b2)*g*g\nw -= lr\nreturn w\n"


def test_a_changed_line_faces_its_replacement() -> None:
    changed = [row for row in rows(BEFORE, AFTER) if row and not row.same]
    assert [(row.before, row.after) for row in changed] == [
        ("v = b2*v + g*g", "v = b2*v + (1-b2)*g*g"),
        (None, "w -= lr"),
    ]
    assert [(row.before_number, row.after_number) for row in changed] == [(2, 2), (None, 3)]


def test_in_one_column_all_that_went_stands_before_all_that_came() -> None:
    signs = ["-" if row.removed else "+" if row.added else " " for row in unified(rows(BEFORE, AFTER)) if row]
    assert signs == [" ", "-", "+", "+", " "]


def test_far_from_a_change_equal_lines_are_left_out() -> None:
    before = "\n".join(f"line {n}" for n in range(100))
    found = rows(before, before.replace("line 50", "line fifty"))
    assert found[0] is None
    assert len(found) == 1 + 4 + 1 + 4


def test_equal_sources_have_no_rows() -> None:
    assert rows(BEFORE, BEFORE) == []
    assert unified([]) == []
