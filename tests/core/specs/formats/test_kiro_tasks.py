"""Kiro's tasks: which lines are tasks, what they prove and own, and what is said of lines that are not read."""

import pytest

from bot.core.specs.model import TaskKind
from tests.core.specs.formats.kiro_writing import REQUIREMENTS, TASKS, errors, findings, plan, spec, task, told


def test_a_plan_is_read_whole_and_nothing_is_said() -> None:
    files = plan(TASKS)
    one, parse, optional, checkpoint, limit = spec(files).tasks
    assert (one.task_id, one.title, one.kind, one.after) == ("1", "Import pipeline", TaskKind.GROUP, ("1.1",))
    assert (parse.task_id, parse.title) == ("1.1", "Parse the file in `app/importer.py`")
    assert (parse.owns, parse.proves, parse.claimed_done) == (("app/importer.py",), ("1.1", "1.2"), True)
    assert parse.details == "- reject unknown columns\n- _Requirements: 1.1, 1.2_"
    assert (parse.position.line, parse.position.column, parse.position.end_line) == (4, 3, 6)
    assert (optional.task_id, optional.optional, optional.proves) == ("1.2", True, ("1.2",))
    assert (checkpoint.kind, checkpoint.after) == (TaskKind.CHECKPOINT, ("1",))
    assert (limit.proves, limit.after, limit.claimed_done) == (("2.1",), ("2",), False)
    assert told(files) == []


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("- [ ] 1. Build it", "1", "Build it"),
        ("- [ ] 1 Build it", "1", "Build it"),
        ("* [ ] 2.1 Build it", "2.1", "Build it"),
        ("- [ ] 2.1. Build it", "2.1", "Build it"),
        ("- [ ] **2.1 Build it**", "2.1", "Build it"),
        ("- [ ] **2.1** Build it", "2.1", "Build it"),
        ("- [ ] Task 2.1: Build it", "2.1", "Build it"),
        ("- [ ] 2.1a Build it", "2.1a", "Build it"),
        ("- [ ] 2.1.3 Build it", "2.1.3", "Build it"),
        ("-[ ]  2.1  Build   it", "2.1", "Build it"),
        ("- [ ] 2.1 (P) Build it", "2.1", "Build it"),
        ("- [ ] 2.1 Build it (P)", "2.1", "Build it"),
        ("- [ ] 1. {{NAME}}", "1", "{{NAME}}"),
        ("### [ ] 2.1 Build it", "2.1", "Build it"),
    ],
)
def test_a_task_may_be_written_in_several_ways(line: str, number: str, title: str) -> None:
    assert [(t.task_id, t.title) for t in spec(plan(line)).tasks] == [(number, title)]
    assert told(plan(line)) == []


@pytest.mark.parametrize(
    ("box", "done"),
    [("[ ]", False), ("[x]", True), ("[X]", True), ("[-]", False), ("[~]", False)],
)
def test_only_a_cross_claims_that_it_is_done(box: str, done: bool) -> None:
    assert spec(plan(f"- {box} 1. Build it")).tasks[0].claimed_done is done


@pytest.mark.parametrize("line", ["- [ ]* 1. Test", "- [x]\\* 1. Test", "- [ ] 1.* Test", "- [ ] 1* (P) Test"])
def test_a_star_makes_a_task_optional(line: str) -> None:
    [found] = spec(plan(line)).tasks
    assert (found.optional, found.title) == (True, "Test")


def test_a_task_that_is_struck_out_is_put_off() -> None:
    one, two = spec(plan("- [x] ~~1. Build it~~\n- [ ] 2. Test it\n")).tasks
    assert (one.title, one.skipped, one.optional) == ("Build it", True, True)
    assert two.after == ()


@pytest.mark.parametrize(
    "title",
    ["Checkpoint", "Checkpoint - all tests pass", "checkpoint: x", "Final checkpoint — x", "チェックポイント: テスト"],
)
def test_checkpoints(title: str) -> None:
    assert spec(plan(f"- [ ] 1. {title}")).tasks[0].kind is TaskKind.CHECKPOINT


@pytest.mark.parametrize("title", ["Add checkpoint files", "Checkpoints are saved", "Check points"])
def test_no_checkpoints(title: str) -> None:
    assert spec(plan(f"- [ ] 1. {title}")).tasks[0].kind is TaskKind.WORK


def test_blank_lines_stand_between_a_task_and_its_details() -> None:
    text = "- [ ] 1. Build it\n\n\n  - one\n\n  - _Requirements: 1.1_\n\n    ```sh\n    make\n    ```\n\n## Notes\n\n- none of it\n"
    found = task(plan(text), "1")
    assert found.details == "- one\n\n- _Requirements: 1.1_\n\n  ```sh\n  make\n  ```"
    assert (found.proves, found.position.end_line) == (("1.1",), 10)


