from datetime import datetime

from openhours import parse

SHOP = parse("Mo-Fr 09:00-12:00,13:00-18:00; Sa 10:00-14:00")
FRIDAY, SATURDAY, SUNDAY, MONDAY = 6, 7, 8, 9  # days of March 2026


def march(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute)


def test_open_from_the_first_minute_until_before_the_last():
    assert SHOP.is_open(march(SATURDAY, 10))
    assert SHOP.is_open(march(SATURDAY, 13, 59))
    assert not SHOP.is_open(march(SATURDAY, 14))


def test_closed_over_lunch_and_on_sunday():
    assert not SHOP.is_open(march(FRIDAY, 12, 30))
    assert not SHOP.is_open(march(SUNDAY, 11))


def test_next_change_while_open_is_the_closing():
    assert SHOP.next_change(march(FRIDAY, 13, 30)) == march(FRIDAY, 18)


def test_next_change_while_closed_skips_the_weekend():
    assert SHOP.next_change(march(SATURDAY, 15)) == march(MONDAY, 9)


def test_spans_that_touch_at_midnight_are_one():
    bar = parse("Fr 22:00-24:00; Sa 00:00-02:00")
    assert bar.next_change(march(FRIDAY, 23)) == march(SATURDAY, 2)


def test_around_the_clock_never_changes():
    always = parse("24/7")
    assert always.is_open(march(SUNDAY, 3))
    assert always.next_change(march(SUNDAY, 3)) is None


def test_minutes_per_week():
    assert SHOP.minutes_per_week() == 5 * 8 * 60 + 4 * 60
