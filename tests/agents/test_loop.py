"""An agent at work, from its briefing to its outcome, with a model over real HTTP."""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.agents.allowance import LEAST_OUTPUT_TOKENS, OUTPUT_TOKENS, OwnLimits
from bot.agents.conversation import CALLS_PER_TURN, NUDGE, REMIND
from bot.agents.loop import Means, work
from bot.agents.names import cache_key
from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.reviewer import findings, reviewer
from bot.agents.roles.role import Continuation, Opening
from bot.core.chat import Message, ModelReply, Speaker
from bot.core.ports import Snapshot
from bot.core.reviews.model import ReviewFinding
from bot.core.runs import Budget
from bot.errors import BudgetSpent, ModelFault, RateLimited, Transient
from bot.ids import AgentKey
from tests.agents.scene import BUDGET, KEY, Scene
from tests.support.memory_journal import Crash
from tests.support.plain_desk import PlainSandbox, PlainSnapshots, plain_desk
from tests.support.scripted_model import Answer, Fault, Seen, call, in_order

DONE = call("finish", summary="all done")

WORKDAY = (
    Answer("Let me look.", [("read", {"path": "a.py"}), ("bash", {"script": "ls"})]),
    call("edit", path="a.py", old="two = 2", new="two = 3"),
    call("create", path="new/b.py", content="b = 1\n"),
    call("bash", script="echo three >> new/b.py; python3 -c 'import a; print(a.two)'; exit 4"),
    DONE,
)


def test_a_workday_ends_with_the_files_changed_and_the_work_handed_in(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(*WORKDAY)) as scene:
        outcome = scene.work()
    assert outcome == AgentOutcome(AgentStatus.FINISHED, "all done", "", turns=5)
    assert scene.files()["a.py"] == "one = 1\ntwo = 3\n"
    assert scene.files()["new/b.py"] == "b = 1\nthree\n"
    look, listing, edited, created, ran, handed = scene.results()
    assert look == "     1\tone = 1\n     2\ttwo = 2"
    assert listing == "exit status 0\na.py\ndocs\n"
    assert "     2\ttwo = 3" in edited
    assert created == "wrote new/b.py, 1 lines"
    assert ran == "exit status 4\n3\n"
    assert handed == "handed in"


def test_each_request_begins_with_all_of_the_one_before(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(*WORKDAY)) as scene:
        scene.work()
    assert len(scene.model.requests) == 5
    assert scene.model.prefix_faults() == []
    assert [r.label for r in scene.model.requests] == [f"implementer/T-1/{n}" for n in range(1, 6)]
    (key,) = {r.body["prompt_cache_key"] for r in scene.model.requests}
    assert key.startswith("implementer/")
    assert len(key) <= 64


def test_all_agents_of_a_role_share_a_cache_key_and_a_large_team_is_spread_over_lanes() -> None:
    lines = [f"implementer/T-{n}" for n in range(60)]
    assert len({cache_key("run-1", "implementer", line, 1) for line in lines}) == 1
    assert len({cache_key("run-1", "implementer", line, 4) for line in lines}) == 4
    assert cache_key("run-1", "implementer", lines[0], 4) == cache_key("run-1", "implementer", lines[0], 4)
    keys = {cache_key(run, role, "x", 1) for run in ("run-1", "run-2") for role in ("implementer", "fixer")}
    assert len(keys) == 4


def test_endpoint_and_effort_go_with_every_request(tmp_path: Path) -> None:
    scene = Scene(tmp_path, in_order(*WORKDAY))
    scene.more = {"effort": "high"}
    with scene:
        scene.work()
    assert [r.body.get("reasoning_effort") for r in scene.model.requests] == ["high"] * 5


