from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.judge.curves import growth, thin


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3000))
def test_a_thinned_curve_keeps_its_ends_and_extremes(ys):
    points = [(float(i), y) for i, y in enumerate(ys)]
    kept = thin(points, 400)
    assert len(kept) <= 400
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert {min(ys), max(ys)} <= {y for _, y in kept}
    assert kept == sorted(kept)


def test_a_gap_survives_thinning():
    points = [(float(i), None if i == 500 else 1.0) for i in range(1000)]
    assert (500.0, None) in thin(points, 50)


def test_growth_is_found_from_the_step_where_it_began():
    norms = [1.0, 0.9, 0.8, 0.75]
    norms += [0.75 * 1.8**i for i in range(1, 20)]
    found = growth(norms)
    assert found is not None
    assert found.since == 4
    assert found.rate == pytest.approx(1.8)


@pytest.mark.parametrize(
    "norms", [[], [1.0], [1.0, 0.5, 0.25, 0.1, 0.05], [1.0] * 30, [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]]
)
def test_a_path_that_does_not_grow_has_no_growth(norms):
    assert growth(norms) is None


def test_the_step_that_left_the_finite_numbers_does_not_hide_the_growth():
    found = growth([2.0**i for i in range(12)] + [float("inf")])
    assert found is not None
    assert (found.since, found.rate) == (1, pytest.approx(2.0))
