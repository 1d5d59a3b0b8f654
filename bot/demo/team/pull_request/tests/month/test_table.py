"""Acceptance tests: rows in aligned columns."""

import pytest

from weatherlog.table import format_table


def test_words_stand_left_and_numbers_right():
    assert format_table(("Place", "mm"), [("Old mill", 4.0), ("Hill", 12.24)]) == (
        "Place       mm\n"
        "--------  ----\n"
        "Old mill   4.0\n"
        "Hill      12.2"
    )


def test_whole_numbers_stay_whole():
    assert format_table(("Day", "Count"), [("Monday", 7), ("Tuesday", 124)]) == (
        "Day      Count\n"
        "-------  -----\n"
        "Monday       7\n"
        "Tuesday    124"
    )


def test_what_is_missing_is_a_dash_where_its_column_stands():
    assert format_table(("When", "mm", "Note"), [("today", None, None), ("yesterday", 3.1, "fog")]) == (
        "When        mm  Note\n"
        "---------  ---  ----\n"
        "today        -  -\n"
        "yesterday  3.1  fog"
    )


def test_a_column_of_numbers_has_a_heading_on_the_right():
    assert format_table(("", "Temperature"), [("warmest", 4.5)]).splitlines()[0] == "         Temperature"


def test_a_table_without_rows_is_its_heading():
    assert format_table(("When", "mm"), []) == "When  mm\n----  --"


def test_a_row_has_a_cell_for_each_column():
    with pytest.raises(ValueError, match="a row of 1 cells in a table of 2 columns"):
        format_table(("When", "mm"), [("today",)])
