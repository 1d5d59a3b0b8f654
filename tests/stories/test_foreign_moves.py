"""Folders of other tools that move, as their tools move them: nothing is demanded anew, and nothing is lost on the way."""

import pytest

from tests.stories.moments import asked
from tests.stories.test_foreign_formats import KIRO, OPENSPEC, SPECKIT
from tests.support.stage import BASE, GOOD, Stage, never

CHANGE, LIVING = "openspec/changes/greet", "openspec/specs/greeting/spec.md"
DELTA = OPENSPEC[f"{CHANGE}/specs/greeting/spec.md"]
CARRIED = "# greeting Specification\n\n## Purpose\n\nGreetings.\n\n" + DELTA.replace("## ADDED Req", "## Req")
KEEPING = {f"{CHANGE}/proposal.md": OPENSPEC[f"{CHANGE}/proposal.md"].replace("---\n\n", "keep: [python3 -V]\n---\n\n")}


def moved(files: dict[str, str], old: str, new: str) -> dict[str, str | None]:
    return {**dict.fromkeys(files), **{path.replace(old, new): text for path, text in files.items()}}


ARCHIVED = {**moved(OPENSPEC, CHANGE, "openspec/changes/archive/2026-11-29-greet"), LIVING: CARRIED}
MOVES = [
    pytest.param(SPECKIT, moved(SPECKIT, "001-greet", "002-hello"), id="spec-kit"),
    pytest.param(KIRO, moved(KIRO, "specs/greet", "specs/hello"), id="kiro"),
    pytest.param(OPENSPEC, moved(OPENSPEC, "changes/greet", "changes/hello"), id="openspec"),
    pytest.param({**OPENSPEC, **KEEPING}, {**ARCHIVED, "greet.py": f"{GOOD}\n# kind\n"}, id="openspec, archived"),
]


@pytest.mark.soak
@pytest.mark.parametrize(("base", "files"), MOVES)
def test_a_folder_that_moves_demands_nothing_new(base, files):
    with Stage(never, base={**BASE, **base, "greet.py": GOOD}) as stage, stage.worker():
        pull = stage.open(None, files=files)
        stage.settled(pull)
        assert stage.title(pull) == "2 of 2 criteria kept"
        assert stage.acceptance(pull) == "success"
        assert asked(stage) == []


@pytest.mark.soak
def test_a_scenario_that_is_left_behind_when_its_change_is_archived_needs_a_person():
    partly = CARRIED[: CARRIED.index("#### Scenario: Nobody")]
    with Stage(never, base={**BASE, **OPENSPEC, "greet.py": GOOD}) as stage, stage.worker():
        pull = stage.open(None, files={**ARCHIVED, LIVING: partly})
        stage.settled(pull)
        assert stage.title(pull).startswith("greet#greeting/greetings/nobody-in-particular waits for a person; 1 of 2")
