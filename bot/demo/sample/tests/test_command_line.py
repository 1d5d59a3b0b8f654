import pytest

from openhours.__main__ import main

SHOP = "Mo-Fr 09:00-18:00; Sa 10:00-14:00"


@pytest.mark.parametrize(
    ("at", "said", "exit_status"),
    [
        ("2026-03-06T17:00", "open, closes Fr 18:00\n", 0),
        ("2026-03-07T15:00", "closed, opens Mo 09:00\n", 1),
    ],
)
def test_status(capsys, at, said, exit_status):
    assert main(["status", SHOP, "--at", at]) == exit_status
    assert capsys.readouterr().out == said


def test_check_prints_the_shortest_form(capsys):
    assert main(["check", "Sa 10:00-14:00; Mo,Tu,We,Th,Fr 9:00-18:00"]) == 0
    assert capsys.readouterr().out == f"{SHOP}\n"


def test_hours_that_cannot_be_read_exit_with_2(capsys):
    assert main(["check", "Mo 9-18"]) == 2
    assert "is not a time" in capsys.readouterr().err
