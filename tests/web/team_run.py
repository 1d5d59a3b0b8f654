"""A made-up run of a team: six tasks side by side and one that joins them, as it works and as it is done.

`python -m tests.web.team_run FOLDER` serves it on loopback, for looking at the pages: one run that works and one that is done.
"""

import json
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from werkzeug.serving import make_server

from bot.adapters.clock import SystemClock
from bot.adapters.store import SqlStore, migrate
from bot.core.chat import Message, ModelReply, Speaker, Usage
from bot.core.codec import encode
from bot.core.plans.model import Interface, Plan, PlanSource, Task
from bot.core.plans.progress import Progress, TaskState, first_round
from bot.core.proofs.model import CriterionVerdict, Executed, Shown, StoppedBy, Verdict, Verification
from bot.core.pulls import Person, RepoRef, Secret
from bot.core.runs import Budget, Run, RunState, Stage
from bot.core.specs.model import Position, ProofKind
from bot.core.terms import KIND, Terms
from bot.ids import (
    AgentKey,
    CriterionId,
    Digest,
    InstallationId,
    PrNumber,
    RepoId,
    RunId,
    Sha,
    TaskId,
    TreeSha,
    UserId,
    agent_key,
    criterion_name,
    run_id,
)
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app

REPO = RepoRef(InstallationId(5), RepoId(4_000_000_042), "ada", "openhours")
HEAD = Sha("a1" * 20)
SPEC = "specs/0002-formats.md"
TITLES = (
    "Read hours from JSON",
    "Read hours from CSV",
    "Write hours as iCalendar",
    "Holidays that close the shop",
    "Answer when it opens next",
    "Ask in the zone of the visitor",
    "One command line for all of it, with help",
)


def plan() -> Plan:
    names = [TaskId(f"T-{number}") for number in range(1, 8)]
    tasks = [
        Task(
            name,
            title,
            f"Do it: {title}",
            (f"openhours/part{place}.py", f"tests/test_part{place}.py"),
            (criterion_name(SPEC, CriterionId(f"AC-{place}")),),
            tuple(names[:6]) if place == 7 else (TaskId("T-1"),) if place == 5 else (),
            ("Hours",),
        )
        for place, (name, title) in enumerate(zip(names, TITLES, strict=True), start=1)
    ]
    interface = Interface("Hours", "class Hours:\n    def at(self, moment: datetime) -> bool: ...")
    return Plan(
        tuple(tasks), ("six tasks own different files", "T-7 uses what they make"), PlanSource.SPEC, (interface,)
    )


def made_run(number: int) -> Run:
    now = SystemClock().now()
    pr = PrNumber(number)
    return Run(
        run_id=run_id(REPO.repo_id, pr, HEAD, 1),
        repo=REPO,
        number=pr,
        start_head=HEAD,
        attempt=1,
        head_repo_id=REPO.repo_id,
        head_ref=f"formats-{number}",
        base_ref="main",
        state=RunState.WORKING,
        stage=Stage.IMPLEMENT,
        reason="",
        requester=Person(UserId(11), "ada"),
        created_at=now - timedelta(seconds=194),
    )


def progress(done: bool) -> Progress:
    made = first_round(plan(), HEAD, TreeSha("b2" * 20))
    states = {
        "T-1": TaskState.MERGED,
        "T-2": TaskState.HANDED_IN,
        "T-3": TaskState.WORKING,
        "T-4": TaskState.BLOCKED,
        "T-5": TaskState.WORKING,
        "T-6": TaskState.FAILED,
        "T-7": TaskState.HELD,
    }
    for name, state in states.items():
        reason = {
            TaskState.BLOCKED: "the list of holidays is not in the repository, and the spec names none",
            TaskState.FAILED: "it went in circles: bash with the same arguments and the same result, again and again",
            TaskState.HELD: "it waits for T-4",
        }.get(state, "")
        changes = {"state": state, "attempt": 0 if state is TaskState.HELD else 1, "reason": reason}
        if done:
            changes = {"state": TaskState.MERGED, "attempt": 2 if name == "T-6" else 1, "reason": ""}
        made = made.with_task(TaskId(name), **changes)
    return made


def turn(store: SqlStore, agent: AgentKey, number: int, text: str, calls: dict[str, str], result: str) -> None:
    """One turn as the loop leaves it: a model call in the journal, a turn and a tool in the log."""
    usage = Usage(8_000 + 900 * number, 7_000 + 800 * (number - 1), 240)
    reply = ModelReply(text, (), "tool_calls", usage, 0.0123, 2.5, "recorded-honest")
    store.append(agent, [Message(Speaker.ASSISTANT, text)], reply=reply)
    run = RunId(agent.split("/", 1)[0])
    called = [{"name": name, "arguments": arguments} for name, arguments in calls.items()]
    said = {"turn": number, "text": text, "calls": called, "tokens": usage.total, "cached": usage.cached, "usd": 0.0123}
    store.emit(run, "agent.turn", json.dumps({"agent": agent, **said}))
    for name in calls:
        told = {"turn": number, "name": name, "result": result, "changed": name == "create"}
        store.emit(run, "agent.tool", json.dumps({"agent": agent, **told}))


