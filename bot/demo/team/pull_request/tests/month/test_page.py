"""Acceptance tests: a month on one page, from a shell."""

from pathlib import Path

import pytest

from weatherlog.__main__ import main

HERE = Path(__file__).parent


def test_the_page_of_a_month(capsys):
    assert main(["month", str(HERE / "march.txt"), "2026-03"]) == 0
    assert capsys.readouterr().out == (HERE / "march-2026.txt").read_text(encoding="utf-8")


def test_an_export_of_a_console_is_read_by_its_name(capsys):
    assert main(["month", str(HERE / "console.csv"), "2026-05"]) == 0
    assert capsys.readouterr().out == (
        "May 2026, 5 observations\n"
        "\n"
        "                 Value  When\n"
        "---------------  -----  ----------------\n"
        "warmest, °C       13.9  2026-05-02 12:00\n"
        "coldest, °C        7.4  2026-05-02 06:00\n"
        "rain, mm           5.2  -\n"
        "wettest day, mm    3.8  2026-05-02\n"
        "\n"
        "Wind from     %\n"
        "---------  ----\n"
        "N          25.0\n"
        "NE          0.0\n"
        "E           0.0\n"
        "SE          0.0\n"
        "S           0.0\n"
        "SW          0.0\n"
        "W          75.0\n"
        "NW          0.0\n"
        "calm        0.0\n"
    )


def test_tables_without_a_row_are_left_out(tmp_path, capsys):
    (tmp_path / "log.txt").write_text("2026-03-01 00:00 - - 90 2.0\n")
    assert main(["month", str(tmp_path / "log.txt"), "2026-03"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("March 2026, 1 observation\n\nWind from")
    assert "warmest" not in out
    assert "Missing" not in out


def test_a_month_without_observations_is_said(capsys):
    assert main(["month", str(HERE / "march.txt"), "2026-04"]) == 1
    assert capsys.readouterr().out == "no observations in April 2026\n"


def test_what_is_no_month_is_refused(capsys):
    with pytest.raises(SystemExit) as left:
        main(["month", str(HERE / "march.txt"), "2026-13"])
    assert left.value.code == 2
    assert "2026-13" in capsys.readouterr().err


def test_an_export_that_cannot_be_read_is_told(tmp_path, capsys):
    (tmp_path / "export.csv").write_text("time,temperature\n")
    assert main(["month", str(tmp_path / "export.csv"), "2026-03"]) == 2
    assert "line 1: there is no column wind" in capsys.readouterr().err
