"""Kiro's requirements: which lines are criteria, with which ids, and what is said of those that are not."""

import pytest

from bot.core.specs.model import Clause, ProofKind
from tests.core.specs.formats.kiro_writing import (
    REQUIREMENTS,
    criteria,
    criterion,
    demands,
    errors,
    findings,
    folder,
    spec,
    told,
)


def test_criteria_are_the_numbered_items_of_each_requirement() -> None:
    files = folder(requirements=REQUIREMENTS)
    assert criteria(files) == [
        ("1.1", "WHEN a file is uploaded, THE Importer SHALL report the number of rows."),
        ("1.2", "IF a column is unknown, THEN THE Importer SHALL reject the file."),
        ("2.1", "THE Importer SHALL stop after 10,000 rows."),
    ]
    one = criterion(files, "1.2")
    assert one.clause == Clause("IF a column is unknown", "THE Importer SHALL reject the file.")
    assert (one.position.line, one.position.column, one.position.end_line) == (20, 1, 20)
    assert one.name == ".kiro/specs/csv-import#1.2"
    assert told(files) == []


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("### Requirement 7", "7"),
        ("### REQUIREMENT 7: Title", "7"),
        ("### Requirement 7 - Title", "7"),
        ("## Requirement 7: Title", "7"),
        ("### 要件7: 題", "7"),
        ("### 要件 7A: 題", "7A"),
        ("### 7. Overview", "7"),
        ("### 7 Feature: title", "7"),
        ("### Anforderung 7: Titel", "7"),
        ("### R7: Title", "7"),
        ("### **Requirement 7**", "7"),
        ("### Requirement 7.2: Title", "7.2"),
        ("### Derived Requirement 7: Title", "DR7"),
        ("### DR-7: Title", "DR7"),
        ("### NFR7: Title", "NFR7"),
    ],
)
def test_a_requirement_is_told_by_its_number(heading: str, number: str) -> None:
    text = f"# Requirements Document\n\n## Requirements\n\n{heading}\n\n#### Acceptance Criteria\n\n1. THE lamp SHALL glow.\n"
    assert criteria(folder(requirements=text)) == [(f"{number}.1", "THE lamp SHALL glow.")]


@pytest.mark.parametrize("heading", ["### Notes", "### What we learnt in 2024", "### V1 priorities", "### 3D view"])
def test_other_headings_are_no_requirements(heading: str) -> None:
    text = f"## Requirements\n\n### Requirement 1\n\n1. THE lamp SHALL glow.\n\n{heading}\n\n1. a remark\n"
    assert criteria(folder(requirements=text)) == [("1.1", "THE lamp SHALL glow.")]


@pytest.mark.parametrize(
    "heading",
    [
        "Acceptance Criteria",
        "acceptance criteria:",
        "Acceptance Criteria for Requirement 1",
        "受け入れ基準",
        "受入条件",
        "验收标准",
        "Was gelten soll",
    ],
)
def test_the_list_may_stand_below_any_heading(heading: str) -> None:
    assert criteria(demands("1. THE lamp SHALL glow.", heading)) == [("1.1", "THE lamp SHALL glow.")]


def test_the_list_may_stand_right_below_the_requirement() -> None:
    text = "### Requirement 1\n**User Story:** As a reader, I want light.\n1. THE lamp SHALL glow.\n2) THE lamp SHALL dim.\n"
    assert [one for one, _ in criteria(folder(requirements=text))] == ["1.1", "1.2"]


def test_only_what_stands_below_the_heading_for_criteria_counts_where_there_is_one() -> None:
    text = "### Requirement 1\n\n1. first think\n2. it must be light\n\n#### Acceptance Criteria\n1. THE lamp SHALL glow.\n"
    files = folder(requirements=text)
    assert criteria(files) == [("1.1", "THE lamp SHALL glow.")]
    assert told(files) == [("SB512", "requirements.md", 4)]


def test_a_list_may_go_on_below_deeper_headings() -> None:
    text = "1. THE lamp SHALL glow.\n\n##### At night\n\n2. THE lamp SHALL dim.\n"
    assert [one for one, _ in criteria(demands(text))] == ["1.1", "1.2"]


def test_a_file_may_be_one_list() -> None:
    for heading in ("Requirements", "Acceptance Criteria"):
        text = f"# Requirements: Lamp\n\n## Overview\n\nLight.\n\n## {heading}\n\n1. The lamp glows\n2. It must dim\n"
        files = folder(requirements=text, tasks="- [ ] 1. Glow\n  - _Requirements: 2_\n")
        assert criteria(files) == [("1", "The lamp glows"), ("2", "It must dim")]
        assert spec(files).tasks[0].proves == ("2",)


