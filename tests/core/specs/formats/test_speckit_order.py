"""What waits for what: phases, parallel marks, and what the author says in words."""

import pytest

from bot.core.specs.formats.speckit.order import Ordered, Saying, put_in_order
from tests.core.specs.formats.speckit_writing import GOOD_SPEC, GOOD_TASKS, linted, read, told, waits

PLAN = """\
# Tasks: A

## Phase 1: Setup
- [ ] T001 a

## Phase 2: Foundational
- [ ] T002 a

## Phase 3: User Story 1 - A
- [ ] T003 a
- [ ] T004 a

## Phase 4: User Story 2 - B
- [ ] T005 a
- [ ] T006 a

## Phase 5: User Story 3 - C
- [ ] T007 a

## Phase 6: Polish
- [ ] T008 a
"""
PLAIN = {
    "T001": "",
    "T002": "T001",
    "T003": "T002",
    "T004": "T003",
    "T005": "T002",
    "T006": "T005",
    "T007": "T002",
    "T008": "T004 T006 T007",
}


def with_order(*lines: str) -> str:
    return "\n".join([PLAN, "## Dependencies & Execution Order", "", *lines, ""])


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def changed(text: str) -> dict[str, str]:
    """What waits for something else than phases and order alone make it."""
    return {name: after for name, after in waits(text).items() if after != PLAIN[name]}


def test_phases_are_barriers_and_stories_stand_side_by_side() -> None:
    assert waits(PLAN) == PLAIN


def test_marked_tasks_that_follow_each_other_are_one_step() -> None:
    text = "## Phase 1: Setup\n" + "".join(
        f"- [ ] T00{number} {mark} a\n### Heading {number}\n"
        for number, mark in enumerate(["", "[P]", "[P]", "", "[P]"], 1)
    )
    assert waits(text) == {"T001": "", "T002": "T001", "T003": "T001", "T004": "T002 T003", "T005": "T004"}


def test_a_good_plan() -> None:
    assert waits(GOOD_TASKS) == {
        "T001": "",
        "T002": "T001",
        "T003": "T001",
        "T004": "T002 T003",
        "T005": "T004",
        "T006": "T004",
        "T007": "T005 T006",
        "T008": "T004",
        "T1009": "T005 T006 T008",
    }


def test_a_phase_of_marked_tasks_only_is_a_story_by_any_title() -> None:
    text = (
        PLAN.replace("User Story 2 - B", "Concessions")
        .replace("T005 a", "T005 [US2] a")
        .replace("T006 a", "T006 [US2] a")
    )
    assert waits(text) == PLAIN


def test_a_phase_between_stories_is_a_barrier() -> None:
    text = PLAN.replace("User Story 2 - B", "Clean-up")
    assert changed(text) == {"T005": "T004", "T007": "T006", "T008": "T007"}


def test_nothing_waits_for_what_is_put_off_but_for_what_that_waits_for() -> None:
    text = "## Phase 1: A\n- [ ] T001 a\n- [-] T002 a\n- [-] T003 a\n- [ ] T004 a\n- [ ] T005 a (depends on T003)\n"
    assert waits(text) == {"T001": "", "T002": "T001", "T003": "T002", "T004": "T001", "T005": "T003 T004"}


@pytest.mark.parametrize(
    "words",
    [
        "a (depends on T006)",
        "a, depends on T006",
        "a (after T006)",
        "a (requires T006)",
        "a (Depends: T006)",
        "a (blocked by T006)",
        "a\n  - Depends on: T006",
        "a\n  - **Dependencies**: T006",
        "a\n  - must start after T006",
        "a (depends on T005, T006)",
        "a (depends on T005 and T006)",
        "a (depends on T005–T006)",
        "a (depends on T005-T006)",
        "a (depends on T005 through T006)",
        "a (depends on US2)",
        "a (depends on Phase 4)",
    ],
)
def test_tasks_say_what_they_wait_for(words: str) -> None:
    text = PLAN.replace("- [ ] T007 a", f"- [ ] T007 {words}")
    assert changed(text) == {"T007": "T006", "T008": "T004 T007"}
    assert read(GOOD_SPEC, text).findings == ()


def test_a_task_may_block_others() -> None:
    text = PLAN.replace("- [ ] T007 a", "- [ ] T007 a (blocks T004, T006)")
    assert changed(text) == {"T004": "T003 T007", "T006": "T005 T007", "T008": "T004 T006"}


