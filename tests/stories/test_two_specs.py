"""Two specs in one pull request: both have to hold, and each criterion says whose it is."""

import pytest

from bot.reporting.names import ACCEPTANCE
from bot.reporting.names import SPEC as SPEC_CHECK
from tests.stories.moments import asked
from tests.support.stage import GOOD, SPEC_PATH, Stage, implementing

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