def test_details_at_the_left_margin_belong_to_the_task_above_until_a_blank_line() -> None:
    text = "- [ ] 1. Build it\n- one\n_Requirements: 1.1_\n\nA remark.\n\n- [ ] 2. Test it\n\n_Requirements: 1.2_\n"
    files = plan(text)
    assert (task(files, "1").details, task(files, "1").proves) == ("- one\n_Requirements: 1.1_", ("1.1",))
    assert task(files, "2").proves == ("1.2",)


def test_a_mark_below_the_children_is_the_parents() -> None:
    text = "- [ ] 1. Build\n  - [ ] 1.1 Parse\n    - rows\n  - _Requirements: 1.1_\n"
    assert task(plan(text), "1").proves == ("1.1",)
    assert task(plan(text), "1.1").proves == ()


def test_boxes_below_a_task_are_its_details() -> None:
    text = "- [ ] 1. Build it\n  - [x] parse\n  - [ ] 3 kinds of rows\n  - [ ] render\n"
    files = plan(text)
    assert [t.task_id for t in spec(files).tasks] == ["1"]
    assert task(files, "1").details == "- [x] parse\n- [ ] 3 kinds of rows\n- [ ] render"
    assert told(files) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- [ ] 1. a\n- [ ] Deploy\n", 2),
        ("- [ ] 1. a\n\n## Done when\n\n- [ ] all is green\n", 5),
        ("- [ ] 1. a\n- [ ] **SETUP-1: Deploy**\n", 2),
        ("- [ ] 1. a\n- [ ] 99.9% of it\n", 2),
        ("- [ ] 1. a\n- [ ] 3d models\n", 2),
        ("- [ ] 1. a\n- [!] 2.1 Deploy\n", 2),
        ("- [ ] 1. a\n  - [ ] 1. b\n", 2),
        ("- [ ] 1. a\n- [ ] 2.\n", 2),
        ("- [ ] 1. a\n  - [x ] 1.1 b\n", 2),
        ("- [ ] 1. a\n- [  ] 2 b\n", 2),
        ("- [ ] 1. a\n- [✓] 2 b\n", 2),
        ("# Plan\n\nFirst this, then that.\n", 1),
    ],
)
def test_a_line_that_looks_like_a_task_and_is_not_read_is_told(text: str, line: int) -> None:
    assert told(plan(text)) == [("SB503", "tasks.md", line)]


def test_legends_links_and_code_are_no_tasks_and_one_in_a_quote_is_told() -> None:
    text = "- [P] tasks run together\n- [x](https://example.org) 1. link\n> - [ ] 7. quoted\n\n```\n- [ ] 8. code\n```\n\n- [ ] 1. Build it\n"
    assert [t.task_id for t in spec(plan(text)).tasks] == ["1"]
    assert told(plan(text)) == [("SB512", "tasks.md", 3)]


def test_a_number_that_is_used_twice_is_an_error_where_it_stands_again() -> None:
    files = plan("- [ ] 1. a\n- [ ] 2. b\n- [ ] 1. c\n")
    assert told(files) == [("SB007", "tasks.md", 3)]
    assert [t.title for t in spec(files).tasks] == ["a", "b"]


def test_a_code_block_that_is_never_closed_swallows_tasks_and_is_an_error() -> None:
    assert errors(plan("- [ ] 1. a\n\n```\n- [ ] 2. b\n")) == ["SB006"]


def test_a_command_in_the_plan_stands_in_no_criterion() -> None:
    assert told(plan("- [ ] 1. a\n  ```sh verify\n  make\n  ```\n")) == [("SB011", "tasks.md", 2)]


@pytest.mark.parametrize(
    ("value", "proves"),
    [
        ("1.1", ["1.1"]),
        ("1.2, 1.1", ["1.1", "1.2"]),
        ("1", ["1.1", "1.2"]),
        ("1.1-1.2", ["1.1", "1.2"]),
        ("1.1–2.1", ["1.1", "1.2", "2.1"]),
        ("1-2", ["1.1", "1.2", "2.1"]),
        ("1.1-2", ["1.1", "1.2"]),
        ("1.x, 2.1", ["1.1", "1.2", "2.1"]),
        ("R1.1, R2", ["1.1", "2.1"]),
        ("Req 1.2; Requirement 2", ["1.2", "2.1"]),
        ("Requirements 1.1 and 1.2", ["1.1", "1.2"]),
        ("All requirements", ["1.1", "1.2", "2.1"]),
        ("all", ["1.1", "1.2", "2.1"]),
        ("All requirements - tests", ["1.1", "1.2", "2.1"]),
        ("All requirements 1.1-1.2", ["1.1", "1.2"]),
        ("全要件の品質保証", ["1.1", "1.2", "2.1"]),
        ("1.1、2.1", ["1.1", "2.1"]),
        ("要件 1（前準備）", ["1.1", "1.2"]),
        ("User context for 1.1, 1.2", ["1.1", "1.2"]),
        ("supports 2.1 (keeps the limit)", ["2.1"]),
        ("1.2; Property 1 (Limits); design §1.1", ["1.2"]),
        ("None", []),
        ("N/A (housekeeping)", []),
        ("なし（挙動不変）", []),
    ],
)
def test_requirements_are_named_in_several_ways(value: str, proves: list[str]) -> None:
    files = plan(f"- [ ] 1. a\n  - _Requirements: {value}_\n")
    assert list(task(files, "1").proves) == proves
    assert told(files) == []