def test_japanese_criteria_count_without_a_keyword_and_are_not_flooded() -> None:
    text = (
        "# Requirements Document\n\n## 導入\n\n一覧を取り込む。\n\n## 要件\n\n### 要件1: 取り込み\n\n#### 受け入れ基準\n\n"
        "1. WHEN 利用者がファイルを送るTHEN システムは行数を示さなければならない\n"
        "2. WHERE 上限が決まっているTHE システムはそこで止まる\n"
        "3. 列が不明な場合、システムは拒否すること\n"
    )
    files = folder(requirements=text)
    assert [one for one, _ in criteria(files)] == ["1.1", "1.2", "1.3"]
    assert spec(files).intent == "一覧を取り込む。"
    assert criterion(files, "1.1").clause == Clause(
        "WHEN 利用者がファイルを送る", "システムは行数を示さなければならない"
    )
    assert criterion(files, "1.2").clause == Clause("WHERE 上限が決まっている", "THE システムはそこで止まる")
    assert criterion(files, "1.3").clause is None
    assert told(files) == []


def test_an_item_that_demands_nothing_among_those_that_do_still_counts() -> None:
    files = demands("1. THE lamp SHALL glow.\n2. the door shall open\n3. See the drawing.\n")
    assert [one for one, _ in criteria(files)] == ["1.1", "1.2", "1.3"]
    assert told(files) == [("SB506", "requirements.md", 9)]


def test_where_few_say_shall_nobody_is_asked_for_it() -> None:
    assert told(demands("1. The lamp glows.\n2. The door opens.\n3. The bell SHALL ring.\n")) == []


def test_further_lines_and_sub_items_belong_to_the_text() -> None:
    body = "1. THE lamp SHALL\n   glow\n   a. in red\n   b. in green\n\n   and never blink.\n   - or only once\n2. THE door SHALL open."
    assert criteria(demands(body))[0] == (
        "1.1",
        "THE lamp SHALL glow a. in red b. in green\nand never blink.\nor only once",
    )


@pytest.mark.parametrize(
    ("body", "ids", "lines"),
    [
        ("1. a\n2. b\n4. c\n5. d\n", ["1.1", "1.2", "1.4", "1.5"], [9]),
        ("2. a\n3. b\n", ["1.2", "1.3"], [7]),
        ("1. a\n\n4. b\n\n2. c\n", ["1.1", "1.4", "1.2"], [9, 11]),
        ("1. a\n1a. b\n2. c\n", ["1.1", "1.1a", "1.2"], []),
        ("1. a\n1.1. b\n2. c\n", ["1.1", "1.1.1", "1.2"], []),
        ("1.1 a\n\n1.2 b\n1.3. c\n", ["1.1", "1.2", "1.3"], []),
        ("- 1.1 a\n- **1.2** b\n", ["1.1", "1.2"], []),
        ("1a. a\n1b. b\n2. c\n3. d\n", ["1.1a", "1.1b", "1.2", "1.3"], []),
    ],
)
def test_the_number_that_is_written_counts(body: str, ids: list[str], lines: list[int]) -> None:
    files = demands(body)
    assert [one for one, _ in criteria(files)] == ids
    assert [(f.rule, f.position.line) for f in findings(files, "SB513")] == [("SB513", line) for line in lines]
    assert errors(files) == []


def test_chapters_may_be_numbered_without_becoming_requirements() -> None:
    text = "# Requirements\n\n## 1. Introduction\n\nWhy.\n\n## 2. Light\n\n### Acceptance Criteria\n\n1. THE lamp SHALL glow.\n"
    files = folder(requirements=text)
    assert criteria(files) == [("2.1", "THE lamp SHALL glow.")]
    assert spec(files).intent == "Why."
    assert told(files) == []


def test_a_number_that_is_written_twice_is_an_error_where_it_stands_again() -> None:
    assert told(demands("1. a\n2. b\n2. c\n")) == [("SB007", "requirements.md", 9)]


def test_an_item_of_another_requirement_keeps_its_number_and_is_told() -> None:
    files = demands("1.1 a\n\n3.2 b\n")
    assert [one for one, _ in criteria(files)] == ["1.1", "3.2"]
    assert told(files) == [("SB513", "requirements.md", 9)]


def test_a_number_in_a_sentence_is_none_of_an_item() -> None:
    files = demands("1.1 WHEN it takes longer than\n2.5 seconds THE lamp SHALL glow\n\n1.2 THE door SHALL open")
    assert criteria(files)[0] == ("1.1", "WHEN it takes longer than 2.5 seconds THE lamp SHALL glow")
    assert len(criteria(files)) == 2


