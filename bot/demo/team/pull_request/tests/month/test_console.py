"""Acceptance tests: the CSV of a console becomes a log."""

from datetime import datetime
from pathlib import Path

import pytest

from weatherlog import LogError
from weatherlog.console import read_console

EXPORT = (Path(__file__).parent / "console.csv").read_text()


def test_each_row_is_an_observation():
    log = read_console(EXPORT)
    assert [o.at for o in log][:2] == [datetime(2026, 5, 1, 18), datetime(2026, 5, 2, 0)]
    assert [o.temperature for o in log] == [11.0, 8.3, 7.4, 13.9, 12.2]


def test_the_wind_is_in_metres_a_second_and_north_is_zero():
    winds = [o.wind for o in read_console(EXPORT)]
    assert winds[0].speed == pytest.approx(17.3 / 3.6)
    assert (winds[2].direction, winds[4].direction) == (250, 0)
    assert winds[3] is None


def test_rain_is_counted_from_the_observation_before():
    assert [o.rain for o in read_console(EXPORT)] == [1.4, 0.0, 3.6, None, 0.2]


def test_columns_may_stand_in_any_order():
    log = read_console("rain_today,time,direction,wind,temperature\n0.4,2026-05-01 18:00,90,3.6,11.0\n")
    (only,) = log
    assert (only.temperature, only.rain, only.wind.speed) == (11.0, 0.4, pytest.approx(1.0))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: there is no column time"),
        ("time,temperature,wind,direction\n", "line 1: there is no column rain_today"),
        (EXPORT.replace("8.3", "cold"), "line 3: 'cold' is not a number"),
        (EXPORT.replace("2026-05-02 06:00", "noon"), "line 4: 'noon' is not a time"),
        (EXPORT.replace("360,3.8", "360,3.5"), "line 6: rain_today falls from 3.6 to 3.5 within a day"),
    ],
)
def test_what_cannot_be_read_names_its_line(text, message):
    with pytest.raises(LogError, match=message):
        read_console(text)
