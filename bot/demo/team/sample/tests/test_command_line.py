from weatherlog.__main__ import main

LOG = "2026-05-02 06:00 7.4 0.2 250 3.1\n2026-05-03 06:00 3.2 0.0 10 0.4\n"


def test_check_says_what_there_is(tmp_path, capsys):
    (tmp_path / "log.txt").write_text(LOG)
    assert main(["check", str(tmp_path / "log.txt")]) == 0
    assert capsys.readouterr().out == "2 observations from 2026-05-02 06:00 to 2026-05-03 06:00\n"


def test_an_empty_log_is_no_fault(tmp_path, capsys):
    (tmp_path / "log.txt").write_text("")
    assert main(["check", str(tmp_path / "log.txt")]) == 0
    assert capsys.readouterr().out == "no observations\n"


def test_day_prints_one_day(tmp_path, capsys):
    (tmp_path / "log.txt").write_text(LOG)
    assert main(["day", str(tmp_path / "log.txt"), "2026-05-03"]) == 0
    assert capsys.readouterr().out == "2026-05-03 06:00    3.2   0.0   10   0.4\n"


def test_a_faulty_log_is_told(tmp_path, capsys):
    (tmp_path / "log.txt").write_text("nonsense\n")
    assert main(["check", str(tmp_path / "log.txt")]) == 2
    assert "line 1: 1 columns instead of 6" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere.txt")]) == 2
    assert "nowhere.txt" in capsys.readouterr().err
