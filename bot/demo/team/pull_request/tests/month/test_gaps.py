"""Acceptance tests: when the station did not report."""

from datetime import datetime, timedelta
from pathlib import Path

from weatherlog import Log, Observation, read_log
from weatherlog.gaps import Gap, find_gaps, usual_step

MARCH = read_log((Path(__file__).parent / "march.txt").read_text())


def log_of(*hours):
    return Log.of(Observation(datetime(2026, 3, 1) + timedelta(hours=hour)) for hour in hours)


def test_the_usual_step_is_the_commonest():
    assert usual_step(MARCH) == timedelta(hours=6)
    assert usual_step(log_of(0, 1, 2, 5, 6)) == timedelta(hours=1)


def test_of_equally_common_steps_the_shorter_counts():
    assert usual_step(log_of(0, 3, 4, 7, 8)) == timedelta(hours=1)


def test_one_observation_has_no_step_and_no_gap():
    assert usual_step(log_of(0)) is None
    assert find_gaps(log_of(0)) == ()
    assert find_gaps(log_of()) == ()


def test_a_gap_lies_between_two_observations():
    assert find_gaps(MARCH) == (Gap(datetime(2026, 3, 19, 6), datetime(2026, 3, 20, 18), missing=5),)


def test_a_late_observation_is_no_gap():
    log = Log.of(Observation(datetime(2026, 3, 1, hour, minute)) for hour, minute in ((0, 0), (1, 0), (2, 0), (3, 25), (5, 35)))
    assert find_gaps(log) == (Gap(datetime(2026, 3, 1, 3, 25), datetime(2026, 3, 1, 5, 35), missing=1),)
