"""The planner: told what it needs, it hands in a plan that fits its schema, and goes on with it when faults are named."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.agents.outcome import AgentStatus
from bot.agents.roles.planner import PlannerBriefing, draft, planner, planner_opening, replan_message
from bot.agents.roles.role import Continuation
from bot.agents.tools.finish_plan import FINISH_PLAN, PLAN_DRAFT
from bot.agents.tools.tool import Misused, Understood, read_call
from bot.core.chat import ToolCall
from bot.core.plans.checks import PlanFault, PlanFaultCode
from bot.core.plans.draft import PlanDraft, Size
from bot.core.plans.model import Interface, Task
from bot.core.visible import visible
from bot.ids import AgentKey, CriterionName, TaskId
from tests.agents.injections import INJECTIONS, ORDERS
from tests.agents.scene import Scene
from tests.agents.test_prompts import BRIEFING, CRITERION, HERE, SPEC, _outside_of_material
from tests.support.scripted_model import Answer, call

GOLDEN = Path(__file__).parent / "golden" / "plan_draft.v1.json"

TOLD = PlannerBriefing(
    specs=(SPEC,),
    criteria=(CRITERION,),
    scope=("src/**",),
    protected=(".github/**",),
    paths=BRIEFING.paths,
    at_once=4,
    own_tasks=("T-1 and T-2 both own `src/a.py`.",),
    agents_md=b"Use tabs.",
)
ONE = {"id": "T-1", "title": "Cut\n text", "instructions": "Add cut().", "owns": ["/ws/src/a.py", "src/a.py", " "],
       "proves": ["AC-1"], "interfaces": ["cut"], "size": "large"}  # fmt: skip
TWO = {"id": "T-2", "title": "Tell it", "instructions": "Say so.", "owns": ["README.md"], "after": ["T-1"]}
PLAN = {
    "summary": "Two parts.",
    "tasks": [ONE, TWO],
    "interfaces": [{"name": "cut", "text": "def cut(text): ..."}],
    "risks": ["It may\u202e rain."],
}
DRAFT = PlanDraft(
    (
        Task(TaskId("T-1"), "Cut text", "Add cut().", ("src/a.py",), (CriterionName("AC-1"),), (), ("cut",)),
        Task(TaskId("T-2"), "Tell it", "Say so.", ("README.md",), (), (TaskId("T-1"),)),
    ),
    (Size.LARGE, Size.MEDIUM),
    (Interface("cut", "def cut(text): ..."),),
    ("It may rain.",),
)
FAULT = PlanFault(PlanFaultCode.UNCOVERED, (), "No task proves specs/a.md#AC-2.")


def read(**changes: object) -> Understood | Misused:
    return read_call([FINISH_PLAN], ToolCall("1", "finish", json.dumps({**PLAN, **changes})))


def test_a_plan_is_handed_in_as_a_draft() -> None:
    found = read()
    assert isinstance(found, Understood)
    handed = FINISH_PLAN.hand_in(found.arguments)
    assert (handed.summary, PLAN_DRAFT.decode(handed.value)) == ("Two parts.", DRAFT)


def test_a_stored_draft_is_read_for_ever() -> None:
    assert PLAN_DRAFT.decode(GOLDEN.read_text()) == DRAFT


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tasks": []}, "tasks"),
        ({"tasks": [{**ONE, "id": "../x"}]}, "tasks.0.id"),
        ({"tasks": [{**ONE, "owns": ["x"] * 21}]}, "tasks.0.owns"),
        ({"tasks": [{**ONE, "size": "huge"}]}, "tasks.0.size"),
        ({"tasks": [{**ONE, "file": "x"}]}, "tasks.0.file"),
        ({"tasks": [ONE] * 13}, "tasks"),
        ({"interfaces": [{"name": "", "text": "x"}]}, "interfaces.0.name"),
    ],
)
def test_what_does_not_fit_the_schema_is_named(changes: dict[str, object], words: str) -> None:
    found = read(**changes)
    assert isinstance(found, Misused)
    assert words in found.words


def test_it_is_told_the_spec_the_criteria_and_the_code_with_the_task_last() -> None:
    text = planner_opening(TOLD).briefing
    parts = ["Use tabs.", "BEGIN spec specs/a.md", "BEGIN criterion specs/a.md#AC-1", "src/**", "`.github/**`", "both own", "src/: a.py", "At most 4"]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    bare = planner_opening(replace(TOLD, scope=(), own_tasks=(), agents_md=None)).briefing
    assert "Anywhere in the checkout" in bare
    assert "author's own tasks" not in bare
    assert "AGENTS.md" not in bare


@pytest.mark.parametrize("hostile", [text for _, text in INJECTIONS], ids=[name for name, _ in INJECTIONS])
def test_hostile_text_stays_between_its_lines(hostile: str) -> None:
    briefing = replace(
        TOLD,
        agents_md=hostile.encode(),
        specs=(replace(SPEC, text=hostile, path=f"specs/{hostile}.md"[:60]),),
        criteria=(replace(CRITERION, text=hostile, position=HERE),),
        scope=(hostile,),
        paths=(hostile,),
        own_tasks=(hostile,),
    )
    for text in (planner_opening(briefing).briefing, replan_message([replace(FAULT, sentence=hostile)] * 30)):
        assert visible(text) == text
        outside = _outside_of_material(text)
        assert hostile not in outside
        assert not any(order in outside for order in ORDERS)


def test_it_can_only_look() -> None:
    assert not planner().writes
    assert [tool.name for tool in planner().tools] == ["list", "search", "read", "finish", "blocked"]
    assert len(planner().system.encode()) <= 4096
    assert not re.search(r"[{}]", planner().system)


def test_a_faulty_plan_is_mended_in_the_same_conversation(tmp_path: Path) -> None:
    first, second = AgentKey("run-1-2-abc-1/planner/plan/1"), AgentKey("run-1-2-abc-1/planner/plan/2")
    answers = [
        Answer(calls=[("list", {}), ("search", {"expression": "two"}), ("read", {"path": "a.py"})]),
        call("finish", **PLAN),
        call("finish", **{**PLAN, "tasks": [ONE]}),
    ]
    with Scene(tmp_path, lambda seen: answers[seen.turn - 1], role=planner()) as scene:
        outcome = scene.work(planner_opening(TOLD), first)
        assert (outcome.status, draft(outcome)) == (AgentStatus.FINISHED, DRAFT)
        assert scene.results(first)[:2] == ["./: a.py\ndocs/: readme.md", "a.py:2:two = 2"]
        again = scene.work(Continuation(first, replan_message([FAULT])), second)
        mended = draft(again)
        assert mended is not None
        assert mended.tasks == DRAFT.tasks[:1]
        assert "No task proves specs/a.md#AC-2." in scene.messages(second)[-3].text
        assert scene.model.prefix_faults() == []


def test_a_spec_that_cannot_be_planned_is_given_back(tmp_path: Path) -> None:
    with Scene(tmp_path, lambda seen: call("blocked", reason="AC-1 contradicts AC-2."), role=planner()) as scene:
        outcome = scene.work(planner_opening(TOLD), AgentKey("run-1-2-abc-1/planner/plan/1"))
    assert (outcome.status, outcome.reason, draft(outcome)) == (AgentStatus.BLOCKED, "AC-1 contradicts AC-2.", None)