@pytest.mark.parametrize(
    ("value", "rule", "part"),
    [
        ("1.1, 1.9", "SB504", "1.9"),
        ("7", "SB504", "7"),
        ("1.1-1.9", "SB504", "1.9"),
        ("2.1-1.1", "SB504", "2.1-1.1"),
        ("P3", "SB504", "P3"),
        ("Foundation for all requirements", "SB512", "Foundation"),
        ("Performance, Security", "SB512", "Performance"),
        ("Derived 1.1", "SB512", "Derived"),
    ],
)
def test_what_names_nothing_is_told_on_its_line(value: str, rule: str, part: str) -> None:
    files = plan(f"- [ ] 1. a\n\n  - _Requirements: {value}_\n")
    [finding] = findings(files, rule)
    assert finding.position.line == 3
    assert part in finding.message


@pytest.mark.parametrize(
    "line",
    [
        "- _Requirements: 1.1_",
        "_Requirements: 1.1_",
        "- **Validates: Requirements 1.1**",
        "- _Validates: 1.1_",
        "- Requirements: 1.1",
        "- **Requirements:** 1.1",
        "- _要件: 1.1_",
        "- Render it. _Requirements: 1.1_",
        "- _Requirements: 1.1_ *(ids only)*",
        "- _Boundary: A_ _Requirements: 1.1_",
    ],
)
def test_marks_may_be_written_in_several_ways(line: str) -> None:
    assert task(plan(f"- [ ] 1. a\n  {line}\n"), "1").proves == ("1.1",)


def test_a_mark_below_no_task_is_told() -> None:
    assert told(plan("- [ ] 1. a\n\n## Phase 2\n\n_Requirements: 1.1_\n")) == [("SB512", "tasks.md", 5)]


def test_other_series_of_requirements_have_letters() -> None:
    requirements = (
        REQUIREMENTS
        + "\n### Derived Requirement 1: Speed\n\n#### Acceptance Criteria\n\n1. THE Importer SHALL be done in 1 s.\n"
    )
    files = plan("- [ ] 1. a\n  - _Requirements: 1.1, DR1.1_\n- [ ] 2. b\n  - _Requirements: DR1_\n", requirements)
    assert (task(files, "1").proves, task(files, "2").proves) == (("1.1", "DR1.1"), ("DR1.1",))
    assert told(files) == []


@pytest.mark.parametrize(
    ("title", "owns"),
    [
        ("Parse in `app/importer.py` and `app/rows.py`", ("app/importer.py", "app/rows.py")),
        ("Create src/views/Rows.vue.", ("src/views/Rows.vue",)),
        ("Change `src/**/*.ts`", ("src/**/*.ts",)),
        ("Install `@scope/thing`, build `/api/rows.json` and React/Next.js", ()),
        ("Wire CI in `.github/workflows/ci.yml`", ()),
        ("Read https://example.org/a/b.html and importer.py", ()),
    ],
)
def test_a_task_owns_the_files_that_its_title_names(title: str, owns: tuple[str, ...]) -> None:
    assert task(plan(f"- [ ] 1. {title}\n  - reads `docs/format.md`\n"), "1").owns == owns


@pytest.mark.parametrize(
    ("value", "owns"),
    [
        ("RowParser, Limit Guard", ()),
        ("RowParser、`app/rows/`", ("app/rows/**",)),
        ("app/__tests__/rows.py, app/**", ("app/__tests__/rows.py", "app/**")),
        ("`app/rows` (+ `app/limits`)", ("app/rows", "app/limits")),
        ("read/write path", ()),
    ],
)
def test_a_boundary_that_is_a_path_is_owned_and_a_name_stays_text(value: str, owns: tuple[str, ...]) -> None:
    found = task(plan(f"- [ ] 1. a\n  - _Boundary: {value}_\n"), "1")
    assert found.owns == owns
    assert found.details == f"- _Boundary: {value}_"


def test_a_group_owns_nothing_itself() -> None:
    files = plan("- [ ] 1. Rework `app/rows.py`\n  - [ ] 1.1 Parse in `app/rows.py`\n")
    assert (task(files, "1").owns, task(files, "1.1").owns) == ((), ("app/rows.py",))
