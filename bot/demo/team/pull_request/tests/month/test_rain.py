"""Acceptance tests: rain by day, and days without."""

from datetime import date
from pathlib import Path

import pytest

from weatherlog import read_log
from weatherlog.rain import daily_rain, longest_dry_spell

MARCH = read_log((Path(__file__).parent / "march.txt").read_text())


def test_the_rain_of_each_day_that_was_measured():
    rain = daily_rain(MARCH)
    assert rain[date(2026, 3, 2)] == pytest.approx(8.5)
    assert rain[date(2026, 3, 4)] == 0
    assert len(rain) == 31
    assert sum(rain.values()) == pytest.approx(34.9)


def test_a_day_without_a_measured_amount_is_left_out():
    log = read_log("2026-03-01 00:00 4.0 - - -\n2026-03-02 00:00 4.0 0.3 - -\n2026-03-02 06:00 4.0 - - -")
    assert daily_rain(log) == {date(2026, 3, 2): 0.3}


def test_the_longest_dry_spell():
    assert longest_dry_spell(daily_rain(MARCH)) == (date(2026, 3, 11), date(2026, 3, 21))


def test_less_than_a_fifth_of_a_millimetre_is_dry():
    days = {date(2026, 3, 1): 0.2, date(2026, 3, 2): 0.1, date(2026, 3, 3): 0.19}
    assert longest_dry_spell(days) == (date(2026, 3, 2), date(2026, 3, 3))


def test_a_day_that_was_not_measured_ends_a_spell():
    days = dict.fromkeys([date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)], 0.0)
    assert longest_dry_spell(days) == (date(2026, 3, 4), date(2026, 3, 6))


def test_of_equally_long_spells_the_first_counts():
    days = {date(2026, 2, 28): 0.0, date(2026, 3, 1): 0.0, date(2026, 3, 2): 5.0, date(2026, 3, 3): 0.0, date(2026, 3, 4): 0.0}
    assert longest_dry_spell(days) == (date(2026, 2, 28), date(2026, 3, 1))


def test_without_a_dry_day_there_is_no_spell():
    assert longest_dry_spell({}) is None
    assert longest_dry_spell({date(2026, 3, 1): 1.0}) is None
