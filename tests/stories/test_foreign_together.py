"""Specs of three other tools and one of ours in one pull request: names, commands, findings, what is triggered and what is shown."""

import pytest

from bot.core.proofs.contract_files import Runner, contract_path
from bot.ids import CriterionId, criterion_name
from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked, role
from tests.stories.test_contracts import CONTRACT
from tests.stories.test_foreign_formats import KEEP, KIRO, OPENSPEC, SPECKIT, VERIFY
from tests.support.scripted_model import Answer, Fault, Seen, call
from tests.support.stage import BASE, CONFIGURATION, GOOD, Stage, implementing, never

SPEC_MD = "specs/001-greet/spec.md"
TASKS_MD = "specs/001-greet/tasks.md"
OPENSPEC_TASKS = "openspec/changes/greet/tasks.md"
DELTA = "openspec/changes/greet/specs/greeting/spec.md"
BUGFIX = {
    ".kiro/specs/cold/bugfix.md": """\
# Bugfix Requirements Document

## Bug Analysis

### Current Behavior (Defect)

1.1 WHEN Ada is greeted THEN the greeter leaves her name out

### Expected Behavior (Correct)

2.1 WHEN Ada is greeted THEN the greeter SHALL name her

### Unchanged Behavior (Regression Prevention)

3.1 WHEN the name is empty THEN the greeter SHALL CONTINUE TO greet as before
""",
    ".kiro/specs/cold/tasks.md": """\
# Implementation Plan

- [ ] 1. Name the person in `greet.py`
  - _Requirements: 2.1_
- [ ]* 2. Property test: any name is said
  - **Validates: Requirements 3.1**
- [ ] 3. Checkpoint: all is green
""",
}
SAID_IN_CONFIGURATION = f"""{CONFIGURATION}foreign:
  - folder: .kiro/specs/*
    scope: [greet.py]
    proofs:
      "2.1": {VERIFY!r}
      "3.1": {KEEP!r}
""".replace("\\'", "''")


def for_a_person(files: dict[str, str]) -> dict[str, str]:
    """The same wishes, each with one more criterion that a person decides."""
    more = {
        SPEC_MD: files[SPEC_MD] + "- **FR-003** (accept): It MUST sound friendly.\n",
        DELTA: files[DELTA] + "\n#### Scenario: It sounds friendly\n\n- (accept) **WHEN** read **THEN** it is kind\n",
    }
    return {**files, **more}


