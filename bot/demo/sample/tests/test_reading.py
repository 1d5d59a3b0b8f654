import pytest

from openhours import HoursError, Span, parse


def test_a_rule_for_several_days():
    hours = parse("Mo-Fr 09:00-18:00")
    assert hours.spans_on(4) == (Span(540, 1080),)
    assert hours.spans_on(5) == ()


def test_several_spans_a_day_come_back_in_order():
    assert parse("Mo 13:00-18:00,09:00-12:00").spans_on(0) == (Span(540, 720), Span(780, 1080))


def test_rules_add_up():
    assert parse("Mo-Fr 09:00-12:00; We 14:00-16:00").spans_on(2) == (Span(540, 720), Span(840, 960))


def test_closed_takes_away():
    assert parse("Mo-Fr 09:00-12:00; We closed").spans_on(2) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty text"),
        ("Mo-Fr", "names no hours"),
        ("Mo 09:00", "is not a span"),
        ("Mo 09:00-12:00,11:00-13:00", "Mo: 09:00-12:00 overlaps 11:00-13:00"),
        ("Xx 09:00-12:00", "is not a day"),
    ],
)
def test_faults_are_named(text, fault):
    with pytest.raises(HoursError, match=fault):
        parse(text)
