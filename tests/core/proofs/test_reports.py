"""The harness's report is hostile: what is well formed is read, nothing else, and nothing raises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.proofs.model import Left, Session, TestOutcome, TestResult
from bot.core.proofs.reports import MESSAGE_LENGTH, NAME_LENGTH, SESSIONS, parse_report


def report(*lines: object) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def start(pid: int = 12, depth: int = 0) -> dict[str, object]:
    return {"kind": "python", "pid": pid, "depth": depth, "version": "3.11.2"}


def session(name: str = "12-1", root: str = "/ws") -> dict[str, object]:
    return {"kind": "session", "session": name, "v": 1, "pytest": "9.2.0", "root": root}


def result(name: str, outcome: str = "passed", session: str = "12-1", **more: object) -> dict[str, object]:
    return {"kind": "test", "session": session, "name": name, "outcome": outcome, **more}


def end(exit_status: object = 0, session: str = "12-1", collected: object = 1) -> dict[str, object]:
    return {"kind": "end", "session": session, "exit": exit_status, "collected": collected, "deselected": 0}


def test_a_whole_report_is_read() -> None:
    found = parse_report(
        report(
            start(),
            session(),
            result(
                "tests/test_b.py::test_two",
                "failed",
                message="assert 1 == 2",
                exception="AssertionError",
                path="tests/test_b.py",
                line=7,
            ),
            result("tests/test_a.py::test_one"),
            end(1, collected=2),
            {"kind": "exit", "pid": 12},
        )
    )
    assert found.tests == (
        TestResult("tests/test_a.py::test_one", TestOutcome.PASSED),
        TestResult(
            "tests/test_b.py::test_two", TestOutcome.FAILED, "AssertionError: assert 1 == 2", "tests/test_b.py", 7
        ),
    )
    assert found.sessions == (Session(1, 2, False),)
    assert (found.python_started, found.python_cut_short) == (1, 0)


def test_no_session_means_that_no_runner_reported() -> None:
    found = parse_report(report(start(), result("tests/test_a.py::test_one")))
    assert found.tests is None
    assert found.sessions == ()


def test_a_session_that_collected_nothing_has_no_tests() -> None:
    assert parse_report(report(session(), end(5, collected=0))).tests == ()


def test_a_session_without_its_end_was_cut_short() -> None:
    assert parse_report(report(session(), result("a::b"))).sessions == (Session(None, 0),)
    assert parse_report(report(session(), end())[:-1]).sessions == (Session(None, 0),)


def test_the_canary_is_told_by_the_session_and_is_no_test() -> None:
    found = parse_report(report(session(), result("specbot::canary_8c1", "failed"), result("a::b"), end(1)))
    assert [one.name for one in found.tests or ()] == ["a::b"]
    assert found.sessions[0].canary_failed
    assert not parse_report(report(session(), result("specbot::canary_8c1"), end(0))).sessions[0].canary_failed


def test_every_planted_test_has_to_fail() -> None:
    planted = [result(f"specbot::canary_8c1{kind}", outcome) for kind, outcome in (("", "error"), ("_case", "failed"))]
    assert parse_report(report(session(), *planted, end(1))).sessions[0].canary_failed
    passing = result("specbot::canary_8c1_case")
    assert not parse_report(report(session(), planted[0], passing, end(1))).sessions[0].canary_failed


def test_an_exit_through_the_trees_code_is_told_once() -> None:
    def ended(**more: object) -> dict[str, object]:
        return {"kind": "main", "pid": 1, "end": "exit", "status": 0, "main": "<string>", "through": "text.py", **more}

    others = (ended(status=1), ended(through=""), ended(end="reached"), ended(end="raised"), ended(through=7))
    assert parse_report(report(start(), ended(), ended(), *others)).left == (Left("<string>", "text.py"),)
    assert len(parse_report(report(*(ended(through=f"{n}.py") for n in range(500)))).left) == 100


def test_an_interpreter_without_its_end_was_cut_short() -> None:
    found = parse_report(report(start(1), start(2), start(3, depth=1), {"kind": "exit", "pid": 2}))
    assert (found.python_started, found.python_cut_short) == (3, 1)


def test_a_collection_error_begins_with_its_class() -> None:
    line = result("tests/test_a.py", "error", exception="SyntaxError", message="invalid syntax", phase="collect")
    (found,) = parse_report(report(session(), line)).tests or ()
    assert found.message == "SyntaxError: invalid syntax"


def test_the_last_line_of_a_name_holds_in_a_session_and_the_worst_over_sessions() -> None:
    again = parse_report(report(session(), result("a::b", "failed"), result("a::b", "passed"), end()))
    assert [one.outcome for one in again.tests or ()] == [TestOutcome.PASSED]
    both = parse_report(
        report(
            session("1"),
            result("a::b", "failed", "1"),
            session("2"),
            result("a::b", "passed", "2"),
            result("a::c", "skipped", "2"),
        )
    )
    assert [(one.name, one.outcome) for one in both.tests or ()] == [
        ("a::b", TestOutcome.FAILED),
        ("a::c", TestOutcome.SKIPPED),
    ]


def test_two_roots_do_not_share_names() -> None:
    found = parse_report(
        report(
            session("1", "/ws/x"),
            result("t.py::a", session="1", path="t.py"),
            session("2", "/elsewhere"),
            result("t.py::a", "failed", "2"),
        )
    )
    assert [(one.name, one.path) for one in found.tests or ()] == [("t.py::a", ""), ("x/t.py::a", "x/t.py")]


def test_names_are_the_same_on_every_run() -> None:
    found = parse_report(
        report(
            session(),
            result("./t.py::t[<object at 0x7f3a4b5c6d7e>]"),
            result("t.py::t[\u202ea\nb]"),
            result("t.py::t[0x10]"),
        )
    )
    assert [one.name for one in found.tests or ()] == ["t.py::t[0x10]", "t.py::t[<object at 0x…>]", "t.py::t[a b]"]


def test_everything_is_capped() -> None:
    long = result("n" * 9_000, "failed", message="m" * 9_000, exception="e" * 9_000, path="p" * 9_000, line=2**40)
    (found,) = parse_report(report(session(), long)).tests or ()
    assert len(found.name) == NAME_LENGTH
    assert len(found.message) <= MESSAGE_LENGTH
    assert len(found.path) <= NAME_LENGTH
    assert found.line == 0
    many = parse_report(report(*(session(str(number)) for number in range(SESSIONS + 50))))
    assert len(many.sessions) == SESSIONS
    assert parse_report(b"\n" * (2 << 20) + report(session())).sessions == ()


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"{nonsense",
        b"{" * 50_000,
        b'{"a":' * 50_000,
        b"\xff\xfe",
        b"[" * 50_000,
        b"null",
        b"[]",
        b'{"kind": ["test"]}',
        b'{"kind": "test", "session": "12-1", "name": 5, "outcome": "passed"}',
        b'{"kind": "test", "session": "12-1", "name": "x", "outcome": "splendid"}',
        b'{"kind": "test", "session": "12-1", "name": "", "outcome": "passed"}',
        b'{"kind": "test", "session": "other", "name": "x", "outcome": "passed"}',
        b'{"kind": "end", "session": "12-1", "exit": true, "collected": -1}',
        b'{"kind": "end", "session": "12-1"}',
        b'{"kind": "session", "session": {"a": 1}, "root": 7}',
    ],
)
def test_what_is_not_understood_is_left_out(line: bytes) -> None:
    found = parse_report(report(session()) + line + b"\n" + report(result("a::b")))
    assert [one.name for one in found.tests or ()] == ["a::b"]
    assert found.sessions[0] == Session(None, 0)


LINE = st.fixed_dictionaries(
    {"kind": st.sampled_from(["python", "exit", "session", "test", "end", "?"])},
    optional={
        key: st.none()
        | st.text(max_size=30)
        | st.integers()
        | st.sampled_from(["12-1", "passed", "failed", "/ws/a", "t.py::a"])
        for key in (
            "session",
            "name",
            "outcome",
            "exit",
            "collected",
            "pid",
            "depth",
            "message",
            "exception",
            "path",
            "line",
            "root",
        )
    },
)


@given(st.binary(max_size=300) | st.lists(LINE, max_size=12).map(lambda lines: report(*lines)))
def test_any_bytes_are_read(data: bytes) -> None:
    found = parse_report(data)
    assert (found.tests is None) == (not found.sessions)
    names = [one.name for one in found.tests or ()]
    assert names == sorted(set(names))
