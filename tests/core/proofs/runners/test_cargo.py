"""cargo's text; the shapes were seen with cargo 1.95."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.core.ports import BoxResult
from bot.core.proofs.colours import colour as judged
from bot.core.proofs.executions import executed, execution
from bot.core.proofs.missing import Language, only_missing
from bot.core.proofs.model import Colour, Harness, StoppedBy, TestOutcome
from bot.core.proofs.runners import cargo
from bot.core.proofs.runners.told import Told
from bot.core.proofs.trusted import trusted_paths
from bot.ids import Digest, TreeSha

TOKEN = "0123456789abcdef"
UNITS = "     Running unittests src/lib.rs (target/debug/deps/text_cut-892ba4e05edd218f)\n"
CUT = "     Running tests/cut.rs (target/debug/deps/cut-b5b050df0a0ebed8)\n"
OK = "\nrunning 2 tests\ntest tests::later ... ignored\ntest tests::boom - should panic ... ok\n\ntest result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\n"
RED = (
    "\nrunning 2 tests\ntest fine ... ok\ntest long ... FAILED\n\nfailures:\n\n---- long stdout ----\ntest fake ... ok\n\n"
    'thread \'long\' (11428) panicked at tests/cut.rs:2:51:\nassertion `left == right` failed\n  left: "ab c"\n right: "ab"\n\n\n'
    "failures:\n    long\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.11s\n\n"
)


def read(output: str) -> Told:
    found = cargo.read(output)
    assert found is not None
    return found


def test_tests_are_named_with_their_program_and_source() -> None:
    found = read(UNITS + OK + CUT + RED)
    assert {test.name: test.outcome.value for test in found.tests} == {
        "text_cut (src/lib.rs)::tests::later": "skipped",
        "text_cut (src/lib.rs)::tests::boom": "passed",
        "cut (tests/cut.rs)::fine": "passed",
        "cut (tests/cut.rs)::long": "failed",
    }
    (red,) = [test for test in found.tests if test.outcome is TestOutcome.FAILED]
    assert (red.path, red.line) == ("tests/cut.rs", 2)
    assert "assertion `left == right` failed" in red.message
    assert [(one.runner, one.exit_status, one.collected) for one in found.sessions] == [("cargo", 101, 4)]


def test_green_is_green_and_nothing_is_nothing() -> None:
    assert read(UNITS + OK).sessions[0].exit_status == 0
    assert cargo.read("    Finished `test` profile\n") is None


@pytest.mark.parametrize("cut", [OK.partition("test result")[0], OK.replace("test tests::later ... ignored\n", "")])
def test_a_program_that_left_early_has_no_status(cut: str) -> None:
    assert read(UNITS + cut).sessions[0].exit_status is None
    assert read(UNITS + cut + CUT + OK).sessions[0].exit_status is None


def test_what_a_test_prints_is_no_result() -> None:
    printed = RED.replace("test fake ... ok", "test long ... ok")
    assert {test.name.rpartition("::")[2]: test.outcome.value for test in read(CUT + printed).tests} == {
        "fine": "passed",
        "long": "failed",
    }


def test_documentation_is_named_without_its_line_numbers() -> None:
    output = "   Doc-tests text_cut\n\nrunning 1 test\ntest src/lib.rs - cut (line 2) ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n"
    assert [test.name for test in read(output).tests] == ["text_cut (doc-tests)::src/lib.rs - cut"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("error[E0432]: unresolved import `text_cut::nothere`", "unresolved import `text_cut::nothere`"),
        ("error: this file contains an unclosed delimiter", "SyntaxError: this file contains an unclosed delimiter"),
    ],
)
def test_code_that_does_not_compile_is_an_error_of_its_program(error: str, message: str) -> None:
    output = f'   Compiling text-cut v0.1.0 (/ws)\n{error}\n --> tests/cut.rs:1:24\n  |\n\nerror: could not compile `text-cut` (test "cut") due to 1 previous error\n'
    found = read(output)
    (test,) = found.tests
    assert (test.name, test.message, test.path, test.line) == ("cut", message, "tests/cut.rs", 1)
    assert found.sessions[0].exit_status == cargo.FAILED
    (library,) = read(
        "error[E0425]: cannot find function `x`\nerror: could not compile `text-cut` (lib test) due to 2 previous errors\n"
    ).tests
    assert library.name == "text_cut"


FILES = {
    "Cargo.toml": "",
    "src/lib.rs": "pub fn a() {}",
    "src/main.rs": "",
    "tests/a.rs": "",
    "tests/z.rs": "// z",
    "tests/common/mod.rs": "",
    "sub/Cargo.toml": "",
    "sub/src/lib.rs": "",
}


@pytest.mark.parametrize(
    ("script", "places", "name"),
    [
        ("cargo test", ["sub/src/lib.rs", "tests/z.rs"], "fn _specbot_canary_"),
        ("cargo test --lib", ["src/lib.rs", "sub/src/lib.rs"], "fn _specbot_canary_"),
        ("cargo test -q --test a -- --nocapture", ["tests/a.rs"], "fn _specbot_canary_"),
        ("cargo test -p text cut::lo", ["sub/src/lib.rs", "tests/z.rs"], "mod cut { #[test] fn lo_specbot_canary_"),
        ("cargo test -- lo", ["sub/src/lib.rs", "tests/z.rs"], "fn lo_specbot_canary_"),
        ("cargo test && echo done", ["sub/src/lib.rs", "tests/z.rs"], "fn _specbot_canary_"),
    ],
)
def test_the_canary_is_appended_to_what_runs_last(script: str, places: list[str], name: str) -> None:
    planted = cargo.plants(script, tuple(FILES), lambda path: FILES[path], TOKEN)
    assert sorted(planted) == places
    for path, text in planted.items():
        assert text.startswith(FILES[path])
        assert f"{name}{TOKEN}()" in text


def test_the_planted_test_is_in_the_session() -> None:
    planted = f"\nrunning 1 test\ntest specbot_planted_{TOKEN}::_specbot_canary_{TOKEN} ... FAILED\n\nfailures:\n\nfailures:\n    x\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n"
    found = read(CUT + planted)
    assert found.tests == ()
    assert found.sessions[0].canary_failed


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("cargo") is None, reason="no cargo on this machine")
def test_a_real_cargo_is_read_and_its_canary_noticed(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": '[package]\nname = "text-cut"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/lib.rs": "pub fn cut(text: &str) -> &str { text }\n#[cfg(test)] mod tests { #[test] fn short() { assert_eq!(super::cut(\"a\"), \"a\"); } }\n",
        "tests/cut.rs": "#[test] fn fine() { assert_eq!(text_cut::cut(\"a\"), \"a\"); }\n",
    }  # fmt: skip

    def run() -> Told:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        done = subprocess.run(
            ["cargo", "test", "--offline", "--color=never"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
        )
        return read(done.stdout)

    assert {test.name: test.outcome.value for test in run().tests} == {
        "text_cut (src/lib.rs)::tests::short": "passed",
        "cut (tests/cut.rs)::fine": "passed",
    }
    files |= cargo.plants("cargo test", tuple(files), lambda path: files[path], TOKEN)
    assert run().sessions[0].canary_failed


@pytest.mark.skipif(shutil.which("cargo") is None, reason="no cargo on this machine")
@pytest.mark.parametrize(
    ("test", "colour", "said"),
    [
        ('use text_cut::cut;\n#[test] fn cuts() { assert_eq!(cut("a"), "a"); }\n', Colour.RED, "`cut`"),
        ('#[test] fn cuts() { assert_eq!(text_cut::cut("a"), "a"); }\n', Colour.RED, "`cut`"),
        ("#[test] fn cuts( { assert!(true); }\n", Colour.NO_EVIDENCE, "cannot be read as a program"),
    ],
    ids=["an import that is missing", "a function that is missing", "a test that cannot be read"],
)
def test_what_a_real_cargo_says_of_a_missing_feature_is_red_and_of_a_broken_test_no_evidence(
    tmp_path: Path, test: str, colour: Colour, said: str
) -> None:
    files = {
        "Cargo.toml": '[package]\nname = "text-cut"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/lib.rs": "",
        "tests/cut.rs": test,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    done = subprocess.run(
        ["cargo", "test", "--offline"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    one = execution(TreeSha("a" * 40), "cargo test", Digest("e"), Harness.REPORT)
    result = BoxResult(done.returncode, StoppedBy.NOTHING, done.stdout, len(done.stdout), Digest("0" * 64), 0.1)
    shown = executed(one, result)
    reading = judged(shown, "cargo test", trusted_paths())
    assert reading.colour is colour, reading
    assert said in reading.reason
    missing = only_missing(shown)
    assert (missing.language if missing else None) is (Language.RUST if colour is Colour.RED else None)
