from weatherlog import Log, format_log, read_log

TEXT = """\
2026-05-02 06:00    7.4   0.2  250   3.1
2026-05-02 12:00   13.9     -    -     -
2026-12-24 00:00  -11.3   0.0    0   0.0"""


def test_columns_are_aligned():
    assert format_log(read_log(TEXT.replace("  ", " "))) == TEXT


def test_what_is_written_can_be_read():
    assert format_log(read_log(format_log(read_log(TEXT)))) == TEXT


def test_an_empty_log_is_an_empty_text():
    assert format_log(Log.of([])) == ""
