"""That the figures are what the table says they are; how large they are is no test's business."""

import itertools
import re

import pytest

from tests.bench.__main__ import BENCHES, RESULTS, main, table
from tests.bench.measuring import Row, Spread, in_turns, judged, times


def test_ways_take_turns_and_the_first_turn_does_not_count() -> None:
    done: list[str] = []
    count = itertools.count(1)

    def way(name: str) -> float:
        done.append(name)
        return float(next(count))

    taken = in_turns({"a": lambda: way("a"), "b": lambda: way("b")}, 3)
    assert "".join(done) == "ab" + "ba" + "ab" + "ba"
    assert taken == {"a": Spread((4.0, 5.0, 8.0)), "b": Spread((3.0, 6.0, 7.0))}


def test_a_ratio_is_taken_within_a_turn_and_not_of_the_medians() -> None:
    slow_once = times("x", Spread((0.010, 0.400, 0.012)), "y", Spread((0.005, 0.200, 0.004)), "of z")
    assert slow_once.ratio == "2.0 (2.0–3.0) ×"
    assert slow_once.ours == "12.0 (10.0–400.0) ms"


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert Spread(tuple(float(n) for n in range(100, 0, -1))).part(share) == value


def test_every_figure_has_a_line_in_the_table_and_one_that_says_what_it_means() -> None:
    shown = table([Row("size", "2 kB", "the other", "1 kB", "2.0 ×", "bytes on the wire")])
    assert re.search(r"^\| size +\| 2 kB +\| the other +\| 1 kB +\| 2\.0 × +\|$", shown, re.MULTILINE)
    assert shown.endswith("- **size**: bytes on the wire.")


def test_the_stored_results_say_where_and_when_and_that_the_machine_is_noisy() -> None:
    stored = RESULTS.read_text(encoding="utf-8")
    assert re.search(r"on \d{4}-\d\d-\d\d \d\d:\d\d UTC", stored)
    assert "noisy" in stored
    figures = re.findall(r"^\| (.+?) +\| .+ [×%–] +\|$", stored, re.MULTILINE)
    meanings = re.findall(r"^- \*\*(.+?)\*\*: .+\.$", stored, re.MULTILINE)
    assert figures == meanings
    assert len(figures) >= len(BENCHES)


@pytest.mark.parametrize("arguments", [["nothing-like-this"], ["box", "--write"]])
def test_a_name_that_is_not_there_and_half_a_result_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


def test_a_missed_goal_is_said() -> None:
    said = [judged(value, 20.0, 30.0) for value in (20.0, 20.1, 30.0, 30.1)]
    assert [("goal is met" in words, "limit kept" in words) for words in said] == [
        (True, False),
        (False, True),
        (False, True),
        (False, False),
    ]
