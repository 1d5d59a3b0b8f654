"""`cargo test`: read from libtest's text, because its JSON is not stable, and given a canary in the target that runs last.

Cargo says which program runs (`Running tests/cut.rs (target/debug/deps/cut-0123…)`), libtest what came of each test. A test's own
output is shown only between `failures:` and the result line, where nothing is read.

The canary is a test appended to the last test target of each package. Cargo stops at the first target that fails, so later packages and
the documentation's tests are not shown to listen. It sees code that ends the process early and a command that throws the exit
status away; it does not see a `harness = false` target, nor code that knows its name.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.runners.told import MESSAGE_LINES, UNREADABLE, Teller, Told, lines_of, number, told
from bot.core.proofs.scripts import without_comments

NAME = "cargo"

FAILED = 101
"""Cargo's and libtest's exit status for failing tests and for code that does not compile."""

PACKAGES = 100
"""Packages of a workspace that get a canary."""

_RUNNING = re.compile(r"\s+Running (?:unittests )?(\S{1,300}) \(\S*?([^/\s]{1,200}?)(?:-[0-9a-f]{16})?(?:\.exe)?\)")
_DOCS = re.compile(r"\s+Doc-tests (\S{1,200})")
_COUNT = re.compile(r"running (\d{1,9}) tests?")
_TEST = re.compile(r"test (.{1,500}?)(?: - should panic)? \.\.\. (ok|FAILED|ignored|bench:)(?:, .*)?")
_RESULT = re.compile(r"test result: (ok|FAILED)\. \d{1,9} passed; .*")
_HEADING = re.compile(r"---- (.{1,500}?) stdout ----")
_PANIC = re.compile(r"thread '.{0,500}' (?:\(\d{1,9}\) )?panicked at ([^\s:]{1,300}):(\d{1,9}):\d{1,9}:")
_LINE_NUMBER = re.compile(r" \(line \d{1,9}\)")
_ERROR = re.compile(r"error(?:\[E\d{4}\])?: (.{1,500})")
_PLACE = re.compile(r"\s+--> ([^\s:]{1,300}):(\d{1,9}):\d{1,9}")
_NOT_COMPILED = re.compile(r"error: could not compile `([^`]{1,200})` \((.{1,200}?)\) due to .*")
_NAMED_TARGET = re.compile(r'(?:test|bin|example|bench) "([^"]{1,200})"')
_GRAMMAR = re.compile(
    r"expected .* found |unexpected (?:closing|token)|this file contains an un|unterminated |unknown start of token"
)
_MISSING_NAME = re.compile(r"cannot find |unresolved import|no .* named |not found in")
_OUTCOMES = {"ok": TestOutcome.PASSED, "bench:": TestOutcome.PASSED, "FAILED": TestOutcome.FAILED, "ignored": TestOutcome.SKIPPED}  # fmt: skip
_TARGET = re.compile(r"\s--(test|bin|lib|doc)\b(?:[= ]([\w-]+))?")
_WORD = re.compile(r"(?<=\s)[A-Za-z_][\w:]*(?=\s|$)")
_WITH_VALUE = re.compile(
    r"\s(?:-p|--package|--exclude|--features|-F|--test|--bin|--example|--bench|--profile|-j|--jobs|--target|--target-dir|--manifest-path|--color|--config)[= ]\S+"
)


class _Reader:
    """The output read line by line. `target` is what runs, `expected` how many of its tests are still to come."""

    def __init__(self) -> None:
        self.teller = Teller(NAME)
        self.target = ""
        self.open = False
        self.expected = 0
        self.quoting = False
        self.quoted = ""
        self.words: dict[str, list[str]] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.results: list[str] = []
        self.error = ("", "", 0)

    def take(self, line: str) -> None:
        if self.open and not self.quoting and (test := _TEST.fullmatch(line)):
            self._test(test[1], test[2])
        elif result := _RESULT.fullmatch(line):
            self._end(result[1])
        elif self.quoting:
            self._quote(line)
        elif self.open and line == "failures:":
            self.quoting = True
        elif running := _RUNNING.fullmatch(line):
            self._begin(f"{running[2]} ({running[1]})")
        elif docs := _DOCS.fullmatch(line):
            self._begin(f"{docs[1]} (doc-tests)")
        elif count := _COUNT.fullmatch(line):
            self.open, self.expected, self.quoting = True, number(count[1]), False
        else:
            self._compiler(line)

    def _begin(self, target: str) -> None:
        self.close()
        self.target = target

    def close(self) -> None:
        """A target that was started and told no result was ended behind its runner's back."""
        if self.open:
            self.results.append("cut")
        self.open = False

    def _test(self, name: str, state: str) -> None:
        self.expected -= 1
        shown = f"{self.target}::{_LINE_NUMBER.sub('', name)}"
        outcome = _OUTCOMES[state]
        if outcome is TestOutcome.FAILED:
            # Its words come after all tests of the target.
            self.words[shown] = []
        else:
            self.teller.add(shown, outcome)

    def _quote(self, line: str) -> None:
        if heading := _HEADING.fullmatch(line):
            self.quoted = f"{self.target}::{_LINE_NUMBER.sub('', heading[1])}"
        elif (place := _PANIC.fullmatch(line)) and self.quoted not in self.places:
            self.places[self.quoted] = (place[1], number(place[2]))
        elif line and self.quoted in self.words and len(self.words[self.quoted]) < MESSAGE_LINES:
            self.words[self.quoted].append(line)

    def _end(self, result: str) -> None:
        if not self.open:
            return
        for name, words in self.words.items():
            self.teller.add(name, TestOutcome.FAILED, "\n".join(words), *self.places.get(name, ("", 0)))
        self.results.append(result if self.expected == 0 else "cut")
        self.open, self.quoting, self.quoted = False, False, ""
        self.words, self.places = {}, {}

    def _compiler(self, line: str) -> None:
        if failed := _NOT_COMPILED.fullmatch(line):
            message, path, at = self.error
            self.teller.add(_target_name(failed[1], failed[2]), TestOutcome.ERROR, message or line, path, at)
            self.results.append("FAILED")
            self.error = ("", "", 0)
        elif (error := _ERROR.fullmatch(line)) and not self.error[0]:
            grammar = _GRAMMAR.search(error[1]) and not _MISSING_NAME.search(error[1]) and line.startswith("error: ")
            self.error = (f"{UNREADABLE}: {error[1]}" if grammar else error[1], "", 0)
        elif (place := _PLACE.match(line)) and self.error[0] and not self.error[1]:
            self.error = (self.error[0], place[1], number(place[2]))

    def told(self) -> Told | None:
        self.close()
        for name in self.words:
            self.teller.add(name, TestOutcome.FAILED)
        if not self.results:
            return None
        cut = "cut" in self.results
        self.teller.exit_status = None if cut else FAILED if self.teller.red or "FAILED" in self.results else 0
        return told([self.teller])


