"""The rules' pages: one for each, with an example that trips the rule and the same mended, both tried out."""

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.blocks import BlockKind, outline
from bot.core.specs.layouts import SpecPlace, place_of, places_of
from bot.core.specs.linter import RULES, LintContext, lint
from bot.core.specs.mending import mend
from bot.core.specs.model import Finding, Reading, Severity
from bot.core.specs.read import format_of
from bot.core.specs.rules.rule import Rule
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths
from bot.errors import UserFault
from bot.reporting.rules import find_rule, page, rule_list, source
from tests.reporting.snapshot import assert_snapshot

HERE = "specs/0042-example.md"
THERE = ("src/text/cut.py", "tests/text/test_cut.py", "tests/test_all.py", "README.md", "specs/0007-unicode.md")
"""The tree in which the examples stand."""

SECTIONS = ["This trips it", "Mended", "How to mend it"]
CONFIG = RepositoryConfig()

every_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.rule_id for rule in RULES])


def examples(rule: Rule, kind: str) -> dict[str, bytes]:
    """The files of a rule's example. `escaped`: `\\u{202E}` is a character, `\\x{E9}` a byte. `repeat=N`: the text N times."""
    found = {}
    for block in outline(source(rule.rule_id)).blocks:
        words = block.info.split()
        if block.kind is BlockKind.FENCE and words[:2] == ["markdown", kind]:
            options = dict(word.partition("=")[::2] for word in words[2:])
            text = block.content * int(options.get("repeat", "1"))
            data = b"".join(unescaped(text)) if "escaped" in options else text.encode()
            found[options.get("path", HERE)] = data
    return found


def unescaped(text: str) -> Iterator[bytes]:
    done = 0
    for found in re.finditer(r"\\([ux])\{([0-9A-F]+)\}", text):
        yield text[done : found.start()].encode()
        yield chr(int(found[2], 16)).encode() if found[1] == "u" else bytes([int(found[2], 16)])
        done = found.end()
    yield text[done:].encode()


def place_in(example: Files) -> SpecPlace:
    """The spec that the example's last file belongs to: others before it may be what it refers to."""
    places = [place for path in example if (place := place_of(path, CONFIG)) is not None]
    return max(places, key=lambda place: (place.format.value != "native", sum(map(place.holds, example))))


def look(files: Files, place: SpecPlace) -> tuple[Finding, ...]:
    tree = TreePaths.of([*THERE, *files])
    specs = [read(one, files, tree).spec for one in places_of(files, CONFIG)]
    depends = {spec.path: spec.depends for spec in specs if spec is not None}
    return lint(read(place, files, tree), LintContext(frozenset(tree.paths), CONFIG, depends))


def read(place: SpecPlace, files: Files, tree: TreePaths) -> Reading:
    reader = format_of(place)
    return reader.read(place, {name: files[name] for name in reader.wanted(place, tree) if name in files}, CONFIG)


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    pages = {entry.name for entry in files("bot.reporting.rules").iterdir() if entry.name.endswith(".md")}
    assert pages == {f"{rule.rule_id}.md" for rule in RULES}


@every_rule
def test_a_page_has_its_parts(rule: Rule) -> None:
    found = outline(source(rule.rule_id))
    assert [heading.text for heading in found.headings] == SECTIONS
    assert examples(rule, "trips")
    assert examples(rule, "mended")
    last = max(heading.line for heading in found.headings)
    assert any(block.line > last and block.kind is BlockKind.TEXT for block in found.blocks)


@every_rule
def test_the_example_trips_the_rule_and_no_other_error(rule: Rule) -> None:
    example = examples(rule, "trips")
    found = look(example, place_in(example))
    assert rule.rule_id in {finding.rule for finding in found}
    assert {f.rule for f in found if f.severity is Severity.ERROR} <= {rule.rule_id}


@every_rule
def test_the_mended_example_is_free_of_it_and_of_errors(rule: Rule) -> None:
    example = examples(rule, "mended")
    found = look(example, place_in(example))
    assert rule.rule_id not in {finding.rule for finding in found}
    assert not [finding for finding in found if finding.severity is Severity.ERROR]


@every_rule
def test_fix_mends_the_example_where_the_page_says_so(rule: Rule) -> None:
    example = examples(rule, "trips")
    place = place_in(example)
    mended = mend(example, lambda now: look(now, place), place.holds)
    assert (rule.rule_id in {finding.rule for finding in mended.mended}) is rule.fixable
    assert ("leaves it alone" in page(rule)) is not rule.fixable
    if rule.fixable:
        assert {**example, **mended.files} == examples(rule, "mended")


@every_rule
def test_a_page_says_what_may_be_configured(rule: Rule) -> None:
    text = page(rule)
    assert text.startswith(f"# {rule.rule_id} {rule.title}\n\n{rule.explanation}\n")
    assert (f"severities:\n  {rule.rule_id}: " in text) is not rule.fixed
    assert rule.severity.value.capitalize() in text


def test_a_page_whole() -> None:
    assert_snapshot("rule-page", page(find_rule("SB301")))
    assert_snapshot("rule-page-of-files", page(find_rule("SB502")))


@pytest.mark.parametrize("name", ["SB103", "sb103", "103"])
def test_rules_are_found_by_their_id(name: str) -> None:
    assert find_rule(name).title == "Tasks that wait for each other"


@pytest.mark.parametrize(
    ("name", "hint"), [("SB1031", "SB103 (Tasks that wait for each other)"), ("cycle", "`specbot lint --rules`")]
)
def test_an_unknown_rule_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UserFault) as caught:
        find_rule(name)
    assert name in caught.value.message
    assert hint in caught.value.hint


def test_the_list_has_a_line_for_each_rule() -> None:
    lines = rule_list()
    assert len(lines) == len(RULES)
    assert lines[0] == "SB001  error    Not UTF-8 text"
