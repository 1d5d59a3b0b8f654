"""Acceptance tests: how often the wind came from where."""

from datetime import datetime
from pathlib import Path

import pytest

from weatherlog import Log, Observation, Wind, read_log
from weatherlog.wind import CALM, compass_point, wind_shares

MARCH = read_log((Path(__file__).parent / "march.txt").read_text())


@pytest.mark.parametrize(
    ("direction", "point"),
    [(0, "N"), (22, "N"), (23, "NE"), (45, "NE"), (90, "E"), (157, "SE"), (158, "S"), (225, "SW"), (270, "W"), (337, "NW"), (338, "N"), (359, "N")],
)
def test_each_point_stands_in_the_middle_of_its_eighth(direction, point):
    assert compass_point(direction) == point


def test_the_shares_of_a_month():
    shares = wind_shares(MARCH)
    assert list(shares) == ["N", "NE", "E", "SE", "S", "SW", "W", "NW", CALM]
    assert shares["N"] == pytest.approx(19 / 119)
    assert shares["SE"] == 0
    assert shares[CALM] == pytest.approx(13 / 119)
    assert sum(shares.values()) == pytest.approx(1)


def test_below_half_a_metre_a_second_it_is_calm():
    winds = [Wind(90, 0.4), Wind(90, 0.5), Wind(350, 3.0), None]
    log = Log.of(Observation(datetime(2026, 3, 1, hour), wind=wind) for hour, wind in enumerate(winds))
    shares = wind_shares(log)
    assert (shares[CALM], shares["E"], shares["N"]) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_without_winds_there_are_no_shares():
    assert wind_shares(read_log("2026-03-01 00:00 4.0 - - -")) == {}