@pytest.mark.parametrize(
    ("own", "words", "calls"),
    [
        (OwnLimits(turns=3), "all 3 turns that its role may take are used", 3),
        (OwnLimits(tokens=6_000), "of the 6,000 tokens that its role may use are used", None),
    ],
)
def test_an_agent_stops_at_the_limits_of_its_own_role(
    tmp_path: Path, own: OwnLimits, words: str, calls: int | None
) -> None:
    usage = {"prompt_tokens": 1_000, "completion_tokens": 100}
    scene = Scene(tmp_path, lambda seen: Answer("", [("bash", {"script": f"echo {seen.turn}"})], usage=usage))
    scene.more = {"own": own}
    with scene:
        outcome = scene.work()
        second = scene.work(key=AgentKey("run-1-2-abc-1/implementer/T-2/1"))
    assert (outcome.status, second.status) == (AgentStatus.LIMIT, AgentStatus.LIMIT)
    assert words in outcome.reason
    assert 1 <= outcome.turns <= 20
    assert calls in (None, outcome.turns)
    assert second.turns == outcome.turns  # another agent's turns are not its own


def test_the_system_prompt_is_the_role_and_the_briefing_is_said_by_the_user(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(DONE)) as scene:
        scene.work(Opening("the briefing"))
    system, user = scene.model.requests[0].body["messages"]
    assert system == {"role": "system", "content": scene.role.system}
    assert user == {"role": "user", "content": "the briefing"}
    assert [t["function"]["name"] for t in scene.model.requests[0].body["tools"]] == [
        "bash",
        "read",
        "edit",
        "create",
        "may_write",
        "finish",
        "blocked",
    ]


def test_what_was_paid_is_booked_and_what_happened_is_told(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(*WORKDAY)) as scene:
        scene.work()
    spent = scene.journal.spent()
    assert spent.calls == 5
    assert spent.usage.total == 5 * 110
    assert spent.usd == pytest.approx(5 * (60 * 1.0 + 40 * 0.1 + 10 * 5.0) / 1e6)
    assert [kind for kind, _ in scene.told] == [
        "turn",
        "tool",
        "tool",
        "turn",
        "tool",
        "turn",
        "tool",
        "turn",
        "tool",
        "turn",
        "agent",
    ]
    changed = [data["changed"] for kind, data in scene.told if kind == "tool"]
    assert changed == [False, False, True, True, True]
    assert all(json.dumps(data) for _, data in scene.told)


def test_only_changed_files_are_bundled(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(*[call("bash", script=f"echo {n}") for n in range(3)], DONE)) as scene:
        scene.work()
    assert isinstance(scene.desk.snapshots, PlainSnapshots)
    assert scene.desk.snapshots.bundled == 1  # the state at the start


def test_a_finished_agent_returns_the_same_again_without_any_call(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(DONE)) as scene:
        first = scene.work()
        assert scene.work() == first
    assert len(scene.model.requests) == 1


def test_blocked_says_why(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(call("blocked", reason="the spec contradicts itself"))) as scene:
        outcome = scene.work()
    assert outcome == AgentOutcome(AgentStatus.BLOCKED, "", "the spec contradicts itself", turns=1)


def test_the_reviewer_hands_in_findings_and_changes_nothing(tmp_path: Path) -> None:
    finding = {"path": "/ws/a.py", "line": 2, "severity": "high", "message": "two is\u202e three"}
    script = in_order(
        call("bash", script="cat a.py"), Answer("", [("finish", {"summary": "one problem", "findings": [finding]})])
    )
    with Scene(tmp_path, script, role=reviewer()) as scene:
        outcome = scene.work()
    assert findings(outcome) == (ReviewFinding("a.py", 2, "high", "two is three", kind="behaviour"),)
    assert isinstance(scene.desk.sandbox, PlainSandbox)
    assert [writable for _, writable, _ in scene.desk.sandbox.runs] == [False]
    assert [t["function"]["name"] for t in scene.model.requests[0].body["tools"]] == ["bash", "read", "finish"]
    assert scene.journal.load(KEY).snapshot is None


