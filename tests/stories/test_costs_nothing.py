"""A merged spec that is only written otherwise: nothing is demanded anew, no model is called, and the comment says why."""

import pytest

from tests.stories.moments import asked
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, Stage, never

LOOKS = "- **AC-3** (accept) The greeting sounds friendly.\n- **AC-4** Greetings are quite short.\n"
MERGED = {**BASE, SPEC_PATH: SPEC + LOOKS, "greet.py": GOOD}
SECOND = "---\nstatus: ready\n---\n\n# Nobody in particular\n\n## Acceptance criteria\n\n"
SPLIT = SPEC.index("- **AC-2**")

OTHERWISE = {
    "mended": (
        {SPEC_PATH: SPEC.replace("The greeting", "The greetnig") + LOOKS.replace("quite", "quiet")},
        "only a typing mistake was mended",
    ),
    "reformatted": (
        {
            SPEC_PATH: (SPEC + LOOKS)
            .replace("The greeting names the person.", "The greeting\n  names\n  the person.")
            .replace("- **", "* **")
            .replace("## Acceptance criteria", "## Intent\n\nBe kind.\n\n### ACCEPTANCE CRITERIA"),
        },
        "",
    ),
    "numbered": (
        {SPEC_PATH: SPEC.replace("AC-2", "AC-9").replace("AC-1", "AC-2") + LOOKS.replace("AC-3", "AC-1")},
        "the base has it as AC-1",
    ),
    "renamed": ({SPEC_PATH: None, "specs/people/hello.md": SPEC + LOOKS}, f"the base has it as {SPEC_PATH}#AC-1"),
    "parted": (
        {SPEC_PATH: SPEC[:SPLIT] + LOOKS, "specs/0002-nobody.md": SECOND + SPEC[SPLIT:]},
        f"the base has it as {SPEC_PATH}#AC-2",
    ),
}


def costs_nothing(stage: Stage, name: str) -> None:
    files, why = OTHERWISE[name]
    pull = stage.open(None, files=files, branch=name)
    stage.settled(pull)
    assert stage.acceptance(pull) == "success", stage.title(pull)
    assert stage.title(pull) == "4 of 4 criteria kept"
    assert why in stage.status(pull).replace("\\", "")
    assert asked(stage) == []


def test_a_typing_mistake_and_another_number_cost_nothing():
    with Stage(never, base=MERGED) as stage, stage.worker():
        for name in ("mended", "numbered"):
            costs_nothing(stage, name)


@pytest.mark.soak
def test_a_refactoring_that_was_merged_asks_for_nothing_when_its_spec_gets_another_name():
    keeps = SPEC.replace("sh verify", "sh keep") + "\n## Tasks\n\n- [ ] **T-1** Tidy up (proves: AC-1, AC-2)\n"
    with Stage(never, base={**BASE, SPEC_PATH: keeps, "greet.py": GOOD}) as stage, stage.worker():
        pull = stage.open(None, files={SPEC_PATH: None, "specs/0002-tidy.md": keeps})
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria kept"
        assert asked(stage) == []


@pytest.mark.soak
def test_nor_does_another_place_or_another_look():
    with Stage(never, base=MERGED) as stage, stage.worker():
        for name in OTHERWISE.keys() - {"mended", "numbered"}:
            costs_nothing(stage, name)
