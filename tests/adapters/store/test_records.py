"""Transcripts, executions, notes, posts, events, workers."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.core.chat import Message, Speaker, ToolCall, Usage
from bot.core.ports import Snapshot
from bot.core.runs import Spent
from bot.ids import AgentKey, Digest, RunId, TreeSha, agent_key
from tests.adapters.store.values import TickingClock, executed, reply

RUN = RunId("run-1-7-aaaa-1")
AGENT = agent_key(RUN, "implementer", "T-1", 1)
QUESTION = Message(Speaker.USER, "do it \ud800")
ANSWER = Message(Speaker.ASSISTANT, "", calls=(ToolCall("c1", "bash", '{"script": "ls"}'),))
RESULT = Message(Speaker.TOOL, "a.py", call_id="c1")


def test_an_agent_without_past_has_an_empty_transcript(store: SqlStore) -> None:
    found = store.load(AGENT)
    assert (found.messages, found.snapshot, found.turns, found.finished) == ((), None, 0, "")
    assert found.spent == Spent()


def test_appending_follows_what_is_there(store: SqlStore) -> None:
    store.append(AGENT, [QUESTION])
    store.append(AGENT, [ANSWER], reply=reply(prompt=100, cost=0.25))
    store.append(AGENT, [RESULT], snapshot=Snapshot(TreeSha("1" * 40), b"\x00old"))
    store.append(AGENT, [ANSWER], reply=reply(prompt=200, cost=0.5))
    store.append(AGENT, [RESULT], snapshot=Snapshot(TreeSha("2" * 40), b"\x00new"))
    found = store.load(AGENT)
    assert found.messages == (QUESTION, ANSWER, RESULT, ANSWER, RESULT)
    assert found.snapshot == Snapshot(TreeSha("2" * 40), b"\x00new")
    assert found.turns == 2
    assert found.spent == Spent(Usage(300, 20, 10), calls=2, usd=pytest.approx(0.75))


def test_a_runs_bill_sums_all_its_agents_and_nobody_elses(store: SqlStore) -> None:
    store.append(AGENT, [ANSWER], reply=reply(prompt=1, cost=0.25))
    store.append(agent_key(RUN, "reviewer", "-", 1), [ANSWER], reply=reply(prompt=2, cost=0.5))
    store.append(AgentKey(RUN + "0/implementer/T-1/1"), [ANSWER], reply=reply(prompt=1000, cost=9.0))
    assert store.spent(RUN) == Spent(Usage(3, 20, 10), calls=2, usd=pytest.approx(0.75))
    assert store.spent(RunId("run-none")) == Spent()


def test_a_bill_has_a_line_for_each_agent_and_model(store: SqlStore) -> None:
    reviewer = agent_key(RUN, "reviewer", "-", 1)
    store.append(AGENT, [ANSWER], reply=reply(prompt=1, cost=0.25))
    store.append(reviewer, [ANSWER], reply=reply(prompt=2, cost=None))
    store.append(AGENT, [ANSWER], reply=reply(prompt=10, cost=0.5))
    store.append(AGENT, [ANSWER], reply=replace(reply(prompt=100), model="other"))
    store.append(AgentKey(RUN + "0/implementer/T-1/1"), [ANSWER], reply=reply(prompt=1000))
    lines = store.bill(RUN)
    assert [(line.agent, line.model, line.spent.usage.prompt, line.spent.usd) for line in lines] == [
        (AGENT, "m", 11, pytest.approx(0.75)),
        (reviewer, "m", 2, None),
        (AGENT, "other", 100, pytest.approx(0.25)),
    ]
    assert lines[0].seconds == pytest.approx(3.0)
    assert store.bill(RunId("run-none")) == ()


def test_the_newest_events_come_in_order(store: SqlStore) -> None:
    assert store.last_event(RUN) == 0
    other = agent_key(RUN, "implementer", "T-11", 1)
    for number in range(1, 6):
        store.emit(RUN, "agent.turn", json.dumps({"agent": AGENT if number % 2 else other, "turn": number}))
    assert store.last_event(RUN) == 5
    assert [number for number, *_ in store.newest_events(RUN, 3)] == [3, 4, 5]
    assert [number for number, *_ in store.newest_events(RUN, 3, before=3)] == [1, 2]
    assert [number for number, *_ in store.newest_events(RUN, 9, agent=AGENT)] == [1, 3, 5]
    assert [number for number, *_ in store.newest_events(RUN, 1, agent=other, before=4)] == [2]
    assert store.newest_events(RUN, 9, agent=AgentKey("%")) == ()


def test_one_unknown_price_makes_the_sum_unknown(store: SqlStore) -> None:
    store.append(AGENT, [ANSWER], reply=reply(cost=0.25))
    store.append(AGENT, [ANSWER], reply=reply(cost=None))
    assert store.spent(RUN).usd is None
    assert store.spent(RUN).usage.prompt == 200


def test_an_agents_first_outcome_stays(store: SqlStore) -> None:
    store.append(AGENT, [QUESTION])
    store.finish(AGENT, '{"v":1}')
    store.finish(AGENT, '{"v":2}')
    assert store.load(AGENT).finished == '{"v":1}'


def test_an_execution_is_kept_once_and_whole(store: SqlStore) -> None:
    assert store.executed(Digest("k")) is None
    store.keep_executed(executed("k", exit_code=0))
    store.keep_executed(executed("k", exit_code=1))
    assert store.executed(Digest("k")) == executed("k", exit_code=0)


def test_notes_are_found_by_how_their_kinds_begin(store: SqlStore) -> None:
    for kind in ("asked review b", "asked review a", "asked_review c", "asked review", "other"):
        store.keep_note(RUN, kind, "{}")
    assert store.note_kinds(RUN, "asked review ") == ("asked review a", "asked review b")
    assert store.note_kinds(RUN, "asked_") == ("asked_review c",), "no character stands for others"
    assert store.note_kinds(RUN, "%") == ()


def test_a_note_is_replaced(store: SqlStore) -> None:
    assert store.note(RUN, "report") is None
    store.keep_note(RUN, "report", "one")
    store.keep_note(RUN, "review", "other")
    store.keep_note(RUN, "report", "two")
    assert (store.note(RUN, "report"), store.note(RUN, "review")) == ("two", "other")


def test_a_post_is_found_by_our_key(store: SqlStore) -> None:
    assert store.post("check/x") is None
    store.keep_post("check/x", 41)
    store.keep_post("check/x", 2**40)
    assert store.post("check/x") == 2**40


def test_events_are_numbered_for_each_run(store: SqlStore) -> None:
    other = RunId("run-2")
    assert [store.emit(RUN, "stage", "lint"), store.emit(other, "stage", "x"), store.emit(RUN, "log", "\x00")] == [
        1,
        1,
        2,
    ]
    assert [(number, kind, data) for number, _, kind, data in store.events(RUN)] == [
        (1, "stage", "lint"),
        (2, "log", "\ufffd"),
    ]
    assert [number for number, *_ in store.events(RUN, after=1)] == [2]
    first, second = (at for _, at, _, _ in store.events(RUN))
    assert first.utcoffset() == timedelta(0)
    assert first < second


def test_only_workers_that_beat_lately_are_alive(store: SqlStore, clock: TickingClock, url: str) -> None:
    store.beat("w-1")
    store.beat("w-1")
    store.beat("w-2")
    assert store.workers(60) == ("w-1", "w-2")
    store.forget_worker("w-1")
    assert store.workers(60) == ("w-2",)
    if url.startswith("sqlite"):
        clock.moment += timedelta(seconds=61)
        assert store.workers(60) == ()
