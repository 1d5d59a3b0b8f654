"""The tasks of other tools' folders as a plan: parallel marks, barriers, what is put off or optional, and what only groups."""

from bot.core.plans.checks import Ground
from bot.core.plans.from_spec import single_plan
from bot.core.plans.model import Plan, PlanSource
from bot.core.plans.teams import spec_plan
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import places_of
from bot.core.specs.model import Spec
from bot.core.specs.read import format_of

GROUND = Ground(scope=("src/**", "docs/**"), protected=(".github/**",))

SPECKIT = {
    "specs/001-parts/spec.md": """\
# Feature Specification: Parts

## Requirements

- **FR-001**: Part A MUST be there.
- **FR-002**: Part B MUST be there.
- **FR-003**: Part C MUST be there.
- **FR-004**: All parts MUST be described.
""",
    "specs/001-parts/tasks.md": """\
# Tasks

## Phase 1: Parts

- [x] T001 [P] FR-001 in src/a/part.py
- [ ] T002 [P] FR-002 in src/b/part.py
- [ ] T003 [P] FR-003 in src/c/part.py
- [-] T004 [P] Another one in src/d/part.py

**Checkpoint**: the parts stand

## Phase 2: Polish

- [ ] T005 FR-004 in docs/parts.md
""",
}
KIRO = {
    ".kiro/specs/parts/requirements.md": """\
# Requirements Document

## Requirements

### Requirement 1: Parts

#### Acceptance Criteria

1. THE box SHALL have part A.
2. THE box SHALL have part B.
3. THE box SHALL have part C.
4. THE box SHALL be described.
""",
    ".kiro/specs/parts/tasks.md": """\
# Implementation Plan

- [ ] 1. Parts
  - [x] 1.1 (P) Part A
    - _Requirements: 1.1_
    - _Boundary: src/a/_
  - [ ] 1.2 (P) Part B
    - _Requirements: 1.2_
    - _Boundary: src/b/_
  - [ ] 1.3 (P) Part C
    - _Requirements: 1.3_
    - _Boundary: src/c/_
  - [ ]* 1.4 (P) Property tests in `src/d/test_parts.py`
- [ ] 2. Checkpoint: the parts stand
- [ ] 3. Describe them in `docs/parts.md`
  - _Requirements: 1.4_
""",
}
OPENSPEC = {
    "openspec/changes/parts/proposal.md": "## Why\n\nA box needs its parts, and nobody has made them so far.\n",
    "openspec/changes/parts/specs/box/spec.md": """\
## ADDED Requirements

### Requirement: Parts

The box SHALL have parts.

#### Scenario: One part

- **WHEN** the box is opened
- **THEN** there is a part
""",
    "openspec/changes/parts/tasks.md": "## 1. Parts\n\n- [x] 1.1 Part A in `src/a/part.py`\n- [ ] 1.2 Part B in `src/b/part.py`\n",
}


def read(files: dict[str, str]) -> Spec:
    data = {name: text.encode() for name, text in files.items()}
    (place,) = places_of(data, RepositoryConfig())
    reading = format_of(place).read(place, data, RepositoryConfig())
    assert reading.findings == ()
    assert reading.spec is not None
    return reading.spec


def planned(files: dict[str, str]) -> Plan:
    spec = read(files)
    proposal = spec_plan([spec], [one.name for one in spec.criteria], GROUND)
    assert proposal.plan is not None, proposal
    return proposal.plan


def shape(plan: Plan) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {str(task.task_id): (task.owns, tuple(map(str, task.after))) for task in plan.tasks}


def test_speckit_marks_and_phases_make_a_team_and_a_tick_closes_no_task() -> None:
    plan = planned(SPECKIT)
    assert plan.source is PlanSource.SPEC
    assert shape(plan) == {
        "T001": (("src/a/part.py",), ()),
        "T002": (("src/b/part.py",), ()),
        "T003": (("src/c/part.py",), ()),
        "T005": (("docs/parts.md",), ("T001", "T002", "T003")),
    }


def test_kiro_marks_groups_and_checkpoints_make_a_team_and_an_optional_task_is_left_out() -> None:
    plan = planned(KIRO)
    assert plan.source is PlanSource.SPEC
    assert shape(plan) == {
        "1.1": (("src/a/**",), ()),
        "1.2": (("src/b/**",), ()),
        "1.3": (("src/c/**",), ()),
        "3": (("docs/parts.md",), ("1.1", "1.2", "1.3")),
    }


def test_openspec_tasks_are_a_chain_for_one_agent_who_is_told_them() -> None:
    spec = read(OPENSPEC)
    plan = single_plan([spec], [one.name for one in spec.criteria])
    (task,) = plan.tasks
    assert "Part A" in task.instructions
    assert "Part B" in task.instructions
