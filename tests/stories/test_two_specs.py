"""Two specs in one pull request: both have to hold, and each criterion says whose it is."""

import pytest

from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked, stalling
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, Stage, implementing, never

FAREWELL_PATH = "specs/0002-farewell.md"
FAREWELL = """\
---
title: Say farewell
status: ready
scope: [farewell.py]
---

# Say farewell

## Acceptance criteria

- **AC-1** Whoever leaves is wished well.

  ```sh verify
  python3 -c "from farewell import farewell; assert farewell('Ada') == 'bye Ada'"
  ```
"""
FAREWELL_CODE = 'def farewell(name):\n    return f"bye {name}"\n'


@pytest.mark.soak
def test_two_specs_are_proven_together_and_their_criteria_are_told_apart():
    with Stage(implementing({"greet.py": GOOD}, repair={"farewell.py": FAREWELL_CODE})) as stage, stage.worker():
        pull = stage.open(files={FAREWELL_PATH: FAREWELL})
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != start
        assert stage.told(head) == {SPEC_CHECK: ["success"], ACCEPTANCE: ["success"]}
        assert stage.title(pull) == "3 of 3 criteria done: 2 proven, 1 kept"
        told = stage.status(pull)
        for name in ("0001-greet.md#AC-1", "0001-greet.md#AC-2", "0002-farewell.md#AC-1"):
            assert f"**{name}**" in told
        assert f"Spec: {SPEC_PATH}\nSpec: {FAREWELL_PATH}\n" in stage.message(head)
        assert len(asked(stage)) == 5, "the second spec was mended by a repair, then reviewed"
        asked_to_mend = stage.model.requests[2].body["messages"][-1]["content"]
        assert "0002-farewell.md#AC-1" in asked_to_mend


def test_one_bad_spec_holds_the_other_back():
    with Stage(implementing({})) as stage, stage.worker():
        pull = stage.open(files={FAREWELL_PATH: FAREWELL.replace("title:", "titel:"), "greet.py": GOOD})
        stage.settled(pull)
        assert stage.told(stage.head(pull)) == {SPEC_CHECK: ["failure"], ACCEPTANCE: ["failure"]}
        (annotation,) = stage.checks(stage.head(pull), SPEC_CHECK)[0].output.annotations
        assert (annotation.path, annotation.start_line) == (FAREWELL_PATH, 2)
        assert stage.executions() == 0
        assert asked(stage) == []


def test_a_name_that_two_specs_have_is_to_be_qualified_and_a_draft_beside_them_claims_nothing():
    vacuous = FAREWELL.replace("from farewell import farewell; assert farewell('Ada') == 'bye Ada'", "import greet")
    draft = FAREWELL.replace("status: ready", "status: draft")
    with Stage(never) as stage, stage.worker():
        pull = stage.open(files={"greet.py": GOOD, FAREWELL_PATH: vacuous, "specs/0003-later.md": draft})
        stage.settled(pull)
        assert stage.title(pull).startswith("0002-farewell.md#AC-1 vacuous; 2 of 3 done")
        assert "`specs/0003-later.md` is a draft and claims nothing." in stage.status(pull)

        stage.say(pull, "/specbot waive AC-1 because", login="grace")
        refused = stage.answer(pull, "/specbot waive AC-1 because")
        assert f"write one of `{SPEC_PATH}#AC-1`, `{FAREWELL_PATH}#AC-1`" in refused
        stage.say(pull, "/specbot waive 0003-later.md#AC-1 because", login="grace")
        assert "there is no criterion 0003-later.md#AC-1" in stage.answer(
            pull, "/specbot waive 0003-later.md#AC-1 because"
        )
        stage.say(pull, "/specbot waive 0002-farewell.md#ac-1 nobody leaves", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to run again")
        stage.settled(pull)
        assert stage.title(pull) == "3 of 3 criteria done: 1 proven, 1 kept, 1 waived"


@pytest.mark.soak
def test_a_spec_made_a_draft_by_a_push_ends_the_work_and_made_ready_again_begins_it():
    stalled_once = stalling("implementer", implementing({"greet.py": GOOD}), times=1)
    with Stage(stalled_once) as stage, stage.worker():
        pull = stage.open()
        first = stage.head(pull)
        stage.until(lambda: asked(stage), "the implementer to be asked")
        stage.push({SPEC_PATH: SPEC.replace("status: ready", "status: draft")})
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to be looked at")
        stage.settled(pull)
        stage.until(lambda: not stage.unsettled(), "everything to be settled")
        assert stage.told(first)[ACCEPTANCE] == ["cancelled"]
        assert stage.title(pull) == "Draft spec: nothing claimed"

        stage.push({SPEC_PATH: SPEC})
        stage.until(lambda: len(stage.runs_at(pull)) == 3, "the push to be looked at")
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert [run.state.value for run in stage.runs_at(pull)] == ["superseded", "done", "done"]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "it is not merged into the base this branch stands on"),
        ({FAREWELL_PATH: None}, "this pull request takes it out"),
        ({FAREWELL_PATH: FAREWELL.replace("ready", "draft")}, "it is a draft in this pull request"),
    ],
)
def test_a_spec_waits_for_one_that_is_not_there_or_goes_in_the_same_pull_request(files, why):
    depends = SPEC.replace("scope: [greet.py]", f"scope: [greet.py]\ndepends: [{FAREWELL_PATH}]")
    base = {**BASE, FAREWELL_PATH: FAREWELL, "farewell.py": FAREWELL_CODE} if files else BASE
    with Stage(never, base=base) as stage, stage.worker():
        elsewhere = stage.open(None, files={FAREWELL_PATH: FAREWELL, "farewell.py": FAREWELL_CODE}, branch="elsewhere")
        pull = stage.open(depends, files=files)
        stage.settled(pull)
        stage.settled(elsewhere)
        assert stage.title(pull) == f"The spec {SPEC_PATH} depends on {FAREWELL_PATH}: {why}"
        assert stage.acceptance(pull) == "action_required"
        assert asked(stage) == []
