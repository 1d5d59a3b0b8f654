"""Short ways to write a `.kiro/specs` folder in tests, and to find what was read from it and said about it."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import kiro
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Criterion, Finding, Reading, Severity, Spec, SpecFormat, SpecTask
from bot.core.specs.tree import TreePaths

FOLDER = ".kiro/specs/csv-import"
PLACE = SpecPlace(FOLDER, SpecFormat.KIRO)
CONFIG = RepositoryConfig()

Files = dict[str, bytes]

REQUIREMENTS = """\
# Requirements Document

## Introduction

Editors retype lists that they already have.

## Glossary

- **Importer**: what reads the file.

## Requirements

### Requirement 1: CSV import

**User Story:** As an editor, I want to import a list, so that I need not retype it.

#### Acceptance Criteria

1. WHEN a file is uploaded, THE Importer SHALL report the number of rows.
2. IF a column is unknown, THEN THE Importer SHALL reject the file.

### Requirement 2: Limits

#### Acceptance Criteria

1. THE Importer SHALL stop after 10,000 rows.
"""

BUGFIX = """\
# Bugfix Requirements Document

## Introduction

Empty lines are counted.

## Bug Analysis

### Current Behavior (Defect)

1.1 WHEN a file ends with an empty line THEN the system counts it as a row

### Expected Behavior (Correct)

2.1 WHEN a file ends with an empty line THEN the system SHALL leave it out

2.2 WHEN a file holds only empty lines
THEN the system SHALL report no rows

### Unchanged Behavior (Regression Prevention)

3.1 WHEN a file has no empty line THEN the system SHALL CONTINUE TO count all of its lines
3.2 WHEN a line holds only commas THEN the system SHALL CONTINUE TO count it
"""

TASKS = """\
# Implementation Plan

- [ ] 1. Import pipeline
  - [x] 1.1 Parse the file in `app/importer.py`
    - reject unknown columns
    - _Requirements: 1.1, 1.2_
  - [ ]* 1.2 Property test: parse(render(x)) = x
    - **Validates: Requirements 1.2**
- [ ] 2. Checkpoint: all tests pass
- [ ] 3. Stop after the limit
  - _Requirements: 2_
"""


def folder(**texts: str | bytes) -> Files:
    """Files by the name of the document: `requirements`, `bugfix`, `design`, `tasks`, `research`; `spec` is `spec.json`."""
    data = {name: text.encode() if isinstance(text, str) else text for name, text in texts.items()}
    return {f"{FOLDER}/{name}.{'json' if name == 'spec' else 'md'}": text for name, text in data.items()}


def wanted(files: Files) -> tuple[str, ...]:
    return kiro.wanted(PLACE, TreePaths.of(files))


def read(files: Files, config: RepositoryConfig = CONFIG) -> Reading:
    return kiro.read(PLACE, {name: files[name] for name in wanted(files)}, config)


def spec(files: Files, config: RepositoryConfig = CONFIG) -> Spec:
    found = read(files, config).spec
    assert found is not None
    return found


def told(files: Files) -> list[tuple[str, str, int]]:
    """(rule, file, line) of every finding of the importer."""
    return [(f.rule, f.position.path.rpartition("/")[2], f.position.line) for f in read(files).findings]


def findings(files: Files, rule: str) -> list[Finding]:
    return [finding for finding in read(files).findings if finding.rule == rule]


def errors(files: Files) -> list[str]:
    return [finding.rule for finding in read(files).findings if finding.severity is Severity.ERROR]


def demands(body: str, heading: str = "Acceptance Criteria") -> Files:
    """A folder with one requirement that has these acceptance criteria."""
    return folder(requirements=f"## Requirements\n\n### Requirement 1\n\n#### {heading}\n\n{body}\n")


def criteria(files: Files) -> list[tuple[str, str]]:
    return [(str(criterion.criterion_id), criterion.text) for criterion in spec(files).criteria]


def criterion(files: Files, criterion_id: str) -> Criterion:
    return next(one for one in spec(files).criteria if one.criterion_id == criterion_id)


def plan(tasks: str, requirements: str = REQUIREMENTS) -> Files:
    return folder(requirements=requirements, tasks=tasks)


def task(files: Files, number: str) -> SpecTask:
    return next(one for one in spec(files).tasks if one.task_id == number)


def order(tasks: str) -> dict[str, tuple[str, ...]]:
    """What each task waits for."""
    return {str(one.task_id): tuple(map(str, one.after)) for one in spec(plan(tasks)).tasks}
