"""The estimate of a run, from the repository's own past."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.core.chat import Message, Speaker, Usage
from bot.core.plans.model import Plan, Task
from bot.core.runs import RunState, Stage
from bot.ids import CriterionName, RepoId, RunId, TaskId, agent_key
from bot.workflows.estimating import estimate_of
from bot.workflows.notes import keep
from tests.adapters.store.values import REPO, A, reply, run
from tests.workflows.rooms import START, Bare


def plan(criteria: int) -> Plan:
    names = tuple(CriterionName(f"a.md#AC-{n}") for n in range(criteria))
    return Plan((Task(TaskId("T-1"), "", "", (), names),))


def a_past_run(bare: Bare, number: int, tokens: int, repo: int = 1) -> None:
    name = RunId(f"run-{repo}-{number}")
    made = replace(
        run(A, number, f"b{number}"), run_id=name, repo=replace(REPO, repo_id=RepoId(repo)), created_at=START
    )
    bare.store.create_run(made)
    keep(bare.house, name, plan(2))
    said = replace(reply(cost=0.5), usage=Usage(tokens, 0, 0))
    bare.store.append(agent_key(name, "implementer", "T-1", 1), [Message(Speaker.ASSISTANT, "x")], reply=said)
    bare.clock.moment = START + timedelta(minutes=number)
    bare.store.update_run(name, state=RunState.DONE, stage=Stage.ENDED)


def test_the_repositorys_own_runs_are_scaled_to_the_plan(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    for number in (1, 2, 3):
        a_past_run(bare, number, tokens=10_000 * number)
        a_past_run(bare, 10 + number, tokens=9_000_000, repo=2)
    bare.clock.moment = START
    mine = bare.store.create_run(replace(run(A, 9, "mine"), repo=replace(REPO, repo_id=RepoId(1))))
    assert estimate_of(bare.house, mine, plan(4)) == (
        "Probably $1.00 to $1.00, 30k to 50k tokens, 3 to 5 minutes: half of the last 3 runs here took that for as many criteria."
    )
    assert estimate_of(bare.house, mine, None) == ""
    assert estimate_of(bare.house, replace(mine, state=RunState.DONE), plan(4)) == ""
    bare.store.close()
