"""Scenarios and requirements, in the ways people write them."""

import pytest

from bot.core.specs.formats.speckit.criteria import MAX_CRITERIA
from bot.core.specs.model import Clause, ProofKind
from tests.core.specs.formats.speckit_writing import GOOD_SPEC, SPEC, criteria, read, spec_of, told


def stories(body: str) -> str:
    return f"# Feature Specification: A\n\n## User Scenarios & Testing\n\n{body}\n"


def requirements(body: str) -> str:
    return f"# Feature Specification: A\n\n## Requirements\n\n### Functional Requirements\n\n{body}\n"


def texts(spec: str) -> dict[str, str]:
    return {name: one.text for name, one in criteria(spec).items()}


def test_a_criterion_has_its_text_its_clause_and_its_lines() -> None:
    found = criteria(GOOD_SPEC)
    second = found["US1.2"]
    assert second.text == "**Given** no notes, **When** I choose CSV, **Then** I get a file with one line."
    assert second.clause == Clause("**Given** no notes, **When** I choose CSV", "I get a file with one line.")
    assert (second.position.path, second.position.line, second.position.end_line) == (SPEC, 21, 22)
    assert found["FR-001"].text == "The service MUST stream exports of any size."
    assert second.kind is ProofKind.NONE


@pytest.mark.parametrize(
    "heading",
    [
        "### User Story 3 - Title (Priority: P1)",
        "### User Story 3 — Title (Priority: P0) 🎯 MVP",
        "### US-3: Title (P0)",
        "### US3 Title",
        "### Story 3: Title",
        "## User Story 3",
    ],
)
def test_stories_by_any_heading(heading: str) -> None:
    assert list(texts(stories(f"{heading}\n\nProse.\n\n1. **Given** a, **When** b, **Then** c\n"))) == ["US3.1"]


def test_a_story_may_have_a_letter() -> None:
    body = "### User Story 5 - A\n\n1. Given a, then b\n\n### User Story 5A - B\n\n1. Given c, then d\n"
    assert list(texts(stories(body))) == ["US5.1", "US5a.1"]


@pytest.mark.parametrize(
    "body",
    [
        "1. **Given** a, **When** b, **Then** c\n2. **Given** d, **When** e, **Then** f",
        "- Given a, when b, then c\n- GIVEN d, WHEN e, THEN f",
        "**Given** a,\n**When** b,\n**Then** c.\n\n**Given** d,\n**When** e,\n**Then** f.",
        "**Given** a, **When** b, **Then** c\n**Given** d, **When** e, **Then** f",
        "**Given** a\n\n**When** b\n\n**Then** c\n\n**Given** d\n\n**When** e\n\n**Then** f",
        "- **Given** a\n- **When** b\n- **Then** c\n- **And** g\n- **Given** d\n- **When** e\n- **Then** f",
        "**Acceptance Scenarios**:\n1. When b, c must hold\n2. f is there",
        "**Acceptance Criteria**:\n\n- c holds\n- f holds\n\n**Notes**:\n\n- not one of them",
        "#### Acceptance Criteria\n\n- c holds\n- f holds",
        "- **Acceptance Scenarios**:\n  1. Given a, then c\n  2. Given d, then f",
        "1. **Scenario: one**\n   - **Given** a\n   - **When** b\n   - **Then** c\n2. **Scenario: two**\n   - **Given** d\n   - **Then** f",
        "**Scenario 1**: Given a, when b, then c\n\n**Scenario 2**: Given d, when e, then f",
        "| # | Given | When | Then |\n|---|---|---|---|\n| 1 | a | b | c |\n| 2 | d | e | f |",
        "- **WHEN** b **THEN** c\n- **WHEN** e **THEN** f",
    ],
)
def test_scenarios_in_every_form(body: str) -> None:
    found = texts(stories(f"### User Story 1 - A\n\nWhen people come, then it must work.\n\n{body}\n"))
    assert list(found) == ["US1.1", "US1.2"]
    assert "c" in found["US1.1"]
    assert "f" in found["US1.2"]
    assert "c" not in found["US1.2"].replace("Scenario", "").replace("scenario", "")