def test_each_criterion_of_each_format_can_be_named_in_a_command():
    together = for_a_person({**SPECKIT, **KIRO, **OPENSPEC})
    with Stage(never) as stage, stage.worker():
        pull = stage.open(files={**together, "greet.py": GOOD})
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "action_required"
        assert "Specbot: changes/greet#greeting" in stage.status(pull), "a name does not become another one"
        told = stage.status(pull).replace("\\", "")
        for name in (
            "001-greet#US1.1",
            "001-greet#FR-003",
            "`specs/greet#1.2`",
            "changes/greet#greeting/greetings/somebody-with-a-name",
            "0001-greet.md#AC-2",
        ):
            assert f"**{name}**" in told, told
        stage.next_second()
        stage.say(pull, f'/specbot accept "FR-003" {head[:10]}', login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the acceptance to be counted")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        stage.next_second()
        name = "changes/greet#greeting/greetings/it-sounds-friendly"
        stage.say(pull, f"/specbot waive {name} Nobody's taste is asked here", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 3, "the waiver to be counted")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", stage.status(pull)
        assert stage.head(pull) == head
        assert asked(stage) == []
        stage.say(pull, "/specbot waive greeting/greetings WHY", login="grace")
        answer = stage.answer(pull, "/specbot waive greeting/greetings WHY")
        assert "there is no criterion greeting/greetings" in answer


def test_what_the_linter_says_stands_on_its_file_and_line_and_an_error_in_one_spec_holds_all_back():
    tasks = SPECKIT[TASKS_MD] + "- [  ] T002 Say it in greet.py\n"
    delta = OPENSPEC[DELTA].replace("SHALL greet", "shall greet")
    kiro = KIRO[".kiro/specs/greet/tasks.md"].replace("1.1, 1.2", "1.1, 9.9")
    asks = SPECKIT[SPEC_MD].replace("as before.", "as [NEEDS CLARIFICATION: how?].")
    files = {**SPECKIT, **KIRO, **OPENSPEC, SPEC_MD: asks, TASKS_MD: tasks, DELTA: delta}
    files[".kiro/specs/greet/tasks.md"] = kiro
    with Stage(never) as stage, stage.worker():
        pull = stage.open(None, files=files)
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.told(head) == {SPEC_CHECK: ["failure"], ACCEPTANCE: ["failure"]}
        output = stage.checks(head, SPEC_CHECK)[0].output
        found = {(a.path, a.start_line, a.level, (a.title or "")[:5]) for a in output.annotations}
        for path, words, level, rule in (
            (SPEC_MD, "NEEDS CLARIFICATION", "failure", "SB502"),
            (TASKS_MD, "T002", "warning", "SB503"),
            (".kiro/specs/greet/tasks.md", "9.9", "warning", "SB504"),
        ):
            line = next(n for n, text in enumerate(files[path].split("\n"), 1) if words in text)
            assert (path, line, level, rule) in found, found
        assert ("SB506", DELTA) in {(rule, path) for path, _, _, rule in found}
        asking = next(a for a in output.annotations if (a.title or "").startswith("SB502"))
        assert "answer" in asking.message.lower(), asking.message
        assert stage.executions() == 0
        assert asked(stage) == []


@pytest.mark.parametrize(
    "touched", [DELTA, *(pytest.param(path, marks=pytest.mark.soak) for path in (TASKS_MD, OPENSPEC_TASKS))]
)
def test_any_file_of_a_folder_triggers_a_run_of_its_spec_alone(touched):
    every = {**SPECKIT, **OPENSPEC}
    with Stage(never, base={**BASE, **every, "greet.py": GOOD}) as stage, stage.worker():
        pull = stage.open(None, files={touched: every[touched] + "\n"})
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria kept"


@pytest.mark.soak
def test_a_bugfix_with_its_commands_in_the_configuration():
    base = {**BASE, ".github/specbot.yml": SAID_IN_CONFIGURATION}
    with Stage(implementing({"greet.py": GOOD}), base=base) as stage, stage.worker():
        pull = stage.open(None, files=BUGFIX)
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        (opening, *_) = (seen for seen in stage.model.requests if seen.label.startswith("implementer"))
        words = said_to(opening)
        assert "Property test" in words
        assert "greet.py" in words


def said_to(seen: Seen) -> str:
    return "\n".join(str(message["content"]) for message in seen.body["messages"])


NAMELESS = {
    DELTA: OPENSPEC[DELTA].replace(f"```sh verify\n{VERIFY}\n```", ""),
    **{path: text for path, text in OPENSPEC.items() if path != DELTA},
}
"""The first scenario has no command any more."""

SCENARIO = criterion_name("openspec/changes/greet", CriterionId("greeting/greetings/somebody-with-a-name"))
CONTRACT_PATH = contract_path(SCENARIO, Runner.UNITTEST)


@pytest.mark.soak
def test_a_scenario_without_a_command_gets_a_contract():
    rest = implementing({"greet.py": GOOD})

    def script(seen: Seen) -> Answer | Fault:
        if role(seen) != "test_author":
            return rest(seen)
        if seen.body["messages"][-1]["role"] == "user":
            return call("create", path=CONTRACT_PATH, content=CONTRACT, overwrite=True)
        return call("finish", summary="Tested.", contracts=[{"criterion": str(SCENARIO), "path": CONTRACT_PATH}])

    with Stage(script) as stage, stage.worker():
        pull = stage.open(None, files=NAMELESS)
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "success", stage.title(pull)
        assert stage.file(head, CONTRACT_PATH) == CONTRACT
        assert "Contract: greeting/greetings/somebody-with-a-name\n" in stage.message(f"{head}^")


@pytest.mark.soak
def test_without_a_test_author_a_criterion_without_a_command_waits_for_a_person_who_is_told_how():
    why = {"criterion": str(SCENARIO), "reason": "It is a matter of taste."}

    def script(seen: Seen) -> Answer | Fault:
        assert role(seen) == "test_author"
        return call("finish", summary="No test.", contracts=[], untestable=[why])

    with Stage(script) as stage, stage.worker():
        pull = stage.open(None, files=NAMELESS)
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        mark = '`"greeting/greetings/somebody-with-a-name": {accept: true}` under `proofs:` in the front matter of'
        assert f"{mark} `openspec/changes/greet/proposal.md`" in stage.status(pull)
        assert "/specbot retry" in stage.status(pull)
