"""Whatever the bytes in whichever file: a reading, never an exception, every place inside the right file, and the same again through the linter."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core import codec
from bot.core.patterns import pattern_fault
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import Change, Comparison, compare
from bot.core.specs.formats import openspec
from bot.core.specs.layouts import places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Position, Reading, Spec, Status
from bot.core.specs.tree import TreePaths
from tests.core.specs.formats.openspec_writing import (
    CHANGE,
    CONFIG,
    DELTA,
    LIFETIME,
    LIVING,
    PROPOSAL,
    Files,
    before,
    delta,
    living,
    read,
    requirement,
    scenario,
    spec,
    tree,
    wanted,
)

OTHER = "openspec/changes/lock-harder/specs/login/spec.md"
PATHS = [
    f"{CHANGE}/proposal.md", f"{CHANGE}/design.md", f"{CHANGE}/tasks.md", f"{CHANGE}/.openspec.yaml", DELTA, f"{CHANGE}/specs/spec.md",
    LIVING, OTHER, "openspec/config.yaml",
]  # fmt: skip
PIECES = [
    "## ADDED Requirements\n", "## MODIFIED Requirements\n", "## REMOVED Requirements\n", "## RENAMED Requirements\n", "## Requirements\n",
    "### Requirement: A\n", "### Requirement: b\n", "#### Scenario: C\n", "#### D\n", "It MUST.\n", "- **WHEN** a\n", "- **THEN** b\n",
    "- FROM: `### Requirement: A`\n", "- TO: `### Requirement: b`\n", "- `### Requirement: A`\n", "**Reason**: a **Migration**: b\n", "(accept) ",
    "---\n", "status: draft\n", "proofs:\n", "  login/a/c: x\n", "skip_specs: true\n", "goal: a\n", "context: b\n", "## Why\n", "## 1. G\n",
    "- [ ] 1.1 `src/a.py`\n", "  - [x] b `/a.b/`\n", "- [-] c\n", "```sh verify\n", "```\n", "true\n", "<!-- ", "-->", "\u200b", "\u202e", "\r\n",
    "\t", "  ", "> ", "\n", "é", "#", "`", "**", ": ", "&a ", "### Other\n", "\ufeff",
]  # fmt: skip

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)
hostile = texts.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=60)
trees = st.dictionaries(st.sampled_from(PATHS), hostile, min_size=1)


def places(reading: Reading) -> list[Position]:
    found = [f.position for f in reading.findings]
    if reading.spec is not None:
        found += [c.position for c in reading.spec.criteria] + [t.position for t in reading.spec.tasks]
        found += [command.position for c in reading.spec.criteria for command in c.commands]
    return found


def check_places(reading: Reading, files: Files) -> None:
    for place in places(reading):
        lines = files[place.path].split(b"\n")
        last = max(1, len(lines) - (files[place.path].endswith(b"\n") and len(lines) > 1))
        assert 1 <= place.line <= place.end_line <= last
        assert 1 <= place.column <= len(lines[place.line - 1].decode("utf-8", "replace")) + 1


def check_tasks(found: Spec) -> None:
    known = {task.task_id for task in found.tasks}
    assert len(known) == len(found.tasks)
    assert all(set(task.after) <= known for task in found.tasks)
    assert not [pattern for task in found.tasks for pattern in task.owns if pattern_fault(pattern)]


def check(files: Files, path: str) -> None:
    reading = read(files, path)
    own = {name: data for name, data in files.items() if name == path or name.startswith(f"{path}/")}
    check_places(reading, own)
    assert codec.decode(Reading, codec.encode(reading)) == reading
    if reading.spec is not None:
        check_tasks(reading.spec)
    linted = lint(reading, LintContext(frozenset({"src/a.py"}), CONFIG))
    of_files = tuple(finding for finding in linted if finding.position.path != reading.path or path in own)
    check_places(Reading(path, reading.spec, of_files), own)
    assert not [f for f in linted if f.rule in ("SB102", "SB103", "SB122", "SB125")]


@settings(max_examples=200, deadline=None)
@given(trees)
@example({DELTA: b"", LIVING: b""})
@example({f"{CHANGE}/proposal.md": b"\xc2\x80\xc2\x80\x80", DELTA: b"## ADDED Requirements\n"})
def test_any_files_give_a_reading_with_places_inside_the_right_file(files: Files) -> None:
    for place in places_of(files, CONFIG):
        check(files, place.path)


@settings(max_examples=150, deadline=None)
@given(trees, trees)
def test_any_two_trees_can_be_compared(head: Files, base: Files) -> None:
    for place in places_of([*head, *base], CONFIG):
        new = read(head, place.path).spec if any(place.holds(path) for path in head) else None
        old = before(new, base, place.path)
        if new is None and old is None:
            continue
        comparison = compare(new, old)
        assert codec.decode(Comparison, codec.encode(comparison)) == comparison
        assert old is None or old.path == place.path
        assert old is None or {one.spec_path for one in old.criteria} <= {place.path}
        if new is not None:
            assert len(comparison.criteria) == len(new.criteria)


names = st.text(alphabet="abAB ü漢-.", min_size=1, max_size=6).filter(
    lambda name: name.strip() and not name.strip().startswith("#")
)
words = st.text(alphabet="ab ü", min_size=1, max_size=6).filter(str.strip)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    found = []
    for name in draw(st.lists(names.map(str.strip), min_size=1, max_size=4, unique=True)):
        scenarios = draw(st.lists(names.map(str.strip), min_size=1, max_size=3, unique=True))
        found.append(
            requirement(
                name, f"It MUST {draw(words)}.", *(scenario(one, draw(words), draw(words)) for one in scenarios)
            )
        )
    return "\n".join(found)


@settings(max_examples=80, deadline=None)
@given(blocks(), blocks())
def test_a_change_that_repeats_the_living_spec_changes_nothing_and_its_archive_neither(stands: str, added: str) -> None:
    base = tree(living=living(stands))
    repeated = base | tree(proposal=PROPOSAL, delta=delta(modified=stands))
    again = spec(repeated)
    assert read(repeated).findings == ()
    comparison = compare(again, before(again, base))
    assert {one.change for one in comparison.criteria} == {Change.UNCHANGED}
    assert comparison.gone == ()
    change = tree(proposal=PROPOSAL, delta=delta(added=added))
    archived = spec(tree(living=living(added)), LIVING)
    said = compare(archived, before(archived, change, LIVING))
    assert {one.change for one in said.criteria} == {Change.UNCHANGED}
    assert [one.digest for one in archived.criteria] == [one.digest for one in spec(change).criteria]


HOSTILE = [
    ("delta", "## ADDED Requirements\n" + "### Requirement: a\n" * 9_400),
    ("delta", "## ADDED Requirements\n### Requirement: a\nIt MUST.\n" + "#### Scenario: b\n- **WHEN** c\n" * 4_600),
    ("delta", "## ADDED Requirements\n### Requirement: a\n" + "word " * 190_000),
    ("delta", "## ADDED Requirements\n### Requirement: a\n" + "many words\n" * 9_400),
    ("delta", "## RENAMED Requirements\n" + "- FROM: ### Requirement: a" + " " * 900_000 + "b\n"),
    ("delta", "## RENAMED Requirements\n" + "- FROM: `### Requirement: a`\n- TO: `### Requirement: b`\n" * 4_600),
    ("delta", "## REMOVED Requirements\n" + "reason " * 140_000),
    ("delta", "## REMOVED Requirements\n" + "### Requirement: a\n" * 9_400),
    ("delta", "".join(f"## ADDED Requirement{number}\n" for number in range(9_400))),
    ("delta", "## ADDED Requirements\n" + " " * 950_000 + "x\n"),
    ("delta", "#" * 950_000),
    ("proposal", "## Why\n" + "## x\n" * 9_400),
    ("proposal", "## New Capabilities\n" + "- `a`\n" * 9_400),
    ("tasks", "- [ ] a\n" * 9_400),
    ("tasks", "".join(f"{' ' * (number % 90)}- [ ] {number}\n" for number in range(9_900))),
    ("tasks", "- [ ] " + "`a/b.c` " * 110_000),
    ("tasks", "".join(f"- [ ] `a/b{number}.c` `d/e{number}.f`\n" for number in range(9_400))),
    ("tasks", "- [ ] 1" + ".1" * 450_000),
    ("tasks", "-" + " " * 950_000 + "x\n"),
    ("metadata", "affected_areas: [" + "a, " * 200_000 + "b]\n"),
    ("design", "**Non-Goals:**\n" + "**a**\n" * 9_400),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE)
def test_a_megabyte_of_anything_is_read(name: str, text: str) -> None:
    """Read quadratically, any of these would run into the test's time limit; how fast it is, the benchmarks say."""
    assert len(text) <= 1_000_000
    said = read(tree(**({"proposal": PROPOSAL, "delta": delta(added=LIFETIME)} | {name: text})))
    assert "SB002" not in [finding.rule for finding in said.findings], "it is refused and not read"


def test_many_changes_of_one_capability_are_read() -> None:
    """Each is held against all others, so what is asked of one must not be asked of every pair."""
    stands = living("".join(requirement(f"R{number}", "It MUST.", "#### S\n- a\n") for number in range(1_200)))
    files = tree(living=stands, proposal=PROPOSAL, delta=delta(added=LIFETIME))
    for number in range(500):
        files[f"openspec/changes/c{number}/specs/login/spec.md"] = delta(
            modified=requirement(f"R{number}", "It MUST.", "#### S\n- b\n")
        ).encode()
    head = spec(files, LIVING)
    read(files)
    assert before(head, files, LIVING) is not None


def test_what_the_reader_leaves_of_a_change_is_in_force() -> None:
    files = tree(proposal=PROPOSAL, delta=delta(added=LIFETIME))
    assert spec(files, config=RepositoryConfig()).status is Status.READY
    assert set(wanted(files)) == set(openspec.wanted(places_of(files, CONFIG)[0], TreePaths.of(files)))
