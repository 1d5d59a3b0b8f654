import pytest

from openhours import format_hours, format_table, parse


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mo,tu,we,th,fr 9:00-18:00", "Mo-Fr 09:00-18:00"),
        ("Sa 10:00-14:00; Mo-Fr 09:00-18:00", "Mo-Fr 09:00-18:00; Sa 10:00-14:00"),
        ("Mo 13:00-18:00; Mo 09:00-12:00", "Mo 09:00-12:00,13:00-18:00"),
        ("24/7", "Mo-Su 00:00-24:00"),
        ("Mo closed", "Mo-Su closed"),
    ],
)
def test_the_shortest_form(text, canonical):
    assert format_hours(parse(text)) == canonical


@pytest.mark.parametrize("text", ["Mo-Fr 09:00-12:00,13:00-18:00; Sa 10:00-14:00", "Mo-Su 00:00-24:00", "Tu,Th 07:30-08:15"])
def test_the_short_form_reads_back(text):
    assert format_hours(parse(text)) == text


def test_the_table_has_a_line_for_each_day():
    lines = format_table(parse("Mo-Fr 09:00-18:00; Sa 10:00-14:00")).splitlines()
    assert len(lines) == 7
    assert lines[0] == "Monday     09:00-18:00"
    assert lines[6] == "Sunday     closed"
