"""TAP, JUnit XML and Jest's JSON: what a command says of itself."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.runners import cargo, go, jest, junit, tap
from bot.core.proofs.runners.told import Told, unread

FUZZ = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def named(told: Told | None) -> dict[str, str]:
    assert told is not None
    return {test.name: test.outcome.value for test in told.tests}


STREAM = """# a script's own words
TAP version 13
# Subtest: cut
    # Subtest: short
    ok 1 - short
    not ok 2 - long
      ---
      message: |-
        ok 9 - not a point
      ...
    1..2
not ok 1 - cut
ok 2 - later # SKIP not yet
not ok 3 - some day # TODO
ok 4
1..4
"""


def test_tap_is_named_by_its_subtests() -> None:
    found = tap.read(STREAM)
    assert named(found) == {"cut::short": "passed", "cut::long": "failed", "cut": "failed", "later": "skipped", "some day": "skipped", "point 4": "passed"}  # fmt: skip
    assert found is not None
    assert found.sessions[0].exit_status == 1
    assert "ok 9 - not a point" in next(test.message for test in found.tests if test.name == "cut::long")


@pytest.mark.parametrize(
    "broken",
    [STREAM.replace("1..4", "1..5"), STREAM.replace("1..4\n", ""), STREAM.replace("1..4", "Bail out! no disk")],
)
def test_a_stream_that_broke_its_plan_says_nothing(broken: str) -> None:
    found = tap.read(broken)
    assert found is not None
    assert found.sessions[0].exit_status is None


def test_without_a_version_line_it_is_no_tap() -> None:
    assert tap.read("ok 1 - a\n1..1\n") is None


REPORT = b"""<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="s" tests="5"><properties><property name="a" value="b"/></properties>
<testcase classname="tests.test_cut" name="test_short" file="tests/test_cut.py" line="3" time="0.1"/>
<testcase classname="tests.test_cut" name="test_long"><failure message="assert 1 == 2">where &amp; why</failure><system-out>x</system-out></testcase>
<testcase name="alone"><error message="no module"/></testcase>
<testcase classname="c" name="later"><skipped/></testcase>
</testsuite></testsuites>"""


def test_junit_is_named_by_class_and_name() -> None:
    found = junit.read(REPORT)
    assert named(found) == {"tests.test_cut::test_short": "passed", "tests.test_cut::test_long": "failed", "alone": "error", "c::later": "skipped"}  # fmt: skip
    assert found is not None
    assert found.sessions[0].exit_status == 1
    long = next(test for test in found.tests if test.outcome is TestOutcome.FAILED)
    assert long.message == "assert 1 == 2\nwhere & why"
    assert junit.read(b" \n") is None


BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuite><testcase name="&b;"/></testsuite>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuite/>',
        b'<!DOCTYPE x><testsuite><testcase name="a"/></testsuite>',
        b"<testsuite><testcase name='&undeclared;'/></testsuite>",
        b"<html><testcase name='a'/></html>",
        b"<testsuite><testcase name='a'/>",
        b"no xml at all",
        b'<?xml version="1.0" encoding="no-such-encoding"?><testsuite/>',
        b"<testsuite>" + b"<a>" * 50 + b"</a>" * 50 + b"</testsuite>",
        b"<testsuite>" + b"<a/>" * (junit.ELEMENTS + 1) + b"</testsuite>",
        b" " * junit.BYTES + b"<testsuite/>",
    ],
    ids=lambda data: data[:30].decode(),
)
def test_xml_that_is_no_plain_report_says_nothing(data: bytes) -> None:
    assert junit.read(data) == unread(junit.NAME)


def jest_report(*cases: dict[str, Any], **more: Any) -> bytes:
    file = {"name": "/ws/src/cut.test.js", "status": "failed", "message": "", "assertionResults": list(cases), **more}
    return json.dumps({"success": False, "testResults": [file]}).encode()


def test_jest_is_named_by_file_and_titles() -> None:
    short = {"ancestorTitles": ["cut"], "title": "short", "status": "passed", "failureMessages": []}
    long = {"ancestorTitles": ["cut"], "title": "long", "status": "failed", "failureMessages": ["Error: expected ab"]}
    later = {"ancestorTitles": [], "title": "later", "status": "pending"}
    found = jest.read(jest_report(short, long, later))
    assert named(found) == {"src/cut.test.js::cut::short": "passed", "src/cut.test.js::cut::long": "failed", "src/cut.test.js::later": "skipped"}  # fmt: skip
    assert named(jest.read(jest_report(message="  SyntaxError: Unexpected token"))) == {"src/cut.test.js": "error"}


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b'{"testResults": 3}', b"[" * 100_000, b" " * (jest.BYTES + 1) + b"{}"], ids=range(5)
)
def test_json_that_is_no_report_says_nothing(data: bytes) -> None:
    if data.strip() and len(data) < jest.BYTES:
        assert jest.read(data) == unread(jest.NAME)
    odd = json.dumps({"testResults": [7, {"name": 1, "assertionResults": [None, {"status": []}]}]}).encode()
    assert named(jest.read(odd)) == {}


WORDS = st.sampled_from(
    ["TAP version 13", "ok 1 - a", "not ok", "    ok", "1..2", "---", "...", "running 2 tests", "test a ... ok", "test a ... FAILED", "failures:", "---- a stdout ----",
     "test result: ok. 1 passed; x", "error: could not compile `a` (lib) due to 1", "error: x", " --> a.rs:99999999999999999999:1", "# a [b]", "./a.go:1:2: undefined: B",
     '{"Action":"fail","Package":"a","Test":"b"}', '{"Action":"pass","Package":"a"}', '{"Action":7}', "FAIL\ta\t0.1s", "--- FAIL: TestA (0.00s)", "\x00\u202e", "9" * 5000]
)  # fmt: skip


@FUZZ
@given(st.lists(st.one_of(WORDS, st.text(max_size=40)), max_size=30).map("\n".join))
def test_any_output_is_read(output: str) -> None:
    for read in (go.read, cargo.read, tap.read):
        found = read(output)
        assert found is None or found.sessions


@FUZZ
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"<testsuite>{text}</testsuite>".encode())
    )
)
def test_any_file_is_read(data: bytes) -> None:
    for read in (junit.read, jest.read):
        found = read(data)
        assert found is None or found.sessions
