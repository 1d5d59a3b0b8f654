"""The plan in the sticky comment, and its picture: one screen, and whatever a title says it is only shown."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feedback.model import Feedback, Place, Point, Said, Voice
from bot.core.feedback.work import answering_plan
from bot.core.plans.model import Interface, Plan, PlanSource, Task
from bot.core.plans.progress import Progress, TaskState, first_round
from bot.core.runs import RunState, Stage
from bot.ids import CriterionName, Sha, TaskId, TreeSha
from bot.reporting.comment import sticky_comment
from bot.reporting.happenings import agent_name
from bot.reporting.picture import picture
from bot.reporting.plan import plan_section
from bot.reporting.words import task_is
from tests.reporting.reports import FAILED, KEPT, PROVEN, REDACTOR, SPEC, report, run, verification
from tests.reporting.snapshot import assert_snapshot


def task(name: str, title: str, owns: str, proves: int | None, *after: str, uses: tuple[str, ...] = ()) -> Task:
    names = (CriterionName(f"{SPEC}#AC-{proves}"),) if proves else ()
    return Task(TaskId(name), title, "…", tuple(owns.split()), names, tuple(map(TaskId, after)), uses)


PLAN = Plan(
    (
        task("T-1", "Read spans that end on the following day", "openhours/spans.py openhours/reading.py", 1),
        task("T-2", "Answer questions about the night", "openhours/schedule.py", 2, uses=("Span.overnight",)),
        task("T-3", "Write them back in the short form", "openhours/writing.py", None, uses=("Span.overnight",)),
        task("T-4", "Say in the README how a night is written", "/README.md", 3, "T-1", "T-2", "T-3"),
    ),
    ("4 tasks for a team of agents; the longest chain is T-1 → T-4.", "Risk: Sunday's nights run into Monday."),
    PlanSource.PLANNER,
    (Interface("Span.overnight", "overnight: bool\n\n@property, true when the end lies on the following day"),),
)


def progress(*states: TaskState) -> Progress:
    made = first_round(PLAN, Sha("a1" * 20), TreeSha("7e" * 20))
    for one, state in zip(PLAN.tasks, states, strict=True):
        made = made.with_task(one.task_id, state=state, attempt=1)
    return made


def test_the_plan_is_shown_before_code_is_written() -> None:
    about = report(
        run(RunState.WORKING, Stage.IMPLEMENT),
        verification(FAILED, KEPT),
        plan=PLAN,
        estimate="Runs like this one have cost $0.40 to $1.10.",
    )
    assert_snapshot("comment-team-planned", sticky_comment(about, REDACTOR))


def test_each_task_says_where_it_stands() -> None:
    at = progress(TaskState.MERGED, TaskState.BLOCKED, TaskState.WORKING, TaskState.HELD)
    at = at.with_task(TaskId("T-1"), commit=Sha("c2" * 20), reused="run-42-3-a1a1a1a1a1a1-1", fixed=True)
    at = at.with_task(TaskId("T-2"), reason="AC-2 and AC-3 contradict each other")
    at = at.with_task(TaskId("T-3"), attempt=2)
    at = at.with_task(TaskId("T-4"), reason="it waits for T-2")
    about = report(run(RunState.WORKING, Stage.IMPLEMENT), verification(PROVEN, FAILED, KEPT), plan=PLAN, progress=at)
    assert_snapshot("comment-team-working", sticky_comment(about, REDACTOR))


def test_what_was_tried_and_the_tasks_are_two_lists() -> None:
    alone = replace(PLAN, tasks=PLAN.tasks[:1], interfaces=(), reasons=())
    at = first_round(alone, Sha("a1" * 20), TreeSha("7e" * 20))
    at = at.with_task(TaskId("T-1"), state=TaskState.FAILED, attempt=2, reason="AC-1 does not hold")
    about = report(run(RunState.FAILED, Stage.ENDED), verification(FAILED), plan=alone, progress=at)
    said = sticky_comment(about, REDACTOR)
    first, _, second = said.partition("\n\n**The plan**\n\n")
    assert first.splitlines()[-1].startswith("- **T-1**: one agent, and again")
    assert second.startswith("- [ ] **T-1**")


def test_the_graph_is_folded_when_the_run_has_ended() -> None:
    about = report(run(RunState.FAILED), verification(PROVEN, FAILED, KEPT), plan=PLAN)
    assert "<details>\n<summary>The graph</summary>" in sticky_comment(about, REDACTOR)


def test_the_largest_plan_keeps_to_its_screen() -> None:
    tasks = tuple(task(f"T-{n}", "t" * 500, f"src/{n}/** " * 30, 1, uses=("i" * 90,) * 9) for n in range(1, 13))
    plan = Plan(tasks, ("r" * 9_000,), PlanSource.PLANNER, tuple(Interface(f"i{n}", "x" * 9_000) for n in range(12)))
    body = sticky_comment(report(run(RunState.WORKING, Stage.IMPLEMENT), verification(FAILED), plan=plan), REDACTOR)
    assert len(body.encode()) <= 60_000
    assert body.count("<details") == body.count("</details>")
    seen = re.sub(r"<details.*?</details>", "", body, flags=re.DOTALL)
    assert seen.count("\n- [ ] **T-") == 12
    assert "classDef" not in picture(plan)


def test_one_agent_has_no_picture() -> None:
    assert picture(Plan(PLAN.tasks[:1])) == ""
    assert picture(Plan(())) == ""


HOSTILE = [
    'x"]; click n0 "javascript:alert(1)"',
    "```\n/approve",
    "end",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "<img src=x onerror=alert(1)>",
    "a --> b",
    "@everyone #1 https://evil.example",
    "1. a list",
    "- a list",
    "`code` **bold** _it_ $x$",
    "#quot;]",
]
NODE = re.compile(r'  n\d+\["([^"\[\]{}<>`\\|;@]|#\d+;|<br/>)*"\]')


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_a_label_and_nothing_else(title: str) -> None:
    assert_inert(title)


@given(st.text(max_size=60))
def test_any_title_is_a_label_and_nothing_else(title: str) -> None:
    assert_inert(title)


def assert_inert(title: str) -> None:
    tasks = tuple(replace(one, title=title, task_id=TaskId(f"T-{n}"), after=()) for n, one in enumerate(PLAN.tasks))
    lines = picture(replace(PLAN, tasks=tasks)).split("\n")
    assert lines[:2] == ["```mermaid", "flowchart LR"]
    assert lines[-1] == "```"
    assert len(lines) == 3 + len(tasks)
    for line in lines[2:-1]:
        assert NODE.fullmatch(line), line
        assert not re.search(r"<br/>(\d+\.|[-+*] )", line), "no line of a label begins a list"


def test_answering_people_is_said_in_words_and_with_no_box() -> None:
    said = (Said(Voice.ASKS, "ada", "Why?"),)
    points = tuple(Point(f"P-{number}", Place.THREAD, number, said) for number in (1, 2, 3))
    told = plan_section(report(run(RunState.WORKING), plan=answering_plan((), Feedback(points))), live=True)
    assert "what people have asked for as a whole (3 points)" in told
    assert "REVIEW" not in told
    assert "[ ]" not in told
    assert agent_name("run-1/responder/REVIEW/2") == "responder, try 2"
    assert task_is("REVIEW") == "the answers are"
    assert task_is("T-1") == "T-1 is"
