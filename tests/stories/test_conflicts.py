"""Two tasks that collide in spite of ownership: the fixer's result is proven, or the run says no.

No plan that passes the checks has such tasks, so the plan that waits for its approval is changed where it is stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bot.core.plans.model import Plan
from bot.core.plans.progress import Progress
from bot.hub.state.issues import Issue
from bot.ids import RunId, TaskId
from bot.workflows.notes import find, keep, need
from tests.stories.moments import asked
from tests.support.scripted_model import Answer, Fault, Script, Seen, call
from tests.support.stage import BASE, CONFIGURATION, Stage
from tests.support.team_of_four import FILES, TEAM_SPEC, task_of, team_of_four

MADE = "# made by every part\n"
WORDS = "def loud(word):\n    return word.upper()\n\n\ndef calm(word):\n    return word.lower()\n"
GENERATED = {
    **FILES,
    "T-1": {**FILES["T-1"], "parts.py": f"{MADE}parts = ['north']\n"},
    "T-2": {**FILES["T-2"], "parts.py": f"{MADE}parts = ['east']\n"},
}


@contextmanager
def collided(script: Script) -> Iterator[tuple[Stage, Issue, RunId]]:
    """The team's plan, approved, with T-1 and T-2 both owning whatever they like."""
    base = {
        **BASE,
        "words.py": WORDS,
        ".github/specbot.yml": f"{CONFIGURATION}start: on_approve\nagents: {{at_once: 2}}\n",
    }
    with Stage(script, base=base) as stage, stage.worker():
        pull = stage.open(TEAM_SPEC)
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        plan = need(stage.house, run.run_id, Plan)
        greedy = tuple(replace(t, owns=("*.py",)) if t.task_id in ("T-1", "T-2") else t for t in plan.tasks)
        keep(stage.house, run.run_id, replace(plan, tasks=greedy))
        stage.hub.press_button(stage.checks(stage.head(pull))[-1].id, "approve", "grace")
        stage.until(lambda: stage.runs_at(pull)[0].segment == 2, "the approval")
        stage.settled(pull)
        yield stage, pull, run.run_id


def fixed_tasks(stage: Stage, run: RunId) -> list[TaskId]:
    found = find(stage.house, run, Progress)
    return [task.task_id for task in found.tasks if task.fixed] if found is not None else []


@pytest.mark.soak
def test_a_generated_file_that_both_wrote_is_put_together_and_proven():
    both = f"{MADE}parts = ['north', 'east']\n"

    def script(seen: Seen) -> Answer | Fault:
        if seen.label.startswith("fixer/"):
            hands = (
                call("create", path="parts.py", content=both, overwrite=True),
                call("finish", summary="Both stand."),
            )
            return hands[seen.turn - 1]
        return team_of_four(GENERATED)(seen)

    with collided(script) as (stage, pull, run):
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), "parts.py") == both
        (fixed,) = fixed_tasks(stage, run)
        assert [label for label in asked(stage) if label.startswith("fixer/")] == [
            f"fixer/{fixed}/1",
            f"fixer/{fixed}/2",
        ]
        commits = stage._git("rev-list", f"{stage.runs_at(pull)[0].start_head}..{stage.head(pull)}").split()
        assert len(commits) == 4, "a commit for each task, the fixed one too"


@pytest.mark.soak
def test_a_rename_against_an_edit_is_the_fixers_and_what_it_breaks_is_seen_by_the_proofs():
    """T-1 moves a file and changes a line of it, T-2 changes the same line. The fixer leaves T-1's part out; T-1 gets it back in a repair."""
    moved = WORDS.replace("upper()", 'upper() + "!"')

    def script(seen: Seen) -> Answer | Fault:
        task = task_of(seen)
        if seen.label.startswith("fixer/"):
            left = (
                "rm -f words.py; printf 'def say():\\n    return \"nobody\"\\n' > north.py; cat > texts.py <<'END'\n"
                + WORDS
                + "END"
            )
            return call("bash", script=left) if seen.turn == 1 else call("finish", summary="Put together.")
        if task == "T-1" and seen.turn == 1:
            move = f"mv words.py texts.py && cat > texts.py <<'END'\n{moved}END"
            return Answer(
                calls=[
                    ("bash", {"script": move}),
                    ("create", {"path": "north.py", "content": FILES["T-1"]["north.py"]}),
                ]
            )
        if task == "T-1" and seen.turn == 3:
            return call("create", path="north.py", content=FILES["T-1"]["north.py"], overwrite=True)
        if task == "T-2" and seen.turn == 1:
            edit = {"path": "words.py", "old": "upper()", "new": "title()"}
            return Answer(calls=[("edit", edit), ("create", {"path": "east.py", "content": FILES["T-2"]["east.py"]})])
        return team_of_four()(seen)

    with collided(script) as (stage, pull, run):
        assert len(fixed_tasks(stage, run)) == 1
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), "texts.py") == WORDS
        assert stage.file(stage.head(pull), "north.py") == FILES["T-1"]["north.py"]
        assert "implementer/T-1/3" in asked(stage), "the proofs on the merged tree saw what the fixer had lost"


@pytest.mark.soak
def test_what_nobody_can_put_together_is_said_and_not_published():
    def script(seen: Seen) -> Answer | Fault:
        if seen.label.startswith("fixer/"):
            return call("finish", summary="It looks fine to me.")
        if "~" in seen.label:
            return call("finish", summary="I cannot see what is wrong.")
        return team_of_four(GENERATED)(seen)

    with collided(script) as (stage, pull, run):
        assert stage.acceptance(pull) == "failure"
        assert stage.head(pull) == stage.runs_at(pull)[0].start_head, "nothing is published"
        assert fixed_tasks(stage, run) == []
        assert "<<<<<<<" not in stage.file(stage.branches()[f"specbot/{run}.2"], "parts.py")
        assert "**What was tried**" in stage.status(pull)