def test_an_outcome_without_findings_reads_as_none() -> None:
    assert findings(AgentOutcome(AgentStatus.LIMIT, "", "over", 3)) == ()


def restless(seen: Seen) -> Answer | Fault:
    if seen.turn > 50:
        return Fault(400, {"error": {"message": "no limit stopped it"}})
    usage = {"prompt_tokens": 1000 * seen.turn, "completion_tokens": 500}
    return Answer("", [("bash", {"script": f"echo {seen.turn}"})], usage=usage)


def test_the_turns_that_each_agent_may_take_end_it_cleanly(tmp_path: Path) -> None:
    with Scene(tmp_path, restless, budget=replace(BUDGET, turns=3)) as scene:
        outcome = scene.work()
        again = scene.work()
    assert outcome.status is AgentStatus.LIMIT
    assert "all 3 turns of the agent are used" in outcome.reason
    assert outcome.turns == len(scene.model.requests) == 3
    assert len(scene.results()) == outcome.turns  # the last answer's tools still ran
    assert again == outcome


@pytest.mark.parametrize(
    ("budget", "minutes_gone", "word", "line"),
    [
        (replace(BUDGET, tokens=30_000), 0, "tokens are used", "budget +500k tokens"),
        (replace(BUDGET, usd=0.05), 0, "$0.05 are spent", "budget +2usd"),
        (BUDGET, 11, "30 minutes are over", "budget +20min"),
    ],
)
def test_a_spent_budget_leaves_the_agent_where_it_stands_and_more_lets_it_go_on(
    tmp_path: Path, budget: Budget, minutes_gone: int, word: str, line: str
) -> None:
    def script(seen: Seen) -> Answer | Fault:
        scene.clock.time += timedelta(minutes=minutes_gone)
        return DONE if scene.budget is not budget else restless(seen)

    with Scene(tmp_path, script, budget=budget) as scene:
        for _ in range(2):
            with pytest.raises(BudgetSpent) as caught:
                scene.work()
        asked = len(scene.model.requests)
        assert scene.journal.load(KEY).finished == ""
        scene.budget = Budget(usd=9.0, tokens=1_000_000, minutes=500, turns=60)
        assert scene.work().status is AgentStatus.FINISHED
    assert word in caught.value.message
    assert line in caught.value.hint
    assert asked >= 1
    assert len(scene.model.requests) == asked + 1
    assert scene.model.prefix_faults() == []


def test_a_budget_in_usd_cannot_be_kept_when_the_price_is_unknown(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(call("bash", script="ls"), DONE)) as scene:
        scene.model_name = "unpriced"
        with pytest.raises(BudgetSpent, match="price of a model call is not known"):
            scene.work()
    assert scene.model.requests == []


def test_the_answer_may_not_be_longer_than_the_tokens_that_are_left(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(DONE), budget=replace(BUDGET, tokens=20_000)) as scene:
        scene.work()
    assert LEAST_OUTPUT_TOKENS <= scene.model.requests[0].body["max_completion_tokens"] < OUTPUT_TOKENS


def test_the_turns_of_an_earlier_agent_are_not_counted_again(tmp_path: Path) -> None:
    ls = call("bash", script="ls")
    with Scene(
        tmp_path, in_order(ls, DONE, call("bash", script="pwd"), DONE), budget=replace(BUDGET, turns=2)
    ) as scene:
        scene.work()
        second = AgentKey(KEY.removesuffix("1") + "2")
        assert scene.work(Continuation(KEY, "mend it"), second).status is AgentStatus.FINISHED


def test_a_call_that_was_not_answered_holds_no_money(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(Fault(429, headers={"Retry-After": "300"}))) as scene:
        held: list[object] = []

        async def story(means: Means) -> None:
            let_go = means.allowance.let_go
            watched = replace(means.allowance, let_go=lambda agent: (held.append(agent), let_go(agent))[1])
            with pytest.raises(RateLimited):
                await work(KEY, scene.role, Opening("go"), scene.desk, replace(means, allowance=watched))

        scene.play(story)
    assert held == [KEY]


