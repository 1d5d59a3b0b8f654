"""Which runner a script starts, and what follows from it."""

import pytest

from bot.core.proofs.runners.registry import (
    canary_script,
    expected_runner,
    planted_files,
    report_files,
    runner_variables,
    told_by_command,
    told_by_output,
)

TOKEN = "0123456789abcdef"


@pytest.mark.parametrize(
    ("script", "runner"),
    [
        ("pytest -q", "pytest"),
        ("uv run pytest", "pytest"),
        ("python -m unittest", "unittest"),
        ("python3.11 -W error -m unittest discover -s tests", "unittest"),
        ("cd js && node --test", "node"),
        ("node --test-reporter=tap --test src", "node"),
        ("npx jest src/cut", "jest"),
        ("./node_modules/.bin/jest --ci", "jest"),
        ("go test ./...", "go"),
        ("CGO_ENABLED=0 go test -run TestCut .", "go"),
        ("cargo test --lib", "cargo"),
        ("cargo +stable t", "cargo"),
        ("set -e\ncargo fmt --check\ncargo test", "cargo"),
        ("npm test", ""),
        ("node check.js", ""),
        ("node cli.js --test", ""),
        ("echo go test", ""),
        ("go testing", ""),
        ("cargo tree", ""),
        ("# go test", ""),
        ("python -m unittest2", ""),
        ("jest-serializer x", ""),
    ],
)
def test_the_runner_of_a_script(script: str, runner: str) -> None:
    assert expected_runner(script) == runner


def test_only_what_needs_it_gets_variables_and_files() -> None:
    assert runner_variables("go test ./...") == {"GOFLAGS": "-json"}
    assert runner_variables("pytest") == {}
    assert canary_script("pytest -run x") == "pytest -run x"
    assert planted_files("pytest", ("a_test.go", "Cargo.toml"), lambda path: "package a", TOKEN) == {}
    both = planted_files(
        "go test . && cargo test", ("a_test.go", "Cargo.toml", "src/lib.rs"), lambda path: "package a", TOKEN
    )
    assert sorted(both) == [f"specbot_canary_{TOKEN}_test.go", "src/lib.rs"]


@pytest.mark.parametrize(
    ("script", "paths"),
    [
        ("pytest --junitxml=out/junit.xml", ["out/junit.xml"]),
        ("phpunit --log-junit ./r.xml", ["r.xml"]),
        ("npx vitest run --reporter=junit --outputFile='r.xml'", ["r.xml"]),
        ("JEST_JUNIT_OUTPUT_FILE=j.xml npx jest --json --outputFile=j.json", ["j.xml", "j.json"]),
        ("x --junitxml=/etc/passwd.xml --junit-xml=../up.xml", []),
        ("cat junit.xml", []),
    ],
)
def test_report_files_are_named_in_the_script(script: str, paths: list[str]) -> None:
    assert [file.path for file in report_files(script)] == paths


def test_configured_report_files_come_too() -> None:
    assert [file.path for file in report_files("make check", ("build/junit.xml", "../x.xml"))] == ["build/junit.xml"]


def test_an_output_that_was_cut_names_nothing() -> None:
    (told,) = told_by_output("cargo test", "running 1 test\ntest a ... ok\n", whole=False)
    assert told.tests == ()
    assert told.sessions[0].exit_status is None
    assert list(told_by_output("make", "running 1 test\n", whole=True)) == []
    assert list(told_by_command("TAP version 13\nok 1\n1..1\n", {}, whole=False)) == []


def test_files_come_before_tap() -> None:
    (told,) = told_by_command(
        "TAP version 13\nok 1\n1..1\n", {"a.xml": b"<testsuite><testcase name='x'/></testsuite>"}, whole=True
    )
    assert [test.name for test in told.tests] == ["x"]
