"""A time on a wall clock, also where the clock is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.models import Cohort
from lessons.moments import (
    NotATime,
    Skipped,
    on_the_clock,
    read_clock,
    told_twice,
    zone_named,
    zone_of_cohort,
)

MADRID = ZoneInfo("Europe/Madrid")
ZONES = ["Europe/Madrid", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Tehran", "UTC"]


def test_a_time_of_winter_is_an_hour_before_utc_and_one_of_summer_two():
    assert read_clock("2026-11-27T23:59", MADRID).at == datetime(2026, 11, 27, 22, 59, tzinfo=UTC)
    assert read_clock("2026-07-27 23:59", MADRID).at == datetime(2026, 7, 27, 21, 59, tzinfo=UTC)


def test_nothing_is_no_moment():
    assert read_clock("  ", MADRID) is None
    assert on_the_clock(None, MADRID) == ""


def test_a_time_that_the_clock_jumps_over_is_refused_with_the_first_that_exists():
    with pytest.raises(Skipped, match=r"29 mar 2026 no hay 02:30 en Madrid.*60 minutos.*sí existe es 03:00"):
        read_clock("2026-03-29T02:30", MADRID)


def test_half_an_hour_is_jumped_over_on_lord_howe():
    with pytest.raises(Skipped, match=r"30 minutos.*02:30"):
        read_clock("2026-10-04T02:10", ZoneInfo("Australia/Lord_Howe"))


def test_a_whole_day_that_was_left_out_is_no_day():
    with pytest.raises(Skipped, match=r"1440 minutos.*00:00"):
        read_clock("2011-12-30T12:00", ZoneInfo("Pacific/Apia"))


def test_a_time_that_comes_twice_is_the_later_and_that_is_said():
    read = read_clock("2026-10-25T02:30", MADRID)
    assert (read.at, read.twice) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True)
    assert "02:30 dos veces en Madrid; cuenta la segunda (01:30 UTC)" in told_twice(read, MADRID)


def test_saving_what_stands_in_the_field_moves_nothing_even_in_the_hour_that_comes_twice():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    shown = on_the_clock(first, MADRID)
    assert shown == "2026-10-25T02:30"
    assert read_clock(shown, MADRID, before=first).at == first


@pytest.mark.parametrize("text", ["mañana", "2026-13-01T00:00", "2026-02-30T10:00", "27/11/2026", "١٢"])
def test_what_is_no_time_says_how_one_is_written(text):
    with pytest.raises(NotATime, match="Escribe fecha y hora"):
        read_clock(text, MADRID)


@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_a_year_that_cannot_be_meant_is_refused(year):
    with pytest.raises(NotATime, match="año"):
        read_clock(f"{year}-01-01T00:00", MADRID)


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2037, 12, 31)).map(
        lambda d: d.replace(second=0, microsecond=0)
    ),
    st.sampled_from(ZONES),
)
def test_whatever_is_read_is_shown_as_it_was_written_and_whatever_is_refused_never_is(shown, name):
    zone = ZoneInfo(name)
    text = shown.strftime("%Y-%m-%dT%H:%M")
    try:
        read = read_clock(text, zone)
    except Skipped:
        around = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        assert all(on_the_clock(at, zone) != text for at in around)
    else:
        assert on_the_clock(read.at, zone) == text
        assert not read.twice or on_the_clock(read.at - timedelta(minutes=30), zone)[:13] >= text[:13]


def test_a_zone_that_nobody_knows_is_the_sites():
    assert zone_named("Marte/Olimpo").key == "Europe/Madrid"
    assert zone_of_cohort(None).key == "Europe/Madrid"
    assert zone_of_cohort(Cohort(time_zone="America/Lima")).key == "America/Lima"
