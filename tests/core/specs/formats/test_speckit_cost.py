"""Twice the text costs twice the work, counted in calls and not in seconds, so that a busy machine changes nothing."""

import sys
from types import FrameType

import pytest

from tests.core.specs.formats.speckit_writing import read

MANY = 200
"""Lines of the smaller text."""

MORE = 600
"""Lines where each is a task: more than are read, since tasks wait for each other in any number up to that limit."""

SLACK = 2.3
"""Sorting costs a little more than twice; anything that looks at all lines for each line costs four times."""

STORY = "# A\n\n## User Scenarios\n\n### User Story 1 - A\n\n**Acceptance Scenarios**:\n\n"
REQUIREMENTS = "# A\n\n## Requirements\n\n"
PLAN = "# Tasks\n\n## Phase 1: Setup\n\n- [ ] T001 a\n- [ ] T002 b\n\n"
ORDER = f"{PLAN}## Dependencies\n\n"

SPECS = {
    "scenarios": (STORY, "1. **Given** a, **When** b, **Then** c\n"),
    "one scenario in pieces": (f"{STORY}- Given a\n", "- And b\n"),
    "scenarios in one paragraph": (STORY, "**Given** a, **When** b, **Then** c\n"),
    "stories": ("# A\n\n", "### User Story 1 - A\n\nGiven a, when b, then c.\n\n"),
    "requirements": (REQUIREMENTS, "- **FR-001**: a\n"),
    "requirements in one paragraph": (REQUIREMENTS, "**FR-001**: a\n"),
    "requirements in headings": (REQUIREMENTS, "#### FR-001: a\n\nText.\n\n"),
    "requirements in a table": (f"{REQUIREMENTS}| ID | Text |\n|--|--|\n", "| FR-001 | a |\n"),
    "questions": (REQUIREMENTS, "[NEEDS CLARIFICATION: a]\n\n"),
    "constraints": ("# A\n\n", "## Constraints\n\n- a\n\n"),
}
PLANS = {
    "tasks": (PLAN, "- [ ] T003 [P] [US1] a src/a.py (depends on T001)\n"),
    "boxes without a number": (PLAN, "- [ ] a\n"),
    "details": (PLAN, "  - depends on T001\n"),
    "blank lines": (PLAN, "- [ ] T003 a\n\n\n\n"),
    "phases": (PLAN, "## Phase 2: A\n\n- [ ] T003 a\n\n"),
    "sayings": (ORDER, "- Phase 1: depends on Phase 2\n"),
    "rows": (f"{ORDER}| Story | Depends On |\n|--|--|\n", "| US1 | US2 |\n"),
    "sections": (PLAN, "## Dependencies\n\n```\nT001 → T002\n```\n\n"),
}


def calls(spec: str, tasks: str) -> int:
    """How many functions are called while the folder is read."""
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        read(spec, tasks)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(("start", "line"), SPECS.values(), ids=SPECS.keys())
def test_a_spec_costs_what_its_lines_cost(start: str, line: str) -> None:
    small, large = (calls(start + line * count, "") for count in (MANY, 2 * MANY))
    assert large <= SLACK * small


@pytest.mark.parametrize(("start", "line"), PLANS.values(), ids=PLANS.keys())
def test_a_plan_costs_what_its_lines_cost(start: str, line: str) -> None:
    spec = f"{REQUIREMENTS}- **FR-001**: a\n"
    lines = MORE if "] T0" in line else MANY
    small, large = (calls(spec, start + line * count) for count in (lines, 2 * lines))
    assert large <= SLACK * small
