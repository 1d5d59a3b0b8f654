"""Task lines: what is one, what it owns, proves and holds below it, and what is told instead."""

import pytest

from bot.core.specs.formats.speckit.tasks import MAX_TASKS
from tests.core.specs.formats.speckit_writing import GOOD_SPEC, GOOD_TASKS, TASKS, read, spec_of, tasks, told


def phase(*lines: str, title: str = "Phase 1: Setup") -> str:
    return "\n".join(["# Tasks: A", "", f"## {title}", "", *lines, ""])


def test_a_task_has_its_words_marks_and_lines() -> None:
    found = tasks(GOOD_TASKS)
    task = found["T006"]
    assert task.title == "Stream CSV from src/notes/export.py and flush each row"
    assert task.details == "- keep the buffer small"
    assert (task.position.path, task.position.line, task.position.end_line) == (TASKS, 29, 31)
    assert task.proves == ("US1.1", "US1.2")
    assert task.owns == ("src/notes/export.py",)
    assert (task.claimed_done, task.skipped, task.optional) == (False, False, False)


def test_boxes_are_claims_and_a_dash_puts_off() -> None:
    found = tasks(phase("- [ ] T001 a", "- [x] T002 b", "- [X] T003 c", "- [-] T004 d", "- [~] T005 e", "- [] T006 f"))
    assert [t.claimed_done for t in found.values()] == [False, True, True, False, False, False]
    assert [t.skipped for t in found.values()] == [False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("- [ ] T001 Do it", "T001"),
        ("* [ ] T1001 Do it", "T1001"),
        ("1. [ ] T001 Do it", "T001"),
        ("- [ ] **T001** Do it", "T001"),
        ("- [ ] [T001] Do it", "T001"),
        ("- [ ] T001: Do it", "T001"),
        ("- [ ] T105a Do it", "T105a"),
        ("- [ ] t105A Do it", "T105a"),
        ("- [ ] T001 [P] [US1] Do it", "T001"),
        ("- [ ] T001 [US1] [P] Do it", "T001"),
        ("  - [ ] T001 Do it", "T001"),
    ],
)
def test_tasks_in_every_form(line: str, name: str) -> None:
    assert {key: task.title for key, task in tasks(phase(line)).items()} == {name: "Do it"}


def test_brackets_that_are_no_marks_stay_in_the_title() -> None:
    found = tasks(phase("- [ ] T001 [Setup] [P] Read [this](docs/a.md)", "- [ ] T002 [P](docs/b.md) is a link"))
    assert [task.title for task in found.values()] == ["[Setup] Read [this](docs/a.md)", "[P](docs/b.md) is a link"]


def test_legends_drawings_and_check_lists_elsewhere_are_neither_tasks_nor_faults() -> None:
    text = phase(
        "- [P] tasks = different files, no dependencies",
        "- [Story] label maps a task to its story",
        "```",
        "- [ ] T900 sample",
        "```",
        "- [ ] T001 a",
    )
    reading = read(GOOD_SPEC, text + "\n## Validation Checklist\n\n- [x] All tests come first\n- **[P]**: parallel\n")
    assert [str(task.task_id) for task in spec_of(reading).tasks] == ["T001"]
    assert reading.findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] Do it",
        "- [ ] T1 Do it",
        "- [ ] TXXX Do it",
        "- T001 Do it",
        "- [/] T001 Do it",
        "- [ ]",
        "- [  ] T001 Do it",
        "- [ ]* T001 Do it",
        "-[ ] T001 Do it",
        "- [x ] **T001** Do it",
    ],
)
def test_what_looks_like_a_task_and_is_none_is_told(line: str) -> None:
    reading = read(GOOD_SPEC, phase(line))
    assert told(reading) == [("SB503", 5)]
    assert spec_of(reading).tasks == ()


def test_what_looks_like_a_task_and_is_none_is_told_in_details_quotes_and_other_sections_too() -> None:
    text = phase(
        "- [ ] T001 a", "  - [  ] T002 b", "  > - [ ] T003 c", "", "## Notes", "", "> - [ ] T004 d", "- [ ]* T005 e"
    )
    reading = read(GOOD_SPEC, text)
    assert told(reading) == [("SB503", 6), ("SB512", 7), ("SB512", 11), ("SB503", 12)]
    assert [str(task.task_id) for task in spec_of(reading).tasks] == ["T001"]


