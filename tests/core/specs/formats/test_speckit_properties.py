"""Whatever stands in the files of a folder: a reading, every place inside its file, a plan without circles. And what is said is kept."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import codec
from bot.core.patterns import pattern_fault
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import speckit
from bot.core.specs.formats.named_paths import named_paths
from bot.core.specs.formats.speckit.criterion_ids import read_label
from bot.core.specs.formats.speckit.dependencies import label_says, line_says, task_says
from bot.core.specs.formats.speckit.order import Saying, put_in_order
from bot.core.specs.formats.speckit.references import references
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Position, Reading, Spec
from tests.core.specs.formats.speckit_writing import FOLDER, PLACE, PLAN, SPEC, TASKS, tasks

PIECES = [
    "# Feature Specification: A\n", "## User Scenarios & Testing\n", "### User Story 1 - A\n", "### US-2: B\n", "## Requirements\n",
    "### Edge Cases\n", "## Success Criteria\n", "## Constraints\n", "## Out of Scope\n", "#### FR-003: C\n", "## Phase 1: Setup\n", "## Phase 2: US1\n",
    "## Phase 3: User Story 2\n", "## Dependencies\n", "**Acceptance Scenarios**:\n", "**Input**: x\n", "**Constraints**: y\n",
    "1. **Given** a, **When** b, **Then** c\n", "**Given** a,\n", "**Then** c\n", "- **FR-001**: a\n", "- **FR-002** (accept): b\n", "  - **FR-001a**: c\n",
    "**SC-001**: d\n", "| ID | Text |\n|--|--|\n", "| FR-01 | x | P1 |\n", "| Story | Depends On |\n|--|--|\n", "| US1 | US2 |\n", "|", "- no id\n",
    "[NEEDS CLARIFICATION: q]", "- [ ] T001 [P] [US1] a src/a.py\n", "- [x] T002 b (depends on T001)\n", "- [-] T003 c (depends on T004)\n",
    "- [ ] T004 d (blocks T001)\n", "- [ ] e\n", "  - detail\n", "- Phase 2: Depends on Phase 3\n", "- US1 blocks all user stories\n", "Phase 1 → Phase 2\n",
    "```sh verify\n", "```\n", "  ", "\t", "> ", "\n", "<!-- ", "-->", "\u202e", "\u200b", "\r", "\x0b", "`", "(", ")", "---\n", "title: x\n", "é", "👍",
    "T001–T004", "US1-9", "FR-001–FR-9", "../x.py", "a/[id]/", "**", "__", "~~", "1. ", "- ", "===\n", "\u2028", ": ", " - ", "\0", "\\",
]  # fmt: skip

hostile_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join)
hostile_bytes = hostile_text.map(lambda text: text.encode("utf-8", "replace"))
folders = st.fixed_dictionaries({SPEC: hostile_bytes, TASKS: hostile_bytes}, optional={PLAN: hostile_bytes})
strange = st.dictionaries(st.sampled_from([SPEC, TASKS, f"{FOLDER}/contracts/a.md"]), st.binary(max_size=40))


def check_places(reading: Reading, files: Mapping[str, bytes]) -> None:
    found = [f.position for f in reading.findings]
    if reading.spec is not None:
        found += [c.position for c in reading.spec.criteria] + [t.position for t in reading.spec.tasks]
        found += [command.position for c in reading.spec.criteria for command in c.commands]
        found += [command.position for command in reading.spec.keep] + [reading.spec.home]
    for place in found:
        check_place(place, files)


def check_place(place: Position, files: Mapping[str, bytes]) -> None:
    data = files.get(place.path, b"") if place.path != SPEC else files.get(SPEC, b"")
    lines = data.split(b"\n")
    assert place.path in files or place == Position(SPEC, 1)
    assert 1 <= place.line <= place.end_line <= max(1, len(lines) - (data.endswith(b"\n") and len(lines) > 1))
    assert 1 <= place.column <= len(lines[place.line - 1].decode("utf-8", "replace")) + 1


def check_plan(spec: Spec) -> None:
    ids = [task.task_id for task in spec.tasks]
    known = {criterion.criterion_id for criterion in spec.criteria}
    assert len(ids) == len(set(ids))
    done: set[str] = set()
    left = list(spec.tasks)
    while left:
        ready = [task for task in left if set(task.after) <= done]
        assert ready
        done |= {task.task_id for task in ready}
        left = [task for task in left if task.task_id not in done]
    for task in spec.tasks:
        assert set(task.proves) <= known
        assert [pattern_fault(pattern) for pattern in task.owns] == [""] * len(task.owns)


@settings(max_examples=200)
@given(folders | strange)
def test_any_files_give_a_reading_with_places_inside_them(files: dict[str, bytes]) -> None:
    reading = speckit.read(PLACE, files, RepositoryConfig())
    check_places(reading, files)
    if reading.spec is not None:
        check_plan(reading.spec)
    context = LintContext(frozenset({"a", "src/b.py"}), RepositoryConfig())
    linted = Reading(FOLDER, reading.spec, lint(reading, context))
    check_places(linted, files)
    assert codec.decode(Reading, codec.encode(linted)) == linted


@settings(max_examples=200)
@given(hostile_text)
def test_any_line_can_be_listened_to(text: str) -> None:
    for line in text.split("\n"):
        for said in (line_says(line), label_says(line), task_says(line)):
            assert all(statement.earlier or statement.later for statement in said.statements)
        assert all(one.text for one in references(line))
        label = read_label(line)
        assert label is None or label.criterion_id
        assert all(pattern_fault(pattern) == "" for pattern in named_paths(line).patterns)


masks = st.integers(min_value=1, max_value=2**6 - 1)
sayings = st.lists(st.builds(Saying, masks, masks), max_size=6)


@settings(max_examples=300)
@given(st.lists(st.booleans(), min_size=6, max_size=6), sayings)
def test_what_is_said_is_kept_and_nothing_waits_in_a_circle(parallel: list[bool], said: list[Saying]) -> None:
    file_order, before, step = [], 0, 0
    for index, beside in enumerate(parallel):
        before = before if beside else before | step
        step = (step if beside else 0) | 1 << index
        file_order.append(before)
    ordered = put_in_order(file_order, said)
    reached = closure(ordered.after)
    assert all(not mask >> index & 1 for index, mask in enumerate(reached))
    for one in said:
        for later in range(6):
            if one not in ordered.circular and one.later >> later & 1:
                assert one.earlier & ~reached[later] == 0
    if not said:
        assert reached == file_order


def closure(after: tuple[tuple[int, ...], ...]) -> list[int]:
    """For each task all that it waits for, by however many steps."""
    reached = [sum(1 << other for other in waits) for waits in after]
    for middle in range(len(after)):
        for index in range(len(after)):
            if reached[index] >> middle & 1:
                reached[index] |= reached[middle]
    return reached


words = st.lists(st.text(alphabet="abcäöü漢字XYZ", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


@given(
    st.lists(
        st.tuples(st.integers(1, 9999), st.sampled_from(" xX-~"), st.booleans(), words),
        max_size=8,
        unique_by=lambda t: t[0],
    )
)
def test_written_tasks_are_read_back(written: list[tuple[int, str, bool, str]]) -> None:
    lines = [
        f"- [{state}] T{number:03} {'[P] ' if parallel else ''}{title}" for number, state, parallel, title in written
    ]
    found = tasks("\n".join(["# Tasks: A", "", "## Phase 1: Setup", "", *lines, ""]))
    assert [(task.task_id, task.title, task.claimed_done, task.skipped) for task in found.values()] == [
        (f"T{number:03}", title, state in "xX", state == "-") for number, state, _, title in written
    ]