def read(output: str) -> Told | None:
    """The named tests of `cargo test`'s output, `program (source)::module::test`, as one session; None when no target ran or failed to
    compile. Never raises."""
    reader = _Reader()
    for line in lines_of(output):
        reader.take(line)
    return reader.told()


def _target_name(crate: str, target: str) -> str:
    """`text` (test "cut") is what runs as `cut (tests/cut.rs)`: the program's name stands for all its tests."""
    named = _NAMED_TARGET.match(target)
    return (named[1] if named else crate).replace("-", "_")


def plants(script: str, paths: Sequence[str], read: Callable[[str], str], token: str) -> dict[str, str]:
    """Files with a failing test appended to them, by path: in each package the target that the script's options make the last to run.
    `token` is 16 hex digits; `read` gives a file's text, "" where there is none."""
    there = set(paths)
    roots = [path.removesuffix("Cargo.toml") for path in sorted(there) if path.rpartition("/")[2] == "Cargo.toml"]
    planted: dict[str, str] = {}
    for root in roots[:PACKAGES]:
        last = next((path for path in _targets(script, root, there) if path in there), None)
        if last is not None:
            planted[last] = f"{read(last)}\n{_module(_filter(script), token)}"
    return planted


def _targets(script: str, root: str, there: set[str]) -> Iterator[str]:
    """Sources whose tests run in this package, the one that runs last first."""
    chosen = _TARGET.search(without_comments(script).partition(" -- ")[0])
    if chosen and chosen[2] and chosen[1] in ("test", "bin"):
        folder = "tests" if chosen[1] == "test" else "src/bin"
        yield from (f"{root}{folder}/{chosen[2]}.rs", f"{root}{folder}/{chosen[2]}/main.rs", f"{root}src/main.rs")
        return
    if not chosen:
        tests = (path for path in there if path.startswith(f"{root}tests/") and path.endswith(".rs"))
        yield from sorted((path for path in tests if path.count("/") == root.count("/") + 1), reverse=True)
        yield f"{root}src/main.rs"
    yield f"{root}src/lib.rs"


def _filter(script: str) -> str:
    """The name that the script's tests are filtered by, "" for none. After `--` stand libtest's options and more of such names."""
    words = re.split(r"\bcargo\s+(?:\+\S+\s+)?(?:test|t)\b", without_comments(script))[1:2]
    own, _, more = re.split(r"[;&|\n]", words[0])[0].partition(" -- ") if words else ("", "", "")
    found = _WORD.search(_WITH_VALUE.sub(" ", own)) or _WORD.search(f" {more}")
    return found[0].strip(":") if found else ""


def _module(wanted: str, token: str) -> str:
    """The planted test; its full name contains the filter, so that it is chosen with the others."""
    *modules, last = [part for part in wanted.split("::") if part] or [""]
    body = f'#[test] fn {last}_specbot_canary_{token}() {{ panic!("planted: a run in which this is green proves nothing") }}'
    for module in reversed(modules):
        body = f"mod {module} {{ {body} }}"
    return f"#[cfg(test)] #[allow(non_snake_case)] mod specbot_planted_{token} {{ {body} }}\n"