def test_boxes_below_a_task_are_its_steps() -> None:
    text = phase(
        "- [ ] T001 a", "  - [ ] one", "    - deeper", "", "  ```", "  - [ ] T900 code", "  ```", "- [ ] T002 b"
    )
    reading = read(GOOD_SPEC, text)
    assert reading.findings == ()
    one, two = spec_of(reading).tasks
    assert one.details == "- [ ] one\n  - deeper\n\n```\n- [ ] T900 code\n```"
    assert (one.position.line, one.position.end_line, two.details) == (5, 11, "")


def test_a_task_inside_another_is_a_task() -> None:
    found = tasks(phase("- [ ] T001 a", "  - more", "  - [ ] T002 b", "    - of b"))
    assert {name: task.details for name, task in found.items()} == {"T001": "- more", "T002": "- of b"}


def test_an_id_that_stands_twice_is_an_error_and_the_first_counts() -> None:
    reading = read(GOOD_SPEC, phase("- [ ] T001 a", "- [ ] T002 b", "- [ ] T001 c", "- [ ] T003 d"))
    assert told(reading) == [("SB007", 7)]
    assert [(t.title, t.after) for t in spec_of(reading).tasks] == [("a", ()), ("b", ("T001",)), ("d", ("T002",))]


def test_tasks_without_phases_are_read_by_their_sections() -> None:
    text = "# Tasks\n\n## Setup\n\n- [ ] T001 a\n- [ ] no number\n\n## Convergence\n\n- [ ] T002 b\n"
    reading = read(GOOD_SPEC, text)
    assert told(reading) == [("SB503", 6)]
    assert [task.after for task in spec_of(reading).tasks] == [(), ("T001",)]


def test_a_task_proves_its_story_and_the_requirements_it_names() -> None:
    text = phase(
        "- [ ] T001 [US1] a",
        "- [ ] T002 b, as FR-001 and FR-2 ask",
        "- [ ] T003 [US2] c (FR-001–FR-002)",
        "- [ ] T004 [US1+US2] d",
        "- [ ] T005 [US1, US2] e through SC-001",
        "- [ ] T006 UTF-8 and QG-9",
        "- [ ] T007 f",
        "  - Requirements: FR-002",
        title="Phase 3: Stories",
    )
    assert {name: " ".join(task.proves) for name, task in tasks(text).items()} == {
        "T001": "US1.1 US1.2",
        "T002": "FR-001 FR-002",
        "T003": "US2.1 FR-001 FR-002",
        "T004": "US1.1 US1.2 US2.1",
        "T005": "US1.1 US1.2 US2.1 SC-001",
        "T006": "",
        "T007": "FR-002",
    }


def test_stories_and_requirements_that_are_not_there_are_told_once_each() -> None:
    text = phase("- [ ] T001 [US9] a", "- [ ] T002 [US9] b, FR-077", "- [ ] T003 [US1] c")
    reading = read(GOOD_SPEC, text)
    assert told(reading) == [("SB504", 5), ("SB504", 6)]
    assert "T001 and 1 more name US9" in reading.findings[0].message


def test_a_story_without_scenarios_is_there() -> None:
    spec = "# A\n\n## User Scenarios\n\n### User Story 1 - A\n\nProse.\n"
    assert told(read(spec, phase("- [ ] T001 [US1] a")), "tasks.md") == []


def test_a_task_owns_the_paths_it_names() -> None:
    text = phase(
        "- [ ] T001 Add `src/a.py`, src/b.py and (docs/). `npm run test -- tests/x/` stays",
        "- [ ] T002 Add routes",
        "  - **File**: `app/[id]/page.tsx`",
        "  - see docs/why.md",
        "- [ ] T003 Extend ../../base.json",
    )
    reading = read(GOOD_SPEC, text)
    assert [task.owns for task in spec_of(reading).tasks] == [
        ("src/a.py", "src/b.py", "docs/**"),
        ("app/[[]id]/page.tsx",),
        (),
    ]
    assert told(reading) == [("SB512", 9)]


def test_more_tasks_than_anybody_follows_are_refused() -> None:
    reading = read(GOOD_SPEC, phase(*(f"- [ ] T{number:04} a" for number in range(1, MAX_TASKS + 3))))
    assert told(reading) == [("SB002", 5 + MAX_TASKS)]
    assert len(spec_of(reading).tasks) == MAX_TASKS