def test_bullets_without_numbers_count_by_their_place_and_that_is_told_once() -> None:
    files = demands("- THE lamp SHALL glow.\n- THE door SHALL open.\n  - at once\n")
    assert criteria(files) == [("1.1", "THE lamp SHALL glow."), ("1.2", "THE door SHALL open.\nat once")]
    assert told(files) == [("SB513", "requirements.md", 7)]


def test_a_demand_between_the_items_is_told() -> None:
    assert told(demands("1. THE lamp SHALL glow.\n\n<!-- -->\nBesides, the door SHALL open.\n"))[-1][0] == "SB512"


@pytest.mark.parametrize(
    "lines",
    [
        "1. THE lamp SHALL glow.\n\n> 2. THE door SHALL open.",
        "1. THE lamp SHALL glow.\n\n<div>\n2. THE door SHALL open.\n</div>",
        "    1. THE lamp SHALL glow.",
        "1. THE lamp SHALL glow.\n</details>\n2. THE door SHALL open.",
        "| a |\n|---|\n| 1. THE lamp SHALL glow. |\n2. THE door SHALL open.",
    ],
)
def test_a_demand_that_markdown_hides_from_the_list_is_told(lines: str) -> None:
    text = demands(lines)
    criteria_lines = {one.position.line for one in spec(text).criteria}
    places = [finding.position for finding in findings(text, "SB512")]
    told_lines = {line for place in places for line in range(place.line, place.end_line + 1)}
    (data,) = (data for name, data in text.items() if name.endswith("requirements.md"))
    demanding = [n for n, line in enumerate(data.decode().split("\n"), 1) if "SHALL" in line]
    assert set(demanding) <= criteria_lines | told_lines


def test_a_requirement_that_nothing_is_proven_of_is_an_error() -> None:
    files = folder(requirements=REQUIREMENTS + "\n### Requirement 3: Speed\n\nIt is fast.\n")
    assert told(files) == [("SB510", "requirements.md", 28)]


def test_a_requirement_without_a_number_is_told() -> None:
    text = REQUIREMENTS + "\n### Requirement A: Speed\n\n1. It is fast.\n"
    assert ("SB512", "requirements.md", 28) in told(folder(requirements=text))


def test_headings_and_items_in_code_and_quotes_are_none() -> None:
    text = "1. a\n\n   ```markdown\n   ### Requirement 2\n   1. b\n   ```\n\n> 2. quoted\n> 1.2 quoted\n"
    assert [one for one, _ in criteria(demands(text))] == ["1.1"]


def test_a_command_stands_in_the_item() -> None:
    body = (
        "1. THE lamp SHALL glow.\n   ```sh verify\n   test -e lamp\n   ```\n2. THE door SHALL open.\n\n   ~~~sh keep\n   make door\n   ~~~\n"
        "3. (accept) THE room SHALL look calm.\n"
    )
    files = demands(body)
    one, two, three = spec(files).criteria
    assert (one.text, one.kind, [c.script for c in one.commands]) == (
        "THE lamp SHALL glow.",
        ProofKind.CHANGE,
        ["test -e lamp"],
    )
    assert (one.position.line, one.position.end_line, one.commands[0].position.line) == (7, 10, 8)
    assert (two.kind, [c.script for c in two.commands]) == (ProofKind.KEEP, ["make door"])
    assert (three.text, three.kind) == ("THE room SHALL look calm.", ProofKind.ACCEPT)
    assert told(files) == []


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("1. a\n   ```sh verfy\n   true\n   ```\n", "SB015", 8),
        ("1. a\n   ```sh verify\n   x\n   ```\n   ```sh keep\n   x\n   ```\n", "SB012", 7),
        ("1. (accept) a\n   ```sh verify\n   x\n   ```\n", "SB012", 7),
        ("1. a\n\nThen:\n```sh verify\nx\n```\n", "SB011", 10),
        ("1. a\n   ```sh\n   x\n", "SB006", 8),
        ("1. a\n2.\n3. b\n", "SB008", 8),
    ],
)
def test_a_mistake_is_an_error_on_its_line(body: str, rule: str, line: int) -> None:
    assert told(demands(body)) == [(rule, "requirements.md", line)]
    assert errors(demands(body)) == [rule]


def test_windows_line_ends_and_a_mark_at_the_start_change_nothing() -> None:
    plain = spec(folder(requirements=REQUIREMENTS))
    windows = spec(folder(requirements=b"\xef\xbb\xbf" + REQUIREMENTS.replace("\n", "\r\n").encode()))
    assert windows.criteria == plain.criteria
    assert windows.intent == plain.intent
