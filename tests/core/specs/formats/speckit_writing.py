"""Short ways to write a spec-kit folder in tests, and to find what was read from it."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import speckit
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Criterion, Reading, Spec, SpecFormat, SpecTask

FOLDER = "specs/014-note-export"
PLACE = SpecPlace(FOLDER, SpecFormat.SPECKIT)
SPEC, PLAN, TASKS = f"{FOLDER}/spec.md", f"{FOLDER}/plan.md", f"{FOLDER}/tasks.md"

GOOD_SPEC = """\
# Feature Specification: Note export

**Feature Branch**: `014-note-export`
**Created**: 2026-03-02
**Input**: User description: "people want their notes
out of the app"

## User Scenarios & Testing *(mandatory)*

### User Story 1 - Export my notes (Priority: P1)

A person takes all notes along.

**Why this priority**: nothing else matters without it.

**Independent Test**: export a notebook of three notes and count the rows.

**Acceptance Scenarios**:

1. **Given** three notes, **When** I choose CSV, **Then** I get a file with four lines.
2. **Given** no notes, **When** I choose CSV, **Then** I get a file
   with one line.

---

### User Story 2 - Choose a format (Priority: P2)

**Acceptance Scenarios**:

1. **Given** an open notebook, **When** I export, **Then** I can choose a format.

### Edge Cases

- What happens to a notebook without notes?

## Requirements *(mandatory)*

### Functional Requirements

- **FR-001**: The service MUST stream exports of any size.
- **FR-002**: The service MUST escape commas.

### Key Entities

- **Note**: a title and a text.

## Success Criteria *(mandatory)*

### Measurable Outcomes

- **SC-001**: 10,000 notes export in under 5 seconds.

## Assumptions

- Notes are plain text.

## Out of Scope

Pictures.
"""

GOOD_PLAN = """\
# Implementation Plan: Note export

## Summary

Stream rows from the database.

## Technical Context

**Language/Version**: Python 3.12
**Constraints**: no new dependency
**Scale/Scope**: N/A

## Project Structure

Nothing to see.
"""

GOOD_TASKS = """\
# Tasks: Note export

## Format: `[ID] [P?] [Story] Description`

- **[P]**: Can run in parallel
- [P] tasks = different files, no dependencies
- [Story] label maps a task to its story

## Phase 1: Setup (Shared Infrastructure)

- [x] T001 Create `src/notes/` and `tests/contract/`
- [X] T002 [P] Configure the linter in pyproject.toml
- [ ] T003 [P] Add `package.json` beside it

## Phase 2: Foundational (Blocking Prerequisites)

- [ ] T004 Row model in src/notes/row.py, for FR-002

**Checkpoint**: the model stands

## Phase 3: User Story 1 - Export my notes (Priority: P1)

### Tests for User Story 1

- [ ] T005 [P] [US1] Contract test in tests/contract/test_export.py

### Implementation for User Story 1

- [ ] T006 [P] [US1] Stream CSV from src/notes/export.py
  and flush each row
  - keep the buffer small
- [-] T007 [US1] Show progress in src/notes/progress.py

## Phase 4: User Story 2 - Choose a format (Priority: P2)

- [ ] T008 [US2] Menu in src/notes/menu.py

## Phase 5: Polish & Cross-Cutting Concerns

- [ ] T1009 Document it in docs/

## Dependencies & Execution Order

- **Setup (Phase 1)**: No dependencies - can start immediately
- **Foundational (Phase 2)**: Depends on Setup completion - BLOCKS all user stories
- **User Stories (Phase 3+)**: All depend on Foundational phase completion
  - Or sequentially in priority order (P1 → P2)
- **Polish (Final Phase)**: Depends on all desired user stories being complete
"""


def read(spec: str | bytes = GOOD_SPEC, tasks: str | bytes = "", plan: str | bytes = "", **more: str) -> Reading:
    """The folder with these files; an empty one is not there. `more` by name without `.md`, `_` for `/`."""
    named = {
        SPEC: spec,
        TASKS: tasks,
        PLAN: plan,
        **{f"{FOLDER}/{name.replace('_', '/')}.md": more[name] for name in more},
    }
    files = {path: text.encode() if isinstance(text, str) else text for path, text in named.items() if text}
    return speckit.read(PLACE, files, RepositoryConfig())


def spec_of(reading: Reading) -> Spec:
    assert reading.spec is not None, reading.findings
    return reading.spec


def criteria(spec: str) -> dict[str, Criterion]:
    return {str(one.criterion_id): one for one in spec_of(read(spec)).criteria}


def tasks(text: str, spec: str = GOOD_SPEC) -> dict[str, SpecTask]:
    return {str(one.task_id): one for one in spec_of(read(spec, text)).tasks}


def waits(text: str) -> dict[str, str]:
    """What each task waits for, as words."""
    return {name: " ".join(task.after) for name, task in tasks(text).items()}


def told(reading: Reading, file: str = "") -> list[tuple[str, int]]:
    """(rule, line) of the findings, in one file if one is named."""
    return [(f.rule, f.position.line) for f in reading.findings if f.position.path.endswith(file)]


def linted(reading: Reading) -> list[tuple[str, str, int]]:
    """(rule, file, line) of everything the linter says."""
    found = lint(reading, LintContext(None, RepositoryConfig()))
    return [(f.rule, f.position.path.rpartition("/")[2], f.position.line) for f in found]
