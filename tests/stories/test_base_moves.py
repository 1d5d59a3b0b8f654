"""The base branch changes a spec while a pull request that changes it too is open."""

import pytest

from tests.stories.moments import asked
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, Stage, never

CALM = SPEC.replace(
    "## Acceptance criteria", "## Intent\n\nBe kind.\n\n## Context\n\nOne.\n\nTwo.\n\nThree.\n\n## Acceptance criteria"
)
MERGED = {**BASE, SPEC_PATH: CALM, "greet.py": GOOD}


@pytest.mark.soak
def test_what_the_base_branch_changed_meanwhile_is_said():
    with Stage(never, base=MERGED) as stage, stage.worker():
        stage.push({SPEC_PATH: CALM.replace("Three.", "Four.")})
        theirs = CALM.replace("Be kind.", "Be very kind.")
        stage.hub.commit(stage.repo, "main", {SPEC_PATH: theirs, "notes.md": "x"}, "Kinder", "grace")
        pull = stage.open(None, files={"notes.md": "y"})
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria kept", "compared is with where the branch left the base"
        assert f"The base branch has changed `{SPEC_PATH}` too" in stage.status(pull)
        assert asked(stage) == []


@pytest.mark.soak
def test_a_conflict_in_the_spec_is_the_merge_buttons_to_say():
    with Stage(never, base=MERGED) as stage, stage.worker():
        pull = stage.open(CALM.replace("as before", "as ever"))
        stage.settled(pull)
        stage.hub.commit(stage.repo, "main", {SPEC_PATH: CALM.replace("as before", "as always")}, "Always", "grace")
        stage.say(pull, "/specbot verify")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to run again")
        stage.settled(pull)
        assert f"The base branch has changed `{SPEC_PATH}` too" in stage.status(pull)
        assert stage.blockers(pull) == ["Pull Request is not mergeable"]


@pytest.mark.soak
def test_a_spec_that_was_merged_elsewhere_first_is_proven_as_this_branch_brings_it():
    with Stage(never) as stage, stage.worker():
        pull = stage.open(files={"greet.py": GOOD})
        stage.settled(pull)
        stage.hub.commit(stage.repo, "main", {SPEC_PATH: SPEC, "greet.py": GOOD}, "The same", "grace")
        stage.say(pull, "/specbot verify")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to run again")
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert f"The base branch has changed `{SPEC_PATH}` too" in stage.status(pull)