def test_an_agent_that_goes_in_circles_is_nudged_once_and_then_stuck(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(*[call("bash", script="true")] * 9)) as scene:
        outcome = scene.work()
    assert outcome.status is AgentStatus.STUCK
    assert "bash" in outcome.reason
    assert outcome.turns == 4
    assert [m.text for m in scene.messages()].count(NUDGE) == 1


def test_a_nudged_agent_that_tries_something_else_goes_on(tmp_path: Path) -> None:
    same = call("bash", script="true")
    with Scene(tmp_path, in_order(same, same, same, call("bash", script="echo new"), DONE)) as scene:
        assert scene.work().status is AgentStatus.FINISHED


def test_misused_tools_are_told_three_times_then_the_agent_has_failed(tmp_path: Path) -> None:
    bad = [
        Answer("", [("bash", '{"script": "ls')]),
        call("teleport", to="/"),
        call("read", file="a.py"),
        Answer("", [("edit", "[]")]),
    ]
    with Scene(tmp_path, in_order(*bad, DONE)) as scene:
        outcome = scene.work()
    assert outcome.status is AgentStatus.FAILED
    assert outcome.turns == 4
    cut, unknown, unfit, no_object = scene.results()
    assert "end in the middle" in cut
    assert "no tool 'teleport'; there are bash, read, edit, create, may_write, finish, blocked" in unknown
    assert "path: Field required" in unfit
    assert "file: Extra inputs" in unfit
    assert "JSON object" in no_object


def test_a_mistake_in_between_is_forgiven(tmp_path: Path) -> None:
    bad, good = call("teleport"), [call("bash", script=f"echo {n}") for n in range(3)]
    with Scene(tmp_path, in_order(bad, bad, bad, good[0], bad, bad, bad, good[1], DONE)) as scene:
        assert scene.work().status is AgentStatus.FINISHED


def test_answers_without_a_call_are_reminded_twice_then_the_agent_has_failed(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(Answer("I think"), Answer(""), Answer("I am done, all works."))) as scene:
        outcome = scene.work()
    assert outcome.status is AgentStatus.FAILED
    assert outcome.summary == "I am done, all works."
    assert [m.text for m in scene.messages()].count(REMIND) == 2


def test_text_beside_calls_is_fine_and_a_reminder_helps(tmp_path: Path) -> None:
    with Scene(
        tmp_path, in_order(Answer("I think"), Answer("now", [("bash", {"script": "ls"})]), Answer("bye", DONE.calls))
    ) as scene:
        assert scene.work().status is AgentStatus.FINISHED


def test_an_answer_cut_at_its_length_runs_nothing_of_the_broken_call_and_goes_on(tmp_path: Path) -> None:
    cut = Answer("", [("create", '{"path": "big.py", "content": "x = 1')], finish_reason="length")
    with Scene(tmp_path, in_order(cut, DONE)) as scene:
        assert scene.work().status is AgentStatus.FINISHED
    assert "smaller pieces" in scene.results()[0]
    assert "big.py" not in scene.files()
    assert scene.journal.spent().calls == 2


def test_more_calls_than_allowed_in_one_answer_are_not_run(tmp_path: Path) -> None:
    many = Answer("", [("bash", {"script": f"echo {n} >> log"}) for n in range(CALLS_PER_TURN + 3)])
    with Scene(tmp_path, in_order(many, DONE)) as scene:
        scene.work()
    assert scene.files()["log"].splitlines() == [str(n) for n in range(CALLS_PER_TURN)]
    assert [r for r in scene.results() if r.startswith("not run")] == scene.results()[CALLS_PER_TURN:-1]


