"""A command shows a finding only when it fails twice, by the code's fault."""

import pytest

from bot.core.proofs.model import Executed, StoppedBy
from bot.core.proofs.trusted import trusted_paths
from bot.core.reviews.model import Tried
from bot.core.reviews.reproduction import tried, without_code
from bot.ids import Digest

TRUSTED = trusted_paths(())


def ran(exit_code: int | None, output: str = "", stopped_by: StoppedBy = StoppedBy.NOTHING) -> Executed:
    return Executed(Digest("k"), exit_code, stopped_by, output, Digest("d"), 0.1)


RED = ran(1, 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nAssertionError')
GREEN = ran(0)


def outcome(candidate: Executed | None, again: Executed | None, base: Executed | None = GREEN) -> Tried:
    return tried("python3 -c 'assert f()'", candidate, again, base, TRUSTED)


def test_red_twice_is_reproduced_and_whether_it_passed_before_is_known() -> None:
    found = outcome(RED, RED)
    assert found.reproduced
    assert found.passed_before
    assert found.why == "exit status 1: AssertionError"
    assert not outcome(RED, RED, RED).passed_before
    assert outcome(RED, RED, None).reproduced


def test_green_is_not_and_says_that_nothing_is_left() -> None:
    found = outcome(GREEN, None)
    assert (found.reproduced, found.passes) == (False, True)


def test_red_once_is_not() -> None:
    assert not outcome(RED, GREEN).reproduced
    assert not outcome(RED, None).reproduced
    assert not outcome(RED, GREEN).passes


@pytest.mark.parametrize(
    "no_evidence",
    [
        ran(127, "sh: 1: nope: not found"),
        ran(126),
        ran(None),
        ran(None, stopped_by=StoppedBy.TIME),
        ran(
            1, "Traceback\n  File \"<string>\", line 1\n    assert f(\n            ^\nSyntaxError: '(' was never closed"
        ),
        ran(2, "/bin/sh: 1: Syntax error: Unterminated quoted string"),
        ran(1, "ModuleNotFoundError: No module named 'numpy'"),
    ],
)
def test_what_says_nothing_about_the_code_is_not(no_evidence: Executed) -> None:
    found = outcome(no_evidence, no_evidence, no_evidence)
    assert not found.reproduced
    assert not found.passes
    assert found.why


def test_what_fails_in_an_empty_folder_just_the_same_shows_nothing() -> None:
    found = outcome(RED, RED)
    assert without_code(found, ran(1, "ModuleNotFoundError: No module named 'greet'")) == found
    assert without_code(found, None) == found
    liar = without_code(found, RED)
    assert (liar.reproduced, liar.passes, liar.why) == (False, False, "it does the same in an empty folder")


def test_a_module_that_the_change_took_away_is_the_codes_fault() -> None:
    gone = ran(1, "ModuleNotFoundError: No module named 'words'")
    assert outcome(gone, gone, GREEN).reproduced


def test_a_file_of_the_tree_that_cannot_be_read_is_the_codes_fault() -> None:
    broken = ran(
        1,
        '  File "<string>", line 1, in <module>\n  File "/ws/greet.py", line 2\n    return (\n           ^\n'
        "SyntaxError: '(' was never closed",
    )
    assert outcome(broken, broken).reproduced
    assert outcome(broken, broken, broken).reproduced


def test_a_runner_that_collects_nothing_shows_nothing() -> None:
    nothing = ran(5, "no tests ran")
    assert not tried("python -m pytest -q tests/nope.py", nothing, nothing, None, TRUSTED).reproduced