@pytest.mark.parametrize(
    "words",
    ["Install dependencies: `zod`", "Block people after login", "a base that all stories depend on", "needs no T006"],
)
def test_words_that_only_sound_like_order(words: str) -> None:
    text = PLAN.replace("- [ ] T007 a", f"- [ ] T007 {words}")
    assert waits(text) == PLAIN
    assert read(GOOD_SPEC, text).findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "- **Phase 5**: Depends on Phase 4",
        "- **US3 (Phase 5)**: Depends on Phase 4 (the list) — can run in parallel with Phase 3",
        "- US-3: depends on US-2",
        "* **User Story 3 (P2)**: Depends on User Story 2. No dependencies on other stories.",
        "- **US3** - depends on US2",
        "- **US3: Share (Phase 5)**: Depends on Phase 2 + Phase 4",
        "- US3 can start after US2 is complete",
        "- Once US2 is done, US3 can start",
        "- US2 blocks US3",
        "- US2 before US3",
        "1. **Phase 1** (Setup) → **Phase 2** → **Phase 4** (menu) → **Phase 5** → **Phase 6**",
        "- **Phase 4 → Phase 5**: sequential",
        "- Menu (T005-T006) before sharing (T007)",
        "- T007 (depends on T005, T006)",
        "- **US3**: depends only on\n  US2 (the menu).",
        "- US3 depends on US2's T006 specifically",
        "- US3 needs US2's menu (T006, the list)",
        "- T003, T004 touch one file, so T007 starts after T006",
        "- After US2: US3 can start",
        "- T003 can run in parallel with T005 now; T007 waits for T006",
        "- T005 precedes T006 precedes T007",
        "- US2: T005 (list) → T006 (wire, same file) → T007 (test)",
        "- T004 needs T003, and its sharing (T007) needs T006",
        "- Order: T006 → T007, all in one file",
        "- T006 may be written early, it just must be complete before T007",
        "- **US3 (Phase 5)** → after US2",
        "- **Phase 5 (US3: Share)**: Depends on Phase 4 (the menu: a list)",
        "- Phase 5 (US3: Share): Depends on Phase 4",
        "- Both touch one file and are sequenced (US2 → US3), whoever works on them",
        "- **Phases 3-4**: no dependencies; Phase 5 waits for US2",
        "| Story | Depends On | Can Parallel With |\n|---|---|---|\n| US1 | None | US2 |\n| US3 (C) | US-2 (the menu) | US1 |",
        "| Story | Phase | Can Start After | Dependencies on Other Stories |\n|--|--|--|--|\n| US3 | Phase 5 | Phase 4 | Benefits from US1 but can start in parallel |",
    ],
)
def test_prose_and_tables_say_what_phases_wait_for(line: str) -> None:
    text = with_order(line)
    assert changed(text) == {"T007": "T006", "T008": "T004 T007"}
    assert read(GOOD_SPEC, text).findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "- **Setup (Phase 1)**: No dependencies - can start immediately",
        "- **Foundational (Phase 2)**: Depends on Setup completion - BLOCKS all user stories",
        "- **User Stories (Phase 3+)**: All depend on Foundational phase completion",
        "- **User Story 1 (P1)**: Can start after Foundational (Phase 2) - May integrate with US2 but should be testable",
        "- **Polish (Final Phase)**: Depends on all desired user stories being complete",
        "- **Phase 6**: Depends on all previous phases",
        "- Once Foundational phase completes, all user stories can start in parallel (if team capacity allows)",
        "- **US2 (Phase 4)**: independent of US1, does not depend on US3",
        "- Models before services",
        "- Story complete before moving to next priority",
        "- All Setup tasks marked [P] can run in parallel",
        "- Or sequentially in priority order (P1 → P2 → P3)",
    ],
)
def test_what_the_template_says_is_understood_and_changes_nothing(line: str) -> None:
    text = with_order(line)
    assert waits(text) == PLAIN
    assert read(GOOD_SPEC, text).findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "- **US3**: depends on the payment provider",
        "- T005 and T007 depend on the types",
        "- T005 after the migration",
        "- All other stories depend on grants existing",
        "- For one developer this order is the best that we know: US1 → US2",
        "- Implementation before polish (T008)",
        "- Dev A: US1 → US2",
        "- US2 can be written before US3 is done, but needs the list to exist",
        "- **US2**: written early, it should land before US3",
        "- **US2**: its tests need T007",
        "- US1 → US2 → US3 after the menu",
        "**After Phase 2 completes**, the following can run in parallel:",
        "After T002:",
        "1. The list (Phase 4) → its menu → its sharing",
        "- US3 → the menu",
        "| Story | Depends On |\n|---|---|\n| US3 | the menu |",
        "| Task | Note |\n|---|---|\n| T005 | depends on T007 |",
        "```\nT005 (menu) → T006\n```",
        "```\nPhase 3 ──► Phase 4\n```",
    ],
)
def test_what_speaks_of_order_and_is_not_understood_is_told(line: str) -> None:
    text = with_order(line)
    rows = line.count("\n") if line.startswith("|") else 0
    assert told(read(GOOD_SPEC, text)) == [("SB512", line_of(text, line.splitlines()[0]) + rows)]
    assert waits(text) == PLAIN


@pytest.mark.parametrize("words", ["must fail before T006", "fails until T006 stands", "depends on the menu"])
def test_tasks_that_speak_of_order_and_are_not_understood_are_told(words: str) -> None:
    text = PLAN.replace("- [ ] T007 a", f"- [ ] T007 {words}")
    assert waits(text) == PLAIN
    assert told(read(GOOD_SPEC, text)) == [("SB512", line_of(text, words))]


def test_a_drawing_of_phases_only_repeats_the_prose() -> None:
    text = with_order("- **Phase 5**: Depends on Phase 4", "", "```", "Phase 3 ──► Phase 4", "```")
    assert read(GOOD_SPEC, text).findings == ()