def test_what_follows_finish_in_one_answer_is_not_run(tmp_path: Path) -> None:
    answer = Answer("", [("bash", {"script": "touch before"}), *DONE.calls, ("bash", {"script": "touch after"})])
    with Scene(tmp_path, in_order(answer)) as scene:
        assert scene.work().status is AgentStatus.FINISHED
    assert "before" in scene.files()
    assert "after" not in scene.files()


def test_a_repair_goes_on_in_the_same_context_on_the_same_files(tmp_path: Path) -> None:
    script = in_order(
        call("create", path="b.py", content="b = 1\n"),
        DONE,
        call("edit", path="b.py", old="1", new="2"),
        call("finish", summary="mended"),
    )
    second = AgentKey(KEY[:-1] + "2")
    with Scene(tmp_path, script) as scene:
        scene.work()
        scene.desk = plain_desk(tmp_path / "another checkout", {"a.py": "fresh"})
        outcome = scene.work(Continuation(KEY, "AC-1 failed"), second)
    assert outcome == AgentOutcome(AgentStatus.FINISHED, "mended", "", turns=4)
    assert scene.files()["b.py"] == "b = 2\n"
    assert scene.model.prefix_faults() == []
    assert [r.label for r in scene.model.requests] == [f"implementer/T-1/{n}" for n in range(1, 5)]
    assert scene.model.requests[2].new == [
        {"role": "tool", "tool_call_id": "call_2_1", "content": "handed in"},
        {"role": "user", "content": "AC-1 failed"},
    ]
    assert scene.journal.load(second).turns == 2
    assert scene.journal.spent().calls == 4


def test_a_repair_after_an_interruption_answers_the_open_calls_first(tmp_path: Path) -> None:
    second = AgentKey(KEY[:-1] + "2")
    with Scene(tmp_path, in_order(call("bash", script="touch lost"), DONE)) as scene:
        scene.journal.crash_at = 3  # the result of the first call is never stored
        with pytest.raises(Crash):
            scene.work()
        scene.journal.crash_at = 0
        scene.work(Continuation(KEY, "go on"), second)
    assert scene.model.prefix_faults() == []
    assert [m["content"] for m in scene.model.requests[1].new] == ["not run: the work was interrupted", "go on"]
    assert "lost" not in scene.files()


def test_a_fresh_try_is_another_conversation(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(DONE)) as scene:
        scene.work(key=AgentKey("run-1/implementer/specs/a.md:T-1/3"))
    assert scene.model.requests[0].label == "implementer/specs/a.md:T-1~3/1"


def test_a_limit_of_the_provider_is_a_pause_after_which_the_work_goes_on(tmp_path: Path) -> None:
    script = in_order(call("bash", script="echo once >> log"), Fault(429, headers={"Retry-After": "300"}), DONE)
    with Scene(tmp_path, script) as scene:
        with pytest.raises(RateLimited) as caught:
            scene.work()
        assert caught.value.retry_after == 300
        assert scene.work().status is AgentStatus.FINISHED
    assert scene.files()["log"] == "once\n"
    assert scene.model.prefix_faults() == []


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("write", [2, 3, 4])
def test_a_journal_that_fails_for_a_moment_costs_no_second_call(tmp_path: Path, write: int, stored: bool) -> None:
    with Scene(tmp_path, in_order(call("create", path="c.py", content="c = 1\n"), DONE)) as scene:
        scene.journal.crash_at, scene.journal.stored = write, stored
        scene.journal.fault = Transient("locked", hint="")
        outcome = scene.work()
        told = [m.speaker for m in scene.journal.load(KEY).messages]
    assert outcome.status is AgentStatus.FINISHED
    assert len(scene.model.requests) == 2
    assert [s.value for s in told] == ["system", "user", "assistant", "tool", "assistant", "tool"]


@pytest.mark.parametrize(("fault", "error"), [(Fault(401), ModelFault), (Fault(500), Transient)])
def test_what_is_not_the_agents_fault_is_raised_and_nothing_is_finished(
    tmp_path: Path, fault: Fault, error: type[Exception]
) -> None:
    with Scene(tmp_path, lambda seen: fault) as scene, pytest.raises(error):
        scene.work()
    assert scene.journal.load(KEY).finished == ""


