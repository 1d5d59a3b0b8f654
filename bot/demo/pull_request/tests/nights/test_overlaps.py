"""Acceptance tests: a night and the day after it."""

import re

import pytest

from openhours import HoursError, format_hours, parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Fr 22:00-02:00; Sa 01:00-05:00", "Fr: 22:00-02:00 overlaps Sa: 01:00-05:00"),
        ("Mo 00:00-03:00; Su 23:00-00:30", "Su: 23:00-00:30 overlaps Mo: 00:00-03:00"),
        ("We 09:00-12:00,20:00-10:00; Th 09:00-12:00", "We: 20:00-10:00 overlaps Th: 09:00-12:00"),
    ],
)
def test_running_into_the_following_day_is_refused(text, message):
    with pytest.raises(HoursError, match=re.escape(message)):
        parse(text)


def test_two_spans_of_one_evening_still_must_not_overlap():
    with pytest.raises(HoursError, match="Fr: 22:00-02:00 overlaps 23:00-23:30"):
        parse("Fr 22:00-02:00,23:00-23:30")


def test_touching_the_following_day_is_accepted():
    text = "Fr 22:00-02:00; Sa 02:00-05:00"
    assert format_hours(parse(text)) == text
