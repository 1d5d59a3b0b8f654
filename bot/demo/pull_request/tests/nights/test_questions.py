"""Acceptance tests: what a schedule answers about a night."""

from datetime import datetime

import pytest

from openhours import parse

FRIDAY, SATURDAY, SUNDAY, MONDAY, NEXT_FRIDAY = 6, 7, 8, 9, 13  # days of March 2026


def march(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute)


@pytest.mark.parametrize("asked_at", [march(FRIDAY, 22), march(FRIDAY, 23, 59), march(SATURDAY, 0), march(SATURDAY, 1, 59)])
def test_a_night_closes_once_on_the_following_day(asked_at):
    assert parse("Fr 22:00-02:00").next_change(asked_at) == march(SATURDAY, 2)


def test_after_the_night_the_next_change_is_the_next_start():
    assert parse("Fr 22:00-02:00").next_change(march(SATURDAY, 2)) == march(NEXT_FRIDAY, 22)


def test_a_night_that_touches_the_next_morning_is_one_with_it():
    assert parse("Fr 22:00-02:00; Sa 02:00-04:00").next_change(march(FRIDAY, 23)) == march(SATURDAY, 4)


def test_sunday_runs_into_monday():
    late = parse("Su 20:00-01:00")
    assert late.is_open(march(MONDAY, 0, 30))
    assert late.next_change(march(SUNDAY, 21)) == march(MONDAY, 1)
    assert late.next_change(march(MONDAY, 0, 30)) == march(MONDAY, 1)


def test_the_minutes_after_midnight_count():
    assert parse("Fr,Sa 22:00-02:00").minutes_per_week() == 2 * 4 * 60


def test_a_closed_day_loses_its_own_night_only():
    hours = parse("Fr,Sa 22:00-02:00; Sa closed")
    assert hours.is_open(march(SATURDAY, 1))
    assert not hours.is_open(march(SATURDAY, 23))
    assert not hours.is_open(march(SUNDAY, 1))


def test_an_end_of_midnight_is_the_end_of_the_day():
    hours = parse("Fr 22:00-00:00")
    assert hours == parse("Fr 22:00-24:00")
    assert hours.next_change(march(FRIDAY, 23)) == march(SATURDAY, 0)


def test_every_night_open_around_the_clock_never_changes():
    hours = parse("Mo-Su 06:00-22:00,22:00-06:00")
    assert hours.is_open(march(SUNDAY, 3))
    assert hours.next_change(march(SUNDAY, 3)) is None
