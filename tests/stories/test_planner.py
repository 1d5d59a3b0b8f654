"""The planner: asked where a team may pay, its plan shown before code is written, checked by code, mended once, and then a person is asked."""

import json
import re
from typing import Any

import pytest

from bot.core.plans.model import Plan, PlanSource
from bot.core.runs import RunState
from bot.workflows.notes import need
from tests.stories.moments import asked, first_time, role
from tests.support.scripted_model import Answer, Script, Seen, call
from tests.support.stage import Stage

PARTS = ("one", "two", "three")
SPEC = """\
---
title: Three parts
status: ready
scope: ["*.py"]
---

# Three parts

## Acceptance criteria

""" + "\n".join(
    f'- **AC-{n}** There is {part}.\n\n  ```sh verify\n  python3 -c "import {part}; assert {part}.VALUE == 1"\n  ```\n'
    for n, part in enumerate(PARTS, start=1)
)
PATH = "specs/0001-parts.md"


def task(number: int, owns: str, **more: Any) -> dict[str, Any]:
    part = PARTS[number - 1]
    return {"id": f"T-{number}", "title": f"Make {part}", "instructions": f"Write {part}.py.", "owns": [owns],
            "proves": [f"AC-{number}"], **more}  # fmt: skip


GOOD = [task(1, "one.py"), task(2, "two.py"), task(3, "three.py")]
BAD = [task(1, "one.py"), task(2, "one.py"), task(3, "three.py", proves=[])]


def plans(*drafts: list[dict[str, Any]], rest: Script | None = None) -> Script:
    """A planner that looks around once and then hands in these plans one after the other; the rest of the work as `rest` does it."""
    left = list(drafts)

    def script(seen: Seen) -> Answer:
        if role(seen) != "planner":
            assert rest is not None, f"nobody else was to be asked: {seen.label}"
            answer = rest(seen)
            assert isinstance(answer, Answer)
            return answer
        if seen.turn == 1:
            return Answer(calls=[("list", {}), ("search", {"expression": "def greet"}), ("read", {"path": "greet.py"})])
        return call("finish", summary="As told.", tasks=left.pop(0), interfaces=[{"name": "parts", "text": "modules"}])

    return script


def writing(seen: Seen) -> Answer:
    """An implementer that makes the module of its task, and a reviewer without remarks."""
    if role(seen) == "reviewer":
        return call("finish", summary="Fine.", findings=[])
    if seen.body["messages"][-1]["role"] != "user":
        return call("finish", summary="Done.")
    part = next(re.finditer(r"Write (\w+)\.py", seen.body["messages"][-1]["content"][::1]))
    return call("create", path=f"{part[1]}.py", content="VALUE = 1\n", overwrite=True)


def told_of(stage: Stage, label: str) -> str:
    """What the last message said when this turn was asked."""
    seen = next(seen for seen in stage.model.requests if seen.label == label)
    return str(seen.body["messages"][-1]["content"])


def opened(stage: Stage) -> Any:
    return stage.open(None, {PATH: SPEC})


@pytest.mark.soak
def test_a_plan_is_made_and_shown_before_code_is_written():
    shown: list[str] = []
    script = first_time("implementer", lambda: shown.append(stage.status(pull)), plans(GOOD, rest=writing))
    with Stage(script) as stage, stage.worker():
        pull = opened(stage)
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        plan = need(stage.house, run.run_id, Plan)
        assert (plan.source, [t.owns for t in plan.tasks]) == (
            PlanSource.PLANNER,
            [("one.py",), ("two.py",), ("three.py",)],
        )
        assert "```mermaid\nflowchart LR\n" in shown[0]
        assert "- [ ] **T-2** Make two (AC-2)" in shown[0]
        assert asked(stage)[:2] == ["planner/plan/1", "planner/plan/2"]
        looked = [m["content"] for m in stage.model.requests[1].body["messages"] if m["role"] == "tool"]
        assert "greet.py" in looked[0]
        assert looked[1] == "greet.py:1:def greet(name):"
        assert stage.acceptance(pull) == "success"


@pytest.mark.soak
def test_a_faulty_plan_is_mended_once_and_a_later_run_of_the_same_takes_it_over():
    def blocked(seen: Seen) -> Answer:
        return call("blocked", reason="I am not allowed to think.")

    with Stage(plans(BAD, GOOD, rest=blocked)) as stage, stage.worker():
        pull = opened(stage)
        stage.settled(pull)
        assert [label for label in asked(stage) if label.startswith("planner")] == [
            f"planner/plan/{n}" for n in (1, 2, 3)
        ]
        faults = told_of(stage, "planner/plan/3")
        assert "T-1 and T-2 may run at the same time and both own `one.py`" in faults
        assert "No task proves specs/0001-parts.md#AC-3." in faults
        (run,) = stage.runs_at(pull)
        assert len(need(stage.house, run.run_id, Plan).tasks) == 3
        assert json.loads(next(data for _, _, kind, data in stage.store.events(run.run_id) if kind == "plan.faults"))
        before = len(asked(stage))
        stage.say(pull, "/specbot retry")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the second run")
        stage.settled(pull)
        assert not any(label.startswith("planner") for label in asked(stage)[before:]), "the plan is paid for"
        first, second = (need(stage.house, run.run_id, Plan) for run in stage.runs_at(pull))
        assert first == second


def test_a_plan_that_stays_faulty_is_a_persons_to_mend():
    with Stage(plans(BAD, BAD)) as stage, stage.worker():
        pull = opened(stage)
        stage.settled(pull)
        (run,) = stage.runs_at(pull)
        assert run.state is RunState.WAITING
        assert stage.acceptance(pull) == "action_required"
        told = stage.status(pull)
        assert "T-1 and T-2 may run at the same time and both own `one.py`" in told
        assert "write tasks with `owns`, `proves` and `after` into the spec" in told.lower()
        assert [label.split("/")[0] for label in asked(stage)] == ["planner"] * 3


@pytest.mark.soak
def test_a_planner_that_comes_to_no_end_leaves_the_work_to_one_agent():
    def script(seen: Seen) -> Answer:
        if role(seen) == "planner":
            return Answer("I think that is a lot of work.")
        if role(seen) == "reviewer":
            return call("finish", summary="Fine.", findings=[])
        if seen.turn > 1:
            return call("finish", summary="Done.")
        return Answer(calls=[("create", {"path": f"{part}.py", "content": "VALUE = 1\n"}) for part in PARTS])

    with Stage(script) as stage, stage.worker():
        pull = opened(stage)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert "The planner did not come to an end (3 answers in a row called no tool)" in stage.status(pull)
        assert "implementer/T-1/1" in asked(stage)


@pytest.mark.soak
def test_a_planner_that_misses_something_asks_a_person():
    with Stage(lambda seen: call("blocked", reason="Nobody says what a part is.")) as stage, stage.worker():
        pull = opened(stage)
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert "Nobody says what a part is." in stage.status(pull)
        assert asked(stage) == ["planner/plan/1"]