def test_given_when_and_then_of_their_own_are_one_sentence() -> None:
    found = texts(stories("### User Story 1 - A\n\n- **Given** a\n- **When** b\n- **Then** c\n- **And** d\n"))
    assert found == {"US1.1": "**Given** a **When** b **Then** c **And** d"}


@pytest.mark.parametrize(
    "prose",
    [
        "Given the size of the market, this matters.",
        "**Why this priority**: Given that people wait, it is first.",
        "> **Given** a, **When** b, **Then** c",
        "```\n1. **Given** a, **When** b, **Then** c\n```",
        "### Edge Cases\n\n- Given a, when b, then what?",
    ],
)
def test_prose_edge_cases_quotes_and_code_are_no_scenarios(prose: str) -> None:
    assert texts(stories(f"### User Story 1 - A\n\n{prose}\n")) == {}


def test_a_story_without_scenarios_is_told() -> None:
    reading = read(stories("### User Story 1 - A\n\nProse.\n\n### User Story 2 - B\n\n1. Given a, then b\n"))
    assert told(reading) == [("SB512", 5)]


def test_scenarios_of_no_story_are_of_story_one_or_nought() -> None:
    loose = "1. Given a, when b, then c\n"
    assert list(texts(stories(f"### Acceptance Scenarios\n\n{loose}"))) == ["US1.1"]
    both = f"### User Story 1 - A\n\n{loose}\n### Acceptance Scenarios\n\n1. Given d, when e, then f\n"
    assert list(texts(stories(both))) == ["US1.1", "US1.2"]
    assert list(texts(stories(f"### User Story 1 - A\n\n{loose}\n## Acceptance Scenarios\n\n{loose}"))) == [
        "US1.1",
        "US0.1",
    ]


def test_acceptance_criteria_of_no_story_keep_their_own_ids() -> None:
    text = "# A\n\n## Acceptance Criteria\n\n- **AC-001**: a holds\n- b holds\n- **AC-002** (accept): c looks well\n"
    assert texts(text) == {"AC-001": "a holds", "US1.1": "b holds", "AC-002": "c looks well"}
    assert read(text).findings == ()


def test_two_stories_with_one_number_are_an_error() -> None:
    body = "### User Story 1 - A\n\n1. Given a, then b\n\n### User Story 1 - B\n\n1. Given c, then d\n"
    assert told(read(stories(body))) == [("SB007", 11)]


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("- **FR-001**: It MUST work.", "FR-001", "It MUST work."),
        ("- **FR-001:** It MUST work.", "FR-001", "It MUST work."),
        ("* **FR-001** It MUST work.", "FR-001", "It MUST work."),
        ("- **FR-001 (P1)**: It MUST work.", "FR-001", "It MUST work."),
        ("- **FR-001: Export**: It MUST work.", "FR-001", "Export: It MUST work."),
        ("- __FR-001__: It MUST work.", "FR-001", "It MUST work."),
        ("- FR-001: It MUST work.", "FR-001", "It MUST work."),
        ("1. **FR-001** — It MUST work.", "FR-001", "It MUST work."),
        ("- [ ] **FR-001**: It MUST work.", "FR-001", "It MUST work."),
        ("- **fr-001A**: It MUST work.", "FR-001a", "It MUST work."),
        ("- **NFR-2.1**: It MUST work.", "NFR-2.1", "It MUST work."),
        ("- **FR-AUTH-003**: It MUST work.", "FR-AUTH-003", "It MUST work."),
        ("- **FR-001**: .ics files MUST work.", "FR-001", ".ics files MUST work."),
        ("**FR-001**: It MUST work.", "FR-001", "It MUST work."),
        ("- Group\n  - **FR-001**: It MUST work.", "FR-001", "It MUST work."),
        ("#### Group\n\n- **FR-001**: It MUST work.", "FR-001", "It MUST work."),
        ("#### FR-001: Summary of costs\n\nIt MUST work.", "FR-001", "Summary of costs\nIt MUST work."),
        ("- **FR-001**: It MUST\n  work.\n\n  Always.\n  - at night", "FR-001", "It MUST work.\nAlways.\nat night"),
    ],
)
def test_requirements_in_every_form(line: str, name: str, text: str) -> None:
    assert texts(requirements(line)) == {name: text}
    assert read(requirements(line)).findings == ()


