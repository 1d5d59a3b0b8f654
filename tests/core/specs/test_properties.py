"""Whatever the bytes: a reading, never an exception, and every place inside the file."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core import codec
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import Change, Comparison, compare
from bot.core.specs.formats.native import read_native
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Position, Reading
from tests.core.specs.writing import PATH

PIECES = [
    "---\n", "title: x\n", "scope: [a, **]\n", "keep: [x]\n", "## Acceptance criteria\n", "## Tasks\n", "# T\n", "- **AC-1** ", "- [ ] **T-1** ",
    "WHEN a THEN b", "(accept) ", "```sh verify\n", "```\n", "  ", "\t", "> ", "\n", "<!-- ", "-->", "\u202e", "\u200b", "\r", "\x0b", "(owns: `a`; ",
    "proves: AC-1)", "`", "[a]: /b 'c'\n", "<div>\n", "é", "👍", "true\n", "|| ", "\\", "fast ", "1. ", "- ", "===\n", "\u2028",
]  # fmt: skip

hostile_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join)


def places(reading: Reading) -> list[Position]:
    found = [f.position for f in reading.findings]
    if reading.spec is not None:
        found += [c.position for c in reading.spec.criteria] + [t.position for t in reading.spec.tasks]
        found += [command.position for c in reading.spec.criteria for command in c.commands]
        found += [command.position for command in reading.spec.keep]
    return found


def check_places(reading: Reading, data: bytes) -> None:
    lines = data.split(b"\n")
    for place in places(reading):
        assert place.path == PATH
        assert 1 <= place.line <= place.end_line <= max(1, len(lines) - (data.endswith(b"\n") and len(lines) > 1))
        assert 1 <= place.column <= len(lines[place.line - 1].decode("utf-8", "replace")) + 1


def check(data: bytes) -> None:
    reading = read_native(PATH, data)
    check_places(reading, data)
    linted = Reading(PATH, reading.spec, lint(reading, LintContext(frozenset({"a", "src/b.py"}), RepositoryConfig())))
    check_places(linted, data)
    assert codec.decode(Reading, codec.encode(linted)) == linted


@settings(max_examples=150)
@given(hostile_text)
def test_any_text_gives_a_reading_with_places_inside_the_file(text: str) -> None:
    check(text.encode("utf-8", "replace"))


@given(st.binary(max_size=200))
@example(b"\xc2\x80\xc2\x80\x80")
def test_any_bytes_give_a_reading(data: bytes) -> None:
    check(data)


@given(hostile_text, hostile_text)
def test_any_two_specs_can_be_compared(head: str, base: str) -> None:
    new, old = (
        read_native(PATH, head.encode("utf-8", "replace")).spec,
        read_native(PATH, base.encode("utf-8", "replace")).spec,
    )
    if new is not None:
        comparison = compare(new, old)
        assert len(comparison.criteria) == len(new.criteria)
        assert codec.decode(Comparison, codec.encode(comparison)) == comparison
        if new == old and comparison.base_in_force:
            assert {c.change for c in comparison.criteria} <= {Change.UNCHANGED}
            assert comparison.gone == ()
