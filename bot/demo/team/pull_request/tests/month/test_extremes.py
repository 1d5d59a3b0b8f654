"""Acceptance tests: the coldest and the warmest observation."""

from datetime import datetime
from pathlib import Path

from weatherlog import read_log
from weatherlog.extremes import coldest, warmest

MARCH = read_log((Path(__file__).parent / "march.txt").read_text())


def test_the_coldest_and_the_warmest_of_a_month():
    assert (coldest(MARCH).at, coldest(MARCH).temperature) == (datetime(2026, 3, 14, 6), -1.0)
    assert (warmest(MARCH).at, warmest(MARCH).temperature) == (datetime(2026, 3, 26, 12), 15.7)


def test_of_equals_the_first_counts():
    log = read_log("2026-03-01 00:00 4.0 - - -\n2026-03-02 00:00 4.0 - - -")
    assert coldest(log) == warmest(log) == log.observations[0]


def test_what_has_no_temperature_is_passed_over():
    log = read_log("2026-03-01 00:00 - 0.0 - -\n2026-03-02 00:00 0.0 - - -")
    assert coldest(log).at == datetime(2026, 3, 2)


def test_without_temperatures_there_is_none():
    assert coldest(read_log("")) is None
    assert warmest(read_log("2026-03-01 00:00 - 0.0 - -")) is None