def test_several_in_one_paragraph_and_one_inside_another() -> None:
    assert texts(requirements("**FR-001**: a\nand b\n**FR-002**: c")) == {"FR-001": "a and b", "FR-002": "c"}
    nested = "- **FR-001**: a\n  - a detail\n  - **FR-001a**: b\n    - b detail"
    assert texts(requirements(nested)) == {"FR-001": "a\na detail", "FR-001a": "b\nb detail"}


def test_tables_are_requirements_too_and_do_not_change_with_their_state() -> None:
    table = """\
| ID | Requirement | Priority |
|----|-------------|:--------:|
| FR-01 | Sorted by date | P0 |
| **FR-02** | One \\| two | P1 |

## Success Criteria

| # | ID | Criterion | Target | Status |
|---|----|-----------|--------|--------|
| 1 | SC-01 | Quick | < 2 s | done |
"""
    found = texts(requirements(table))
    assert found == {"FR-01": "Sorted by date", "FR-02": "One | two", "SC-01": "Quick\nTarget: < 2 s"}
    later = table.replace("done", "open").replace("P0", "P2")
    assert [c.digest for c in criteria(requirements(later)).values()] == [
        c.digest for c in criteria(requirements(table)).values()
    ]


def test_success_criteria_stand_under_their_own_heading() -> None:
    text = "# A\n\n## Success Criteria *(mandatory)*\n\n### Measurable Outcomes\n\n- **SC-001**: Quick.\n"
    assert texts(text) == {"SC-001": "Quick."}


def test_commands_inside_an_item_are_its_own() -> None:
    line = "- **FR-001**: It works.\n\n  ```sh verify\n  pytest -q\n  ```\n"
    found = criteria(requirements(line))["FR-001"]
    assert (found.kind, [c.script for c in found.commands]) == (ProofKind.CHANGE, ["pytest -q"])
    assert found.commands[0].position.line == 9
    scenario = criteria(stories("### User Story 1 - A\n\n1. Given a, then b\n   ```sh keep\n   make\n   ```\n"))[
        "US1.1"
    ]
    assert (scenario.kind, scenario.commands[0].script, scenario.text) == (ProofKind.KEEP, "make", "Given a, then b")


def test_a_command_right_behind_a_paragraph_belongs_to_it() -> None:
    loose = "**Given** a, **When** b, **Then** c\n\n```sh verify\nmake\n```\n"
    assert criteria(stories(f"### User Story 1 - A\n\n{loose}"))["US1.1"].kind is ProofKind.CHANGE
    found = criteria(requirements("**FR-001**: a\n\n```sh verify\nmake\n```\n"))["FR-001"]
    assert (found.kind, found.position.end_line) == (ProofKind.CHANGE, 11)


def test_a_command_that_stands_nowhere_is_an_error() -> None:
    assert told(read(requirements("- **FR-001**: a\n\n```sh verify\nmake\n```\n"))) == [("SB011", 9)]
    assert told(read(requirements("- **FR-001**: a\n\n  ```sh verfy\n  make\n  ```\n"))) == [("SB015", 9)]