def test_the_heading_of_a_phase_and_lines_under_it_count_too() -> None:
    headed = PLAN.replace("User Story 3 - C", "User Story 3 - C (depends on US2)")
    lined = PLAN.replace("- [ ] T007 a", "**Dependencies**: Phase 4\n\n- [ ] T007 a")
    assert changed(headed) == changed(lined) == {"T007": "T006", "T008": "T004 T007"}


def test_a_section_about_order_may_stand_inside_a_phase() -> None:
    text = f"{PLAN}\n### Dependencies\n\n- **US3**: depends on US2\n- **US2**: depends on the menu\n"
    assert changed(text) == {"T007": "T006", "T008": "T004 T007"}
    assert told(read(GOOD_SPEC, text)) == [("SB512", line_of(text, "the menu"))]


def test_unknown_names_are_told_at_their_line_and_the_known_ones_count() -> None:
    text = with_order("- **Phase 5**: Depends on Phase 4 and Phase 9", "- US7: depends on US1").replace(
        "- [ ] T006 a", "- [ ] T006 a (depends on T003, T099)"
    )
    reading = read(GOOD_SPEC, text)
    assert told(reading) == [
        ("SB504", line_of(text, "T006")),
        ("SB504", line_of(text, "Phase 9")),
        ("SB504", line_of(text, "US7")),
    ]
    assert changed(text) == {"T006": "T003 T005", "T007": "T006", "T008": "T004 T007"}


def test_what_is_said_wins_over_the_order_of_the_file() -> None:
    task = PLAN.replace("- [ ] T003 a", "- [ ] T003 a (depends on T004)")
    assert changed(task) == {"T003": "T004", "T004": "T002", "T008": "T003 T006 T007"}
    early = PLAN.replace("- [ ] T001 a", "- [ ] T001 a (depends on T003)")
    assert changed(early) == {"T001": "T003", "T002": "", "T004": "T001", "T005": "T001", "T007": "T001"}
    phases = with_order("- **Phase 2**: Depends on Phase 3")
    assert changed(phases) == {"T002": "T004", "T003": "T001", "T008": "T006 T007"}


def test_a_circle_is_told_at_the_line_that_goes_against_the_file() -> None:
    text = PLAN.replace("- [ ] T003 a", "- [ ] T003 a (depends on T004)").replace(
        "- [ ] T004 a", "- [ ] T004 a (depends on T003)"
    )
    reading = read(GOOD_SPEC, text)
    assert told(reading) == [("SB512", line_of(text, "T003 a"))]
    assert "circle" in reading.findings[0].message
    assert waits(text) == PLAIN
    assert "SB103" not in {rule for rule, *_ in linted(reading)}
    itself = PLAN.replace("- [ ] T003 a", "- [ ] T003 a (depends on T003)")
    assert told(read(GOOD_SPEC, itself)) == [("SB512", line_of(itself, "T003 a"))]


def test_two_phases_that_wait_for_each_other() -> None:
    text = with_order("- Phase 4: depends on Phase 5", "- Phase 5: depends on Phase 4")
    assert told(read(GOOD_SPEC, text)) == [("SB512", line_of(text, "Phase 4: dep"))]
    assert changed(text) == {"T007": "T006", "T008": "T004 T007"}


def test_stories_that_share_a_phase_are_told_apart_by_their_marks() -> None:
    text = (
        with_order("- US2: depends on US1")
        .replace("## Phase 4: User Story 2 - B\n", "")
        .replace("Story 1 - A", "Stories 1 & 2")
    )
    marked = text.replace("T003 a", "T003 [P] [US1] a").replace("T004 a", "T004 [P] [US1] a")
    marked = marked.replace("T005 a", "T005 [P] [US2] a").replace("T006 a", "T006 [P] [US2] a")
    found = waits(marked)
    assert (found["T004"], found["T005"], found["T006"]) == ("T002", "T003 T004", "T003 T004")


def test_few_waits_are_written_for_many_tasks() -> None:
    first = "".join(f"- [ ] T{number:03} [P] a\n" for number in range(1, 201))
    second = "".join(f"- [ ] T{number:03} [P] a\n" for number in range(202, 401))
    found = waits(f"## Phase 1: A\n{first}- [ ] T201 a\n## Phase 2: B\n{second}")
    assert len(found["T201"].split()) == 200
    assert found["T400"] == "T201"


def test_order_from_sets() -> None:
    line = [0b000, 0b001, 0b011]
    assert put_in_order(line, ()).after == ((), (0,), (1,))
    assert put_in_order(line, [Saying(0b001, 0b100)]).after == ((2,), (), (1,))
    circle = [Saying(0b001, 0b010), Saying(0b010, 0b001)]
    assert put_in_order(line, circle) == Ordered(((), (0,), (1,)), (circle[0],))
    assert put_in_order(line, (), put_off=0b010).after == ((), (0,), (0,))
    assert put_in_order(line, [Saying(0b100, 0b010, firm=True)], put_off=0b010).after == ((), (0,), (1,))
