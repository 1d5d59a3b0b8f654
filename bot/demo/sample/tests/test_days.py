import pytest

from openhours.days import format_days, parse_day, parse_days
from openhours.errors import HoursError


def test_short_and_full_names_are_days():
    assert [parse_day(name) for name in ("Mo", "we", "SUNDAY")] == [0, 2, 6]


def test_what_is_not_a_day_is_named():
    with pytest.raises(HoursError, match="'Xy' is not a day"):
        parse_day("Xy")


@pytest.mark.parametrize(
    ("text", "days"),
    [("Mo", (0,)), ("Mo-We", (0, 1, 2)), ("Mo,We", (0, 2)), ("Sa-Mo", (0, 5, 6)), ("Mo-Su", (0, 1, 2, 3, 4, 5, 6))],
)
def test_lists_and_ranges_of_days(text, days):
    assert parse_days(text) == days


def test_three_days_in_a_row_become_a_range_and_two_do_not():
    assert format_days([4, 0, 1, 2]) == "Mo-We,Fr"
    assert format_days([5, 6]) == "Sa,Su"