@pytest.mark.parametrize(
    "text",
    [
        requirements("- **FR-001** (accept): It looks calm."),
        requirements("- **FR-001 (accept)**: It looks calm."),
        requirements("- **FR-001**: (Accept) It looks calm."),
        requirements("| ID | Text |\n|---|---|\n| FR-001 (accept) | It looks calm. |"),
        requirements("| ID | Text |\n|---|---|\n| FR-001 | (accept) It looks calm. |"),
        stories("### User Story 1 - A\n\n**Acceptance Scenarios**:\n\n1. (accept) It looks calm."),
    ],
)
def test_the_mark_accept_leaves_a_criterion_to_a_person(text: str) -> None:
    (found,) = criteria(text).values()
    assert (found.kind, found.text) == (ProofKind.ACCEPT, "It looks calm.")


def test_accept_and_a_command_do_not_go_together() -> None:
    line = "- **FR-001** (accept): a\n  ```sh verify\n  make\n  ```\n"
    assert told(read(requirements(line))) == [("SB012", 7)]


def test_an_id_that_stands_twice_is_an_error() -> None:
    assert told(read(requirements("- **FR-001**: a\n- **FR-001**: b"))) == [("SB007", 8)]


@pytest.mark.parametrize(
    "line",
    [
        "- The service MUST work.",
        "- FR-001 the service MUST work.",
        "| ID | Text |\n|---|---|\n| | It MUST work. |",
        "- ~~**FR-001**: It MUST work.~~",
        "- **FR-001**:",
    ],
)
def test_what_looks_like_a_requirement_and_is_none_is_told(line: str) -> None:
    ((_, number),) = told(read(requirements(line)))
    assert number == 7 + 2 * line.startswith("|")


def test_an_id_that_stands_elsewhere_is_told_unless_it_is_a_mention() -> None:
    text = requirements("- **FR-001**: a") + "\n## Security\n\n- **FR-001**: see above\n- **FR-007**: b\n- **A-1**: c\n"
    assert told(read(text)) == [("SB014", 12)]
    assert list(texts(text)) == ["FR-001"]


HIDDEN = "**Given** three notes, **When** I choose CSV, **Then** a file"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"## Out of Scope\n\n1. {HIDDEN}", 3),
        (f"### Edge Cases\n\n- {HIDDEN}", 3),
        (f"<details>\n1. {HIDDEN}\n</details>", 2),
        (f"    1. {HIDDEN}", 1),
        (f"> 1. {HIDDEN}", 1),
        (f". {HIDDEN}", 1),
        ("> - **FR-009**: It MUST work.", 1),
        ("## Requirements\n\n<div>\n- **FR-009**: It MUST work.\n</div>", 4),
        ("## Requirements\n\n    - **FR-009**: It MUST work.", 3),
        ("## Requirements\n\n|--|--|\n| FR-009 | It MUST work. |", 4),
        ("## Assumptions\n\n- **FR-009**: It MUST work.", 3),
    ],
)
def test_what_is_written_like_a_criterion_and_stands_where_none_is_read_is_told(text: str, line: int) -> None:
    before = "# Feature Specification: A\n\n"
    reading = read(before + text + "\n")
    assert ("SB014", line + 2) in told(reading) or spec_of(reading).criteria[0].position.line == line + 2


def test_talk_about_criteria_is_not_told() -> None:
    text = (
        requirements("- **FR-001**: a")
        + "\n## Edge Cases\n\n- Given no notes, when I export, then what?\n\n## Coverage\n\n| Id | By |\n|--|--|\n| FR-001 | T001 |\n"
        + "\n- FR-009: see the next spec\n- **FR-001**: see above\n\n```\n- **FR-008**: a sample\n```\n"
    )
    assert told(read(text)) == []


def test_more_criteria_than_anybody_reads_are_refused() -> None:
    text = requirements("\n".join(f"- **FR-{number}**: a" for number in range(MAX_CRITERIA + 1)))
    assert told(read(text)) == [("SB002", 7 + MAX_CRITERIA)]
    assert len(spec_of(read(text)).criteria) == MAX_CRITERIA
