"""Reasons, ordered and shortened, whatever is in them."""

from dataclasses import replace

from bot.core.runs import RunState
from bot.reporting.checks.acceptance import acceptance_check
from bot.reporting.headline import headline
from bot.reporting.reasons import deciding, in_order_of_time, in_plain_text, say_before_and_after
from tests.reporting.reports import FAILED, KEPT, PROVEN, REDACTOR, report, run, verification

NAMES = "`a`, `b`, `c` and 4 more"


def test_before_comes_before_after_and_the_rest_stays() -> None:
    assert in_order_of_time(("after: y", "before: x")) == ("before: x", "after: y")
    assert in_order_of_time(("red now", "before: x", "after: y", "z")) == ("red now", "before: x", "after: y", "z")
    assert in_order_of_time(("after: y", "z", "before: x")) == ("before: x", "z", "after: y")


def test_each_command_has_an_order_of_its_own() -> None:
    told = ("`two`: after: y", "`one`: before: x", "`two`: before: x", "`one`: after: y")
    assert in_order_of_time(told) == ("`two`: before: x", "`one`: before: x", "`two`: after: y", "`one`: after: y")
    assert say_before_and_after(told, "two")
    assert not say_before_and_after(told, "three")
    assert not say_before_and_after(told, "")
    assert say_before_and_after(("before: x", "after: y"), "")
    assert not say_before_and_after(("after: y",), "")


def test_an_annotation_names_two_tests_and_has_no_backticks() -> None:
    told = in_plain_text((f"after: 7 of 9 tests failed: {NAMES}", f"before: 8 of 9 tests failed: {NAMES}"))
    assert told == ("before: 8 of 9 tests failed", "after: 7 of 9 tests failed: a, b and 5 more")
    assert in_plain_text(("after: 1 of 2 tests failed: `a`",)) == ("after: 1 of 2 tests failed: a",)
    assert in_plain_text(("after: exit status 1: an odd ` one", "`cut`: gone")) == (
        "after: exit status 1: an odd ' one",
        "cut: gone",
    )


def test_a_title_says_whose_reason_it_tells() -> None:
    others = [replace(FAILED, name=FAILED.name.replace("AC-2", f"AC-{n}")) for n in (4, 5, 6)]
    about = report(run(RunState.FAILED), verification(PROVEN, FAILED, KEPT, *others))  # type: ignore[arg-type]
    assert headline(about).title.startswith(
        "AC-2, AC-4, AC-5 and 1 more failed; 2 of 6 done. AC-2: 2 of 2 tests failed: "
    )
    assert deciding(("`two`: after: exit status 1: `x`", "before: y")) == "two: exit status 1: x"
    assert deciding(("green before the change too", "after: y")) == "green before the change too"
    assert deciding(()) == ""


def test_what_the_reasons_say_is_not_said_again_under_the_command() -> None:
    text = acceptance_check(report(run(RunState.FAILED), verification(FAILED)), REDACTOR).text
    assert text.count("before: ") == 1
    assert text.index("before: ") < text.index("after: ")
