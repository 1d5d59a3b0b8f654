from tide import minutes_left


def test_later_today() -> None:
    assert minutes_left(600, 725) == 125


def test_past_midnight() -> None:
    assert minutes_left(1400, 20) == 60
