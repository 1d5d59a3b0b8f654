"""Lines that failures name: read out of hostile outputs, and believed only where the tree has them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.proofs.model import CriterionVerdict, Place, Shown, TestOutcome, TestResult, Verdict
from bot.core.proofs.places import PER_COMMAND, PLACES, said_places, there
from bot.core.specs.model import Position, ProofKind
from bot.ids import CriterionName
from tests.core.proofs.builders import digest, ran

NAME = CriterionName("specs/0001-cut.md#AC-1")


def failed(output: str, *tests: TestResult, verdict: Verdict = Verdict.FAILED) -> CriterionVerdict:
    shown = Shown("pytest", None, ran(1, tests or None, output=output), None)
    return CriterionVerdict(
        NAME, "", ProofKind.CHANGE, Position("specs/0001-cut.md", 3), digest("c"), verdict, (), (shown,)
    )


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("tests/test_cut.py:12: AssertionError", ("tests/test_cut.py", 12, "AssertionError")),
        ("E   text/cut.py:3: ValueError: no", ("text/cut.py", 3, "ValueError: no")),
        ('  File "/ws/text/cut.py", line 4, in cut', ("text/cut.py", 4, "cut")),
        ("    cut_test.go:17: got 3, want 4", ("cut_test.go", 17, "got 3, want 4")),
        ("    at Object.<anonymous> (/ws/src/cut.test.js:5:23)", ("src/cut.test.js", 5, "")),
        ("    at file:///ws/src/cut.mjs:9:1", ("src/cut.mjs", 9, "")),
        ("thread 'short' panicked at src/lib.rs:12:5:", ("src/lib.rs", 12, "")),
        ("  --> src/main.rs:3:9", ("src/main.rs", 3, "")),
        ("./src/a.ts:7:1: error TS2345: no", ("src/a.ts", 7, "error TS2345: no")),
        ("../../etc/passwd.txt:1: x", None),
        ("/etc/passwd.txt:1: x", None),
        ("a/../b.py:1: x", None),
        ('  File "<string>", line 1, in <module>', None),
        ("12:30:45 started", None),
        ("https://evil.example/x.py:1: click", None),
        ("cut.py:0: x", None),
        ("src/a\x1b[31m.py:1: x", None),
    ],
)
def test_what_a_line_of_output_names(line: str, place: tuple[str, int, str] | None) -> None:
    found = said_places([failed(f"before\n{line}\nafter")])
    assert [(one.path, one.line, one.message) for one in found] == ([place] if place else [])


def test_named_tests_come_first_and_a_line_is_named_once() -> None:
    named = TestResult("tests/test_a.py::test_x", TestOutcome.FAILED, "assert 1 == 2", "tests/test_a.py", 7)
    fine = TestResult("tests/test_a.py::test_y", TestOutcome.PASSED, "", "tests/test_a.py", 9)
    found = said_places([failed("a.py:3: boom\ntests/test_a.py:7: AssertionError\n", named, fine)])
    assert found == (
        Place("tests/test_a.py", 7, "assert 1 == 2", NAME, "tests/test_a.py::test_x"),
        Place("a.py", 3, "boom", NAME),
    )


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.FAILED])
def test_only_what_failed_names_places(verdict: Verdict) -> None:
    assert said_places([failed("a.py:3: boom", verdict=verdict)]) == ()


def test_a_place_counts_where_the_tree_has_its_line() -> None:
    places = said_places([failed("a.py:3: x\na.py:4: x\nb.py:1: x\n")])
    assert there(places, {"a.py": ("f" * 40, 3)}) == (Place("a.py", 3, "x", NAME, blob="f" * 40),)


def test_a_flood_is_capped() -> None:
    flood = failed("".join(f"a.py:{number}: x\n" for number in range(1, 5_000)))
    assert len(said_places([flood])) == PER_COMMAND
    many = [replace(flood, shown=(Shown("x", None, ran(1, output=f"a{n}.py:1: x\n"), None),)) for n in range(100)]
    places = said_places(many)
    assert len(there(places, {place.path: ("f" * 40, 1) for place in places})) == PLACES


@given(st.text(alphabet=st.sampled_from('a/.:1 (\n"FileE-> \x1b\u202epatt,'), max_size=300) | st.text())
def test_any_output_is_read(output: str) -> None:
    for place in said_places([failed(output)]):
        assert place.line > 0
        assert not place.path.startswith("/")
        assert ".." not in place.path.split("/")
        assert "\n" not in place.message
