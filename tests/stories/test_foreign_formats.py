"""The same wish as a spec-kit, a Kiro and an OpenSpec folder: nothing behind the reader knows the difference."""

import json

import pytest

from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked
from tests.support.scripted_model import Seen
from tests.support.stage import BASE, GOOD, Stage, implementing, never

VERIFY = "python3 -c \"from greet import greet; assert greet('Ada') == 'hello Ada'\""
KEEP = "python3 -c \"from greet import greet; assert greet('').strip() == 'hello'\""
FRONT = "---\nscope: [greet.py]\n---\n\n"

SPECKIT = {
    "specs/001-greet/spec.md": f"""{FRONT}# Feature Specification: Greet people by name

## User Scenarios & Testing *(mandatory)*

### User Story 1 - Be greeted (Priority: P1)

**Acceptance Scenarios**:

1. **Given** somebody called Ada, **When** she is greeted, **Then** the greeting names her.

   ```sh verify
   {VERIFY}
   ```

## Requirements *(mandatory)*

### Functional Requirements

- **FR-001**: Nobody in particular MUST be greeted as before.

  ```sh keep
  {KEEP}
  ```
""",
    "specs/001-greet/tasks.md": "# Tasks\n\n## Phase 1: Setup\n\n- [ ] T001 [US1] Name the person in greet.py\n",
}
KIRO = {
    ".kiro/specs/greet/requirements.md": f"""---
scope: [greet.py]
proofs:
  "1.1": {VERIFY!r}
  "1.2": {{keep: {KEEP!r}}}
---

# Requirements Document

## Requirements

### Requirement 1: Greetings

#### Acceptance Criteria

1. WHEN somebody is greeted, THE Greeter SHALL name the person.
2. IF the name is empty, THEN THE Greeter SHALL greet as before.
""".replace("\\'", "''"),
    ".kiro/specs/greet/tasks.md": "# Implementation Plan\n\n- [ ] 1. Name the person in `greet.py`\n  - _Requirements: 1.1, 1.2_\n",
}
OPENSPEC = {
    "openspec/changes/greet/proposal.md": f"{FRONT}## Why\n\nA greeting without a name is cold.\n",
    "openspec/changes/greet/specs/greeting/spec.md": f"""## ADDED Requirements

### Requirement: Greetings

The greeter SHALL greet whoever comes.

#### Scenario: Somebody with a name

- **WHEN** Ada is greeted
- **THEN** the greeting names her

```sh verify
{VERIFY}
```

#### Scenario: Nobody in particular

- **WHEN** the name is empty
- **THEN** the greeting is as before

```sh keep
{KEEP}
```
""",
    "openspec/changes/greet/tasks.md": "## 1. Greeting\n\n- [ ] 1.1 Name the person in `greet.py` and verify it\n",
}

WISHES = [
    pytest.param("specs/001-greet", SPECKIT, ("US1.1", "FR-001"), id="spec-kit"),
    pytest.param(".kiro/specs/greet", KIRO, ("1.1", "1.2"), id="kiro"),
    pytest.param(
        "openspec/changes/greet",
        OPENSPEC,
        ("greeting/greetings/somebody-with-a-name", "greeting/greetings/nobody-in-particular"),
        id="openspec",
    ),
]


@pytest.mark.parametrize(("spec", "files", "criteria"), WISHES)
def test_a_folder_is_implemented_and_proven_like_any_spec(spec, files, criteria):
    with Stage(implementing({"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open(None, files=files)
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != start
        assert stage.told(head) == {SPEC_CHECK: ["success"], ACCEPTANCE: ["success"]}
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        for criterion in criteria:
            assert f"**{criterion}**" in stage.status(pull).replace("1\\.", "1."), "`1.` alone would make a list"
        assert f"Spec: {spec}\n" in stage.message(head)
        opening = asked_for_work(stage.model.requests)
        for path in files:
            assert path in opening, "the agent is shown every file of the spec"


def asked_for_work(requests: list[Seen]) -> str:
    return requests[0].body["messages"][1]["content"]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("spec", "files", "criteria"),
    [WISHES[1], *(pytest.param(*wish.values, id=wish.id, marks=pytest.mark.soak) for wish in (WISHES[0], WISHES[2]))],
)
def test_no_agent_edits_a_file_of_the_spec(spec, files, criteria):
    ticked = sorted(files)[-1]
    with Stage(implementing({"greet.py": GOOD, ticked: "- [x] done\n"})) as stage, stage.worker():
        pull = stage.open(None, files=files)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), ticked) == files[ticked]
        (told,) = [seen for seen in stage.model.requests if seen.label == "implementer/T-1/2"]
        assert "A spec says what is wanted" in json.dumps(told.body["messages"]), "the agent is told at once"


def test_a_push_to_any_file_of_the_folder_is_read_with_the_whole():
    with Stage(never, base={**BASE, **SPECKIT, "greet.py": GOOD}) as stage, stage.worker():
        tasks = SPECKIT["specs/001-greet/tasks.md"].replace("[ ]", "[x]")
        pull = stage.open(None, files={"specs/001-greet/tasks.md": tasks})
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria kept"
        assert asked(stage) == []


def test_an_open_question_blocks_before_anything_runs():
    asks = SPECKIT["specs/001-greet/spec.md"].replace("as before.", "as [NEEDS CLARIFICATION: how?].")
    with Stage(never) as stage, stage.worker():
        pull = stage.open(None, files={**SPECKIT, "specs/001-greet/spec.md": asks})
        stage.settled(pull)
        assert stage.told(stage.head(pull)) == {SPEC_CHECK: ["failure"], ACCEPTANCE: ["failure"]}
        (annotation,) = [
            a for a in stage.checks(stage.head(pull), SPEC_CHECK)[0].output.annotations if a.level == "failure"
        ]
        assert annotation.path == "specs/001-greet/spec.md"
        assert "SB502" in (annotation.title or "")


def test_archiving_a_change_demands_nothing_new():
    change = dict(OPENSPEC)
    delta = change["openspec/changes/greet/specs/greeting/spec.md"]
    living = "# greeting\n\n## Purpose\n\nHow whoever comes is greeted.\n\n" + delta.replace("## ADDED R", "## R")
    archive = {path.replace("changes/", "changes/archive/2026-11-28-"): text for path, text in change.items()}
    with Stage(never, base={**BASE, **change, "greet.py": GOOD}) as stage, stage.worker():
        moved = {**dict.fromkeys(change), **archive, "openspec/specs/greeting/spec.md": living}
        pull = stage.open(None, files=moved)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "2 of 2 criteria kept"