def verification(done: bool) -> Verification:
    verdicts = []
    for place in range(1, 8):
        holds = done or place == 1
        output = (
            "2 passed in 0.04s\n" if holds else "E   ModuleNotFoundError: No module named 'openhours.part2'\n1 failed\n"
        )
        executed = Executed(
            Digest("e" * 64), 0 if holds else 1, StoppedBy.NOTHING, output, Digest("d" * 64), 0.61, python_started=1
        )
        before = replace(
            executed, exit_code=1, output="E   ModuleNotFoundError: No module named 'openhours.part1'\n1 failed\n"
        )
        verdicts.append(
            CriterionVerdict(
                name=criterion_name(SPEC, CriterionId(f"AC-{place}")),
                text=f"WHEN somebody asks THEN the answer of part {place} is right.",
                kind=ProofKind.CHANGE,
                position=Position(SPEC, 12 + place),
                criterion_digest=Digest("c" * 64),
                verdict=Verdict.PROVEN if holds else Verdict.FAILED,
                reasons=("before: exit status 1", "after: 2 tests pass" if holds else "after: exit status 1"),
                shown=(Shown(f"python -m pytest -q tests/test_part{place}.py", before, executed, before),),
                way_out="" if holds else "push what is missing, or `/specbot retry`",
            )
        )
    return Verification(TreeSha("a" * 40), TreeSha("b" * 40), Digest("e" * 64), tuple(verdicts))


def fill(store: SqlStore, number: int, *, done: bool) -> RunId:
    """The run in the store, with everything that its page shows."""
    run = store.create_run(made_run(number))
    name = run.run_id
    store.keep_note(name, KIND, encode(Terms(Budget(2.0, 600_000, 30, 120), "Runs like this one cost $0.35 to $0.60.")))
    for step in ("announce", "prove the head", "plan"):
        store.emit(name, "step.started", step)
        store.emit(name, "step.finished", step)
    store.keep_note(name, "plan", encode(plan()))
    store.emit(name, "step.started", "implement")
    for place in range(1, 8 if done else 7):
        task = f"T-{place}"
        store.emit(name, "task", json.dumps({"task": task, "state": "working", "attempt": 1, "reason": ""}))
        agent = agent_key(name, "implementer", task, 1)
        turn(
            store,
            agent,
            1,
            "",
            {"read": '{"path": "openhours/reading.py"}'},
            "     1\tfrom datetime import time\n     2\t\n     3\tclass Hours:\n",
        )
        content = json.dumps(
            {"path": f"openhours/part{place}.py", "content": '"""A part."""\n\n\ndef answer() -> int:\n    return 42\n'}
        )
        turn(
            store,
            agent,
            2,
            "The module is missing, so I write it.",
            {"create": content},
            f"created openhours/part{place}.py",
        )
        turn(
            store,
            agent,
            3,
            "",
            {"bash": json.dumps({"command": f"python -m pytest -q tests/test_part{place}.py"})},
            "..\n2 passed in 0.04s\n",
        )
    if not done:
        store.emit(name, "pause", "a rate limit: the model's provider asks for a pause of 4 s")
        store.emit(
            name, "task", json.dumps({"task": "T-4", "state": "blocked", "attempt": 1, "reason": "no list of holidays"})
        )
    for place in range(1, 8 if done else 2):
        agent = agent_key(name, "implementer", f"T-{place}", 1)
        store.emit(name, "agent.agent", json.dumps({"agent": agent, "status": "finished", "turns": 3, "reason": ""}))
        store.emit(name, "task", json.dumps({"task": f"T-{place}", "state": "merged", "attempt": 1, "reason": ""}))
    store.keep_note(name, "progress", encode(progress(done)))
    store.keep_note(name, "verification", encode(verification(done)))
    store.append_ledger(REPO.repo_id, run.number, f"{name}/proof", '{"kind":"proof","v":1}')
    if done:
        turn(store, agent_key(name, "reviewer", "-", 1), 1, "It looks right.", {"finish": "{}"}, "handed in")
        verdicts = [{"name": v.name, "verdict": v.verdict.value} for v in verification(True).verdicts]
        store.emit(name, "verdicts", json.dumps({"what": "the candidate", "done": 7, "verdicts": verdicts}))
        store.emit(name, "published", "c" * 40)
        store.update_run(name, candidate=Sha("c" * 40), published=True)
        store.update_run(name, state=RunState.DONE, stage=Stage.ENDED, reason="everything is proven")
        store.emit(name, "ended", "done")
    return name


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    url = f"sqlite:///{folder}/team.db"
    migrate(url)
    store = SqlStore(url)
    names = [fill(store, 12, done=False), fill(store, 13, done=True)]
    door = Door(1, [Secret("x")], open_pages=True, github_url="https://github.com")
    app = create_app(store, door, clock=SystemClock(), metrics=WebMetrics(), runs=store)
    server = make_server("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0, app, threaded=True)
    for name in names:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}/runs/{name}\n")
        sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
