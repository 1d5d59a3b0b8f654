"""Which test a line of a changed test file belongs to, as far as its hunk shows. Python, JavaScript and TypeScript, Go and Rust."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.core.patterns import PathPatterns
from bot.core.proofs.diff_lines import DiffLine, FileDiff

LOOKED_AT = 480
"""Characters of a line that are looked at: a longer one was written by a program, and the patterns stay quick."""

_PYTHON = re.compile(r"\s*(?:async\s+)?def\s+(test\w*)\s*\(|\s*class\s+(Test\w*|\w+Tests?)\b")
_SCRIPT = re.compile(
    r"\s*(?:[xf]?(?:it|test|specify|describe|context|suite))(?:\.\w+)*\s*\(\s*([\"'`])(?P<title>.*?)\1"
)
_GO = re.compile(r"func\s+((?:Test|Benchmark|Fuzz|Example)\w*)\s*\(")
_RUST = re.compile(r"\s*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)\s*[(<]")
_RUST_MARK = re.compile(r"\s*#\[(?:\w+::)*(?:test|rstest|bench)\b")
_ATTRIBUTE = re.compile(r"\s*(?:@|#\[|#|//|$)")
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class TestLine:
    """A line with the test that it stands in, "" when its hunk does not show which. `fresh`: that test is new in this change."""

    __test__ = False

    line: DiffLine
    test: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Excused:
    """What the specs name under `removes:`: files, folders, and single tests as `PATH::TEST`."""

    removes: PathPatterns

    def file(self, path: str) -> bool:
        return self.removes.matches(path)

    def test(self, path: str, test: str) -> bool:
        # A title may hold a slash, which must not look like a folder's.
        return bool(test) and (self.file(path) or self.removes.matches(f"{path}::{test.replace('/', ' ')}"))


def names_of_tests(path: str, lines: Iterable[DiffLine]) -> Iterator[tuple[str, DiffLine]]:
    """The tests that begin on these lines, each with its line, in order."""
    marked = False
    for line in lines:
        text = line.text[:LOOKED_AT]
        name = _name(path, text, marked=marked)
        if name:
            yield name, line
        marked = bool(_RUST_MARK.match(text)) or (marked and bool(_ATTRIBUTE.match(text)))


def tests_before(file: FileDiff) -> Iterator[tuple[str, DiffLine]]:
    """The tests that its hunks show as they were; with what stands above them, for a mark alone may make a function a test."""
    for hunk in file.hunks:
        yield from names_of_tests(file.old, [line for line in hunk if not line.added])


def tests_after(file: FileDiff) -> Iterator[tuple[str, DiffLine]]:
    """The tests that its hunks show as they are now."""
    for hunk in file.hunks:
        yield from names_of_tests(file.new, [line for line in hunk if not line.removed])


def lines_of_tests(file: FileDiff, known: Collection[str]) -> Iterator[TestLine]:
    """Every added and removed line of a test file, with its test. `known` are the names of tests that were taken out anywhere: one of them
    that is written again is not new."""
    path = file.new or file.old
    known = {*known, *(name for name, _ in names_of_tests(path, file.removed))}
    for hunk in file.hunks:
        before = dict(_by_line(path, [line for line in hunk if not line.added]))
        after = dict(_by_line(path, [line for line in hunk if not line.removed]))
        for line in hunk:
            if line.added or line.removed:
                test, began = (before if line.removed else after)[line]
                yield TestLine(line, test, began is not None and began.added and test not in known)


def _by_line(path: str, side: list[DiffLine]) -> Iterator[tuple[DiffLine, tuple[str, DiffLine | None]]]:
    """Each line of one side with its test and where that began. What stands above a test as its mark belongs to that test."""
    begins = {line: name for name, line in names_of_tests(path, side)}
    test: tuple[str, DiffLine | None] = ("", None)
    waiting: list[DiffLine] = []
    for line in side:
        if line in begins:
            test = (begins[line], line)
        elif _ATTRIBUTE.match(line.text[:LOOKED_AT]):
            waiting.append(line)
            continue
        for mark in waiting:
            yield mark, test
        waiting = []
        yield line, test
    for mark in waiting:
        yield mark, test


def _name(path: str, text: str, *, marked: bool) -> str:
    if path.endswith(".py"):
        found = _PYTHON.match(text)
        return (found[1] or found[2]) if found else ""
    if path.endswith(_SCRIPTS):
        found = _SCRIPT.match(text)
        return found["title"] if found else ""
    if path.endswith(".go"):
        found = _GO.match(text)
        return found[1] if found else ""
    if path.endswith(".rs") and marked:
        found = _RUST.match(text)
        return found[1] if found else ""
    return ""