def test_cancelling_kills_the_running_command(tmp_path: Path) -> None:
    script = "sleep 0.01; echo $$ > pid; exec sleep 60"
    with Scene(tmp_path, in_order(call("bash", script=script))) as scene:
        sandbox = scene.desk.sandbox
        assert isinstance(sandbox, PlainSandbox)

        async def story(means: Means) -> None:
            sandbox.running = asyncio.Event()
            task = asyncio.create_task(work(KEY, scene.role, Opening("go"), scene.desk, means))
            await asyncio.wait_for(sandbox.running.wait(), 10)
            pid_file = scene.desk.checkout.path / "pid"
            async with asyncio.timeout(10):
                while not (pid_file.exists() and pid_file.read_text().strip()):
                    await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not Path(f"/proc/{pid_file.read_text().strip()}").exists()

        scene.play(story)
    assert [m.speaker for m in scene.messages()] == [Speaker.SYSTEM, Speaker.USER, Speaker.ASSISTANT]


def test_a_reply_that_arrived_is_kept_although_the_agent_is_cancelled(tmp_path: Path) -> None:
    with Scene(tmp_path, in_order(DONE)) as scene:
        storing, go_on = threading.Event(), threading.Event()
        append = scene.journal.append

        class SlowJournal:
            load, finish = scene.journal.load, scene.journal.finish

            def append(
                self,
                agent: AgentKey,
                messages: Sequence[Message],
                *,
                reply: ModelReply | None = None,
                snapshot: Snapshot | None = None,
            ) -> None:
                if reply is not None:
                    storing.set()
                    assert go_on.wait(10)
                append(agent, messages, reply=reply, snapshot=snapshot)

        async def story(means: Means) -> None:
            slow = replace(means, journal=SlowJournal())
            task = asyncio.create_task(work(KEY, scene.role, Opening("go"), scene.desk, slow))
            await asyncio.to_thread(storing.wait, 10)
            task.cancel()
            await asyncio.sleep(0)
            task.cancel()  # impatience changes nothing
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task

        scene.play(story)
        assert scene.journal.spent().calls == 1
        assert scene.work().status is AgentStatus.FINISHED
    assert len(scene.model.requests) == 1


def test_nothing_that_blocks_runs_on_the_event_loop(tmp_path: Path) -> None:
    threads: dict[str, set[int]] = {}

    def watched(thing: object, *names: str) -> SimpleNamespace:
        """The thing's methods, remembering which thread called them."""

        def watch(name: str) -> Callable[..., object]:
            def called(*args: object, **kwargs: object) -> object:
                threads.setdefault(name, set()).add(threading.get_ident())
                return getattr(thing, name)(*args, **kwargs)

            return called

        return SimpleNamespace(**{name: watch(name) for name in names})

    with Scene(tmp_path, in_order(*WORKDAY)) as scene:
        sandbox = watched(scene.desk.sandbox, "read", "write")
        sandbox.run = scene.desk.sandbox.run
        snapshots = watched(scene.desk.snapshots, "snapshot", "bundle", "restore")
        scene.desk = replace(scene.desk, sandbox=sandbox, snapshots=snapshots)

        async def story(means: Means) -> int:
            journal = watched(means.journal, "load", "append", "finish")
            allowance = replace(means.allowance, reserve=watched(means.allowance, "reserve").reserve)
            there = replace(means, journal=journal, allowance=allowance, tell=watched(means, "tell").tell)
            await work(KEY, scene.role, Opening("go"), scene.desk, there)
            return threading.get_ident()

        loop = scene.play(story)
    assert threads.keys() >= {"read", "write", "snapshot", "bundle", "load", "append", "finish", "reserve", "tell"}
    assert [name for name, idents in threads.items() if loop in idents] == []
