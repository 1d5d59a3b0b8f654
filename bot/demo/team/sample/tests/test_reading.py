from datetime import datetime

import pytest

from weatherlog import LogError, Observation, Wind, read_log


def test_a_line_is_an_observation():
    log = read_log("2026-05-02 06:00  7.4  0.2  250  3.1")
    assert log.observations == (Observation(datetime(2026, 5, 2, 6), 7.4, 0.2, Wind(250, 3.1)),)


def test_what_was_not_measured_is_none():
    assert read_log("2026-05-02 12:00 13.9 - - -").observations == (Observation(datetime(2026, 5, 2, 12), 13.9),)


def test_comments_and_empty_lines_are_left_out():
    text = "# the garden\n\n2026-05-02 06:00 7.4 0.2 250 3.1  # fog\n"
    assert len(read_log(text)) == 1


def test_lines_may_stand_in_any_order():
    log = read_log("2026-05-02 12:00 13.9 - - -\n2026-05-02 06:00 7.4 - - -")
    assert [observation.temperature for observation in log] == [7.4, 13.9]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-05-02 06:00 7.4 0.2 250", "line 1: 5 columns instead of 6"),
        ("2026-05-32 06:00 7.4 0.2 250 3.1", "line 1: '2026-05-32 06:00' is not a time"),
        ("2026-05-02 06:00 warm 0.2 250 3.1", "line 1: 'warm' is not a number"),
        ("2026-05-02 06:00 7.4 -0.2 250 3.1", "line 1: -0.2 mm is not an amount of rain"),
        ("2026-05-02 06:00 7.4 0.2 360 3.1", "line 1: 360 is not a direction"),
        ("2026-05-02 06:00 7.4 0.2 250 -", "line 1: a wind has a direction and a speed"),
    ],
)
def test_what_cannot_be_read_names_its_line(line, message):
    with pytest.raises(LogError, match=message):
        read_log(line)


def test_one_time_cannot_come_twice():
    with pytest.raises(LogError, match="two observations at 2026-05-02 06:00"):
        read_log("2026-05-02 06:00 7.4 - - -\n2026-05-02 06:00 7.5 - - -")
