from datetime import date, datetime

from weatherlog import Log, Observation


def at(day, hour=0):
    return Observation(datetime(2026, 5, day, hour))


def test_the_days_of_a_log():
    log = Log.of([at(1), at(3), at(1, 6)])
    assert log.days() == (date(2026, 5, 1), date(2026, 5, 3))


def test_one_day_of_a_log():
    log = Log.of([at(1), at(1, 23), at(2)])
    assert log.on(date(2026, 5, 1)).observations == (at(1), at(1, 23))
    assert len(log.on(date(2026, 5, 3))) == 0


def test_one_month_of_a_log():
    other = Observation(datetime(2025, 5, 1))
    log = Log.of([at(1), other, Observation(datetime(2026, 6, 1))])
    assert log.in_month(2026, 5).observations == (at(1),)
    assert log.in_month(2025, 5).observations == (other,)
