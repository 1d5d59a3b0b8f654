"""go's output. No Go was on the machine where this was written: the texts are ours, in the shape that `go doc test2json` describes."""

import json

import pytest

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.runners import go
from bot.core.proofs.runners.told import Told

TOKEN = "0123456789abcdef"
PACKAGE = "example.com/text"


def events(*lines: dict[str, str] | str) -> str:
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n"


def event(action: str, test: str = "", output: str = "", package: str = PACKAGE) -> dict[str, str]:
    all_of_it = {"Action": action, "Package": package, "Test": test, "Output": output}
    return {key: value for key, value in all_of_it.items() if value}


def read(output: str) -> Told:
    found = go.read(output)
    assert found is not None
    return found


def outcomes(output: str) -> dict[str, str]:
    return {test.name: test.outcome.value for test in read(output).tests}


MIXED = events(
    event("start"),
    event("run", "TestCut"),
    event("output", "TestCut", "=== RUN   TestCut\n"),
    event("run", "TestCut/long"),
    event("output", "TestCut/long", "    cut_test.go:9: want ab\n"),
    event("output", "TestCut/long", "--- FAIL: TestCut/long (0.00s)\n"),
    event("fail", "TestCut/long"),
    event("fail", "TestCut"),
    event("run", "TestShort"),
    event("pass", "TestShort"),
    event("run", "TestLater"),
    event("skip", "TestLater"),
    event("output", "", "FAIL\n"),
    event("fail"),
)


def test_json_names_tests_with_their_package_and_their_words() -> None:
    assert outcomes(MIXED) == {
        f"{PACKAGE}::TestCut": "failed",
        f"{PACKAGE}::TestCut/long": "failed",
        f"{PACKAGE}::TestLater": "skipped",
        f"{PACKAGE}::TestShort": "passed",
    }
    found = read(MIXED)
    assert found.tests[1].message == "cut_test.go:9: want ab"
    assert [(one.runner, one.exit_status, one.collected) for one in found.sessions] == [("go", 1, 4)]


def test_a_package_without_tests_is_no_session() -> None:
    quiet = [event("start", package="example.com/none"), event("skip", package="example.com/none")]
    text = "?   \texample.com/none\t[no test files]"
    assert go.read(events(*quiet, text)) is None
    assert go.read("ok  \texample.com/none\t0.002s [no tests to run]\n") is None


def test_a_test_that_never_ended_is_an_error_and_so_is_a_package_that_ended_itself() -> None:
    panicked = events(event("run", "TestCut"), event("output", "", "panic: no\n"), event("fail"))
    assert outcomes(panicked) == {f"{PACKAGE}::TestCut": "error"}
    ended = events(
        event("run", "TestCut"), event("pass", "TestCut"), event("output", "", "exit status 3\n"), event("fail")
    )
    assert outcomes(ended)[PACKAGE] == "error"


def test_a_process_that_ends_behind_the_runners_back_has_no_status() -> None:
    found = read(events(event("run", "TestCut"), event("pass", "TestCut")))
    assert [session.exit_status for session in found.sessions] == [None]


@pytest.mark.parametrize("form", ["text", "json"])
def test_code_that_does_not_compile_is_an_error_of_the_package(form: str) -> None:
    lines = [f"# {PACKAGE} [{PACKAGE}.test]", "./cut_test.go:6:9: undefined: Cut"]
    if form == "json":
        told = [{"Action": "build-output", "ImportPath": PACKAGE, "Output": f"{line}\n"} for line in lines]
        output = events(*told, event("start"), event("output", "", f"FAIL\t{PACKAGE} [build failed]\n"), event("fail"))
    else:
        output = events(*lines, f"FAIL\t{PACKAGE} [build failed]", "FAIL")
    (test,) = read(output).tests
    assert (test.name, test.outcome, test.message) == (PACKAGE, TestOutcome.ERROR, "undefined: Cut")
    assert (test.path, test.line) == ("cut_test.go", 6)


def test_a_grammar_error_is_told_apart() -> None:
    lines = [f"# {PACKAGE}", "cut_test.go:3:1: syntax error: non-declaration statement outside function body"]
    (test,) = read(events(*lines, f"FAIL\t{PACKAGE} [setup failed]")).tests
    assert test.message.startswith("SyntaxError: ")


def test_text_names_tests_too() -> None:
    output = "=== RUN   TestCut\n--- PASS: TestCut (0.00s)\n    --- FAIL: TestB/c (0.01s)\nFAIL\nFAIL\texample.com/text\t0.003s\nok  \texample.com/b\t(cached)\n"
    assert outcomes(output) == {
        f"{PACKAGE}::TestCut": "passed",
        f"{PACKAGE}::TestB/c": "failed",
        "example.com/b": "passed",
    }


def test_the_planted_test_is_in_the_session_and_not_among_the_tests() -> None:
    name = f"TestSpecbotCanary{TOKEN}"
    found = read(
        events(event("run", name), event("fail", name), event("run", "TestA"), event("pass", "TestA"), event("fail"))
    )
    assert [test.name for test in found.tests] == [f"{PACKAGE}::TestA"]
    assert found.sessions[0].canary_failed
    quiet = read(events(event("run", name), event("pass", name), event("pass")))
    assert quiet.sessions[0].canary_passed
    assert not quiet.sessions[0].canary_failed


def test_each_folder_with_tests_gets_a_canary_of_its_own_package() -> None:
    sources = {
        "cut_test.go": "package text\n",
        "in/a_test.go": "// package no\npackage in_test // x\n",
        "in/b.go": "package in\n",
        "odd/x_test.go": "nothing",
    }
    planted = go.plants(tuple(sources), lambda path: sources[path], TOKEN)
    assert list(planted) == [f"specbot_canary_{TOKEN}_test.go", f"in/specbot_canary_{TOKEN}_test.go"]
    assert planted[f"in/specbot_canary_{TOKEN}_test.go"].startswith("package in_test\n")
    assert f"func TestSpecbotCanary{TOKEN}(t *testing.T)" in planted[f"specbot_canary_{TOKEN}_test.go"]


@pytest.mark.parametrize(
    ("script", "listening"),
    [
        ("go test ./...", "go test ./..."),
        ("go test -run TestCut ./text", "go test -run 'TestCut|^TestSpecbotCanary' ./text"),
        ("go test -run='^TestCut$' .", "go test -run='^TestCut$|^TestSpecbotCanary' ."),
        ('go test --run "TestA|TestB" .', "go test --run 'TestA|TestB|^TestSpecbotCanary' ."),
    ],
)
def test_a_filter_lets_the_canary_through(script: str, listening: str) -> None:
    assert go.listening(script) == listening


def test_json_is_asked_for_where_nothing_else_would_understand_it() -> None:
    assert go.variables("go test ./... # go vet") == {"GOFLAGS": "-json"}
    assert go.variables("go vet ./... && go test ./...") == {"GOFLAGS": "-v"}
