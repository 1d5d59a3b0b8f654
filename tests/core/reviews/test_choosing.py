"""Which findings are told: each once, none again, the worst first."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.pulls import Annotation, AnnotationLevel
from bot.core.reviews.choosing import Before, Chosen, choose, placed
from bot.core.reviews.fingerprints import lines_of, moved
from bot.core.reviews.model import ReviewFinding

FILE = b"def f(x):\n    return x / 0\n\n\ndef g():\n    pass\n"
CONTENTS = {"a.py": FILE}
DIVIDES = ReviewFinding("a.py", 2, "high", "Divides by zero.", kind="behaviour", reproduce="python3 -c 'f(1)'")
NAMELESS = ReviewFinding("a.py", 5, "low", "Says nothing.", kind="behaviour")


NOTHING = Before()


def said(
    *findings: ReviewFinding, before: Before = NOTHING, most: int = 5, notes: tuple[Annotation, ...] = ()
) -> Chosen:
    return choose(placed(findings, CONTENTS), before, notes, most)


def test_the_worst_come_first_and_no_more_than_are_wanted() -> None:
    medium = ReviewFinding("a.py", 1, "medium", "Takes anything.")
    chosen = said(NAMELESS, medium, DIVIDES, most=2)
    assert [one.severity for one in chosen.findings] == ["high", "medium"]
    assert chosen.beyond == 1


def test_of_equal_weight_what_can_be_shown_comes_first() -> None:
    chosen = said(replace(DIVIDES, line=1, reproduce=""), DIVIDES, most=1)
    assert [one.line for one in chosen.findings] == [2]


def test_the_same_finding_is_told_once() -> None:
    chosen = said(replace(DIVIDES, severity="low", message="Cannot divide."), DIVIDES)
    assert [one.message for one in chosen.findings] == ["Divides by zero."]


def test_another_class_of_problem_on_the_same_line_is_another_finding() -> None:
    assert len(said(DIVIDES, replace(DIVIDES, kind="hole")).findings) == 2


def test_what_was_said_before_is_not_said_again() -> None:
    (known,) = placed([DIVIDES], CONTENTS)
    chosen = said(DIVIDES, NAMELESS, before=Before(frozenset({known.fingerprint})))
    assert [one.severity for one in chosen.findings] == ["low"]
    assert chosen.known == 1


def test_a_command_that_has_a_row_already_makes_no_second_one() -> None:
    (row,) = placed([DIVIDES], CONTENTS)
    before = Before(commands={"python3 -c 'f(1)'": row.fingerprint})
    assert len(said(DIVIDES, before=before).findings) == 1
    assert said(replace(DIVIDES, line=1), before=before).findings == ()


def test_what_another_check_has_annotated_is_left_to_it_unless_a_command_shows_it() -> None:
    note = Annotation("a.py", 1, 3, AnnotationLevel.WARNING, "W0001")
    chosen = said(replace(DIVIDES, reproduce=""), NAMELESS, notes=(note,))
    assert [one.line for one in chosen.findings] == [5]
    assert chosen.elsewhere == 1
    assert said(DIVIDES, notes=(note,)).elsewhere == 0


def test_a_suggestion_that_changes_nothing_or_replaces_nothing_is_dropped() -> None:
    same = replace(DIVIDES, suggestion="    return x / 0\n")
    real = replace(DIVIDES, suggestion="    return 0")
    nowhere = replace(DIVIDES, line=70, suggestion="x")
    other_file = replace(DIVIDES, path="b.py", suggestion="x")
    found = placed([same, real, nowhere, other_file], CONTENTS)
    assert [one.suggestion for one in found] == [None, "    return 0", None, None]
    windows = placed([real], {"a.py": FILE.replace(b"\n", b"\r\n")})
    assert windows[0].suggestion is None


def test_a_range_that_leaves_the_file_ends_with_it() -> None:
    (found,) = placed([replace(DIVIDES, end_line=99)], CONTENTS)
    assert (found.line, found.last_line) == (2, 6)


LINE = st.sampled_from(["a = 1", "b = 2", "  c()", "", "return"])


@given(above=st.lists(LINE, max_size=5), body=st.lists(LINE, min_size=1, max_size=4), indent=st.booleans())
def test_a_push_above_a_finding_moves_it_and_makes_no_other_of_it(
    above: list[str], body: list[str], indent: bool
) -> None:
    first = "\n".join(body).encode() + b"\n"
    finding = ReviewFinding("a.py", 1, "high", "Wrong.", end_line=len(body) if len(body) > 1 else 0)
    (known,) = placed([finding], {"a.py": first})
    lines = [f"    {line}" if indent else line for line in body]
    later = moved(known, lines_of("\n".join([*above, *lines, ""]).encode()))
    assert later is not None
    (again,) = placed([later], {"a.py": "\n".join([*above, *lines, ""]).encode()})
    assert again.fingerprint == known.fingerprint
    assert later.last_line - later.line == len(body) - 1


def test_a_finding_whose_lines_are_gone_is_nowhere() -> None:
    (known,) = placed([DIVIDES], CONTENTS)
    assert moved(known, lines_of(b"def f(x):\n    return x\n")) is None
    assert moved(known, ()) is None
