"""Kiro's bugfixes: items outside of lists, and the section decides what they are."""

from bot.core.specs.model import Clause, ProofKind
from tests.core.specs.formats.kiro_writing import (
    BUGFIX,
    REQUIREMENTS,
    criteria,
    criterion,
    errors,
    folder,
    plan,
    read,
    spec,
    task,
    told,
)


def section(heading: str, body: str) -> str:
    return f"# Bugfix Requirements Document\n\n## Bug Analysis\n\n### {heading}\n\n{body}\n"


def test_expected_and_unchanged_behavior_are_criteria_and_current_behavior_is_context() -> None:
    files = folder(bugfix=BUGFIX)
    assert criteria(files) == [
        ("2.1", "WHEN a file ends with an empty line THEN the system SHALL leave it out"),
        ("2.2", "WHEN a file holds only empty lines THEN the system SHALL report no rows"),
        ("3.1", "WHEN a file has no empty line THEN the system SHALL CONTINUE TO count all of its lines"),
        ("3.2", "WHEN a line holds only commas THEN the system SHALL CONTINUE TO count it"),
    ]
    found = spec(files)
    assert "counts it as a row" in found.context
    assert found.intent == "Empty lines are counted."
    assert found.files == (".kiro/specs/csv-import/bugfix.md",)
    assert criterion(files, "2.2").clause == Clause(
        "WHEN a file holds only empty lines", "the system SHALL report no rows"
    )
    assert (criterion(files, "2.2").position.line, criterion(files, "2.2").position.end_line) == (17, 18)
    assert told(files) == []


def test_what_must_not_change_is_kept_whatever_its_command_is_called() -> None:
    body = "3.1 WHEN a THEN b SHALL CONTINUE TO c\n\n```sh verify\nmake c\n```\n\n3.2 WHEN d THEN e\n\n```sh keep\nmake e\n```\n"
    files = folder(bugfix=section("Unchanged Behavior (Regression Prevention)", body))
    assert [(c.kind, [k.script for k in c.commands]) for c in spec(files).criteria] == [
        (ProofKind.KEEP, ["make c"]),
        (ProofKind.KEEP, ["make e"]),
    ]
    assert told(files) == []


def test_a_command_below_a_line_belongs_to_it() -> None:
    body = "2.1 WHEN a THEN b\n  - and c\n\nSee the log.\n\n```sh verify\nmake b\n```\n\n2.2 (accept) WHEN d THEN e\n"
    files = folder(bugfix=section("Expected Behavior (Correct)", body))
    one, two = spec(files).criteria
    assert (one.text, one.kind, [c.script for c in one.commands]) == (
        "WHEN a THEN b\nand c",
        ProofKind.CHANGE,
        ["make b"],
    )
    assert (two.text, two.kind) == ("WHEN d THEN e", ProofKind.ACCEPT)


def test_the_section_decides_and_not_the_digit() -> None:
    files = folder(bugfix=section("Expected Behavior", "1.1 WHEN a THEN b\n\n1.2 WHEN c THEN d\n"))
    assert [one for one, _ in criteria(files)] == ["1.1", "1.2"]
    assert criteria(folder(bugfix=section("Current Behavior (Defect)", "2.1 WHEN a THEN b\n"))) == []


def test_items_may_stand_in_lists_with_numbers_of_either_kind() -> None:
    bullets = section("Expected Behavior", "- 2.1 WHEN a THEN b\n- **2.2** WHEN c THEN d\n")
    assert [one for one, _ in criteria(folder(bugfix=bullets))] == ["2.1", "2.2"]
    numbered = section("Unchanged Behavior", "1. WHEN a THEN b\n2. WHEN c THEN d\n")
    assert [one for one, _ in criteria(folder(bugfix=numbered))] == ["3.1", "3.2"]
    none = section("Expected Behavior", "- WHEN a THEN b\n")
    assert [one for one, _ in criteria(folder(bugfix=none))] == ["2.1"]


def test_items_may_stand_right_below_a_line_of_prose() -> None:
    body = "**In a list** it shall be so:\n2.1 WHEN a THEN b SHALL c\n2.2 WHEN d THEN e SHALL f\n"
    files = folder(bugfix=section("Expected Behavior", body))
    assert [one for one, _ in criteria(files)] == ["2.1", "2.2"]
    assert told(files) == [("SB512", "bugfix.md", 7)]


def test_a_list_in_the_prose_of_a_section_is_none_of_its_items() -> None:
    body = "Three files are wrong:\n\n1. `a.py`\n2. `b.py`\n\n2.1 WHEN a THEN b\n"
    assert [one for one, _ in criteria(folder(bugfix=section("Expected Behavior", body)))] == ["2.1"]


def test_a_demand_in_another_section_is_told() -> None:
    text = BUGFIX + "\n## Bug Condition\n\n4.1 WHEN a THEN the system SHALL b\n"
    assert told(folder(bugfix=text)) == [("SB512", "bugfix.md", 27)]


def test_tasks_may_name_the_current_behavior_which_is_nothing_to_prove() -> None:
    files = folder(
        bugfix=BUGFIX, tasks="- [ ] 1. Show it\n  - _Requirements: 1.1_\n- [ ] 2. Mend\n  - _Requirements: 2.1, 3_\n"
    )
    assert task(files, "1").proves == ()
    assert task(files, "2").proves == ("2.1", "3.1", "3.2")
    assert told(files) == []


def test_with_both_files_the_requirements_are_the_main_one() -> None:
    files = folder(requirements=REQUIREMENTS, bugfix=BUGFIX)
    found = spec(files)
    assert found.files[:2] == (".kiro/specs/csv-import/requirements.md", ".kiro/specs/csv-import/bugfix.md")
    assert [one for one, _ in criteria(files)] == ["1.1", "1.2", "2.1", "2.1", "2.2", "3.1", "3.2"]
    assert errors(files) == ["SB007"]
    assert found.intent == "Editors retype lists that they already have.\n\nEmpty lines are counted."


def test_a_requirements_file_may_be_shaped_like_a_bugfix() -> None:
    files = plan(
        "- [ ] 1. Mend\n  - _Requirements: 2.2_\n", BUGFIX.replace("Bugfix Requirements Document", "Requirements")
    )
    assert task(files, "1").proves == ("2.2",)
    assert read(files).findings == ()
