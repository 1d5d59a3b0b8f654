import pytest

from openhours.errors import HoursError
from openhours.spans import Span, parse_span
from openhours.times import format_time, parse_time


def test_times_are_minutes_since_midnight():
    assert parse_time("09:30") == 570
    assert parse_time("24:00") == 1440
    assert format_time(570) == "09:30"


@pytest.mark.parametrize("text", ["9.30", "25:00", "24:01", "12:60", "noon", ""])
def test_what_is_not_a_time_is_refused(text):
    with pytest.raises(HoursError, match="is not a time"):
        parse_time(text)


def test_a_span_holds_its_start_and_not_its_end():
    span = parse_span("09:00-12:30")
    assert span.minutes == 210
    assert span.holds(540)
    assert not span.holds(750)


def test_an_empty_span_is_refused():
    with pytest.raises(HoursError, match="09:00-09:00 is empty"):
        parse_span("09:00-09:00")


def test_touching_spans_do_not_overlap():
    assert not Span(540, 720).overlaps(Span(720, 780))
    assert Span(540, 720).overlaps(Span(719, 780))
