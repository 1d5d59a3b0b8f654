"""`specbot costs` on a database with runs of two repositories, two people and two months."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from bot.adapters.store import SqlStore, migrate
from bot.commands.costs import command
from bot.core.chat import Message, ModelReply, Speaker, Usage
from bot.core.pulls import Person
from bot.core.runs import Run, RunState, Stage
from bot.ids import RepoId, RunId, UserId, agent_key
from tests.adapters.store.values import REPO, A, B, C, TickingClock, run

NOVEMBER, DECEMBER = datetime(2026, 11, 30, 23, 55, tzinfo=UTC), datetime(2026, 12, 1, 0, 2, tzinfo=UTC)
BOB = Person(UserId(12), "bob")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Ann's run on two specs (10 minutes, over the end of November), Bob's two: one of an unknown price, one without any call."""
    url = f"sqlite:///{tmp_path_factory.mktemp('costs')}/bot.db"
    migrate(url)
    clock = TickingClock()
    store = SqlStore(url, clock=clock)
    first = replace(run(A), created_at=NOVEMBER)
    elsewhere = replace(run(B, branch="b"), repo=replace(REPO, repo_id=RepoId(9), name="app"), requester=BOB)
    second = replace(elsewhere, run_id=RunId("run-second"), created_at=DECEMBER)
    quiet = replace(run(C, branch="c"), run_id=RunId("run-quiet"), created_at=DECEMBER, requester=BOB, verify_only=True)
    for one in (first, second, quiet):
        store.create_run(one)
    store.keep_run_specs(first.run_id, ["specs/a.md", "specs/b.md"])
    store.keep_run_specs(second.run_id, ["specs/a.md"])
    clock.moment = NOVEMBER
    pay(store, first, 1, Usage(800, 400, 200), 0.30)
    clock.moment = DECEMBER
    pay(store, first, 2, Usage(1_000, 800, 0), 0.10)
    pay(store, second, 1, Usage(500, 0, 500), None)
    pay(store, second, 2, Usage(500, 0, 500), 0.05)
    for one, began in ((first, NOVEMBER), (second, DECEMBER), (quiet, DECEMBER)):
        clock.moment = began + timedelta(minutes=10)
        store.update_run(one.run_id, state=RunState.DONE, stage=Stage.ENDED)
    store.close()
    return url


def pay(store: SqlStore, one: Run, task: int, usage: Usage, cost: float | None) -> None:
    said = ModelReply("x", (), "stop", usage, cost, 1.0, "m")
    store.append(agent_key(one.run_id, "implementer", f"T-{task}", 1), [Message(Speaker.ASSISTANT, "x")], reply=said)


def costs(database: str, *words: str) -> str:
    called = CliRunner(env={"SPECBOT_DATABASE_URL": database, "COLUMNS": "140"}).invoke(command, words)
    assert called.exit_code == 0, called.output
    return called.output


def rows(database: str, *words: str) -> dict[str, dict[str, float]]:
    return {row["name"]: row for row in map(json.loads, costs(database, *words, "--json").splitlines())}


def test_by_repository(database: str) -> None:
    found = rows(database)
    assert list(found) == ["octo/lib", "octo/app"], "the dearest first"
    lib = found["octo/lib"]
    assert (lib["runs"], lib["calls"], lib["usd"], lib["seconds"]) == (
        2,
        2,
        pytest.approx(0.4),
        pytest.approx(1_200, abs=5),
    )
    assert (lib["prompt"], lib["completion"], lib["cached_share"]) == (1_800, 200, pytest.approx(1_200 / 1_800))
    app = found["octo/app"]
    assert (app["usd"], app["usd_known"], app["unpriced"]) == (None, pytest.approx(0.05), 1)


def test_by_person(database: str) -> None:
    found = rows(database, "--by", "user")
    assert {name: (row["runs"], row["calls"]) for name, row in found.items()} == {"ann": (1, 2), "bob": (2, 2)}


def test_by_month_calls_stand_where_they_ended(database: str) -> None:
    found = rows(database, "--by", "month")
    assert list(found) == ["2026-11", "2026-12"]
    assert (found["2026-11"]["calls"], found["2026-11"]["usd"], found["2026-11"]["seconds"]) == (
        1,
        pytest.approx(0.3),
        pytest.approx(600, abs=5),
    )
    assert (found["2026-12"]["calls"], found["2026-12"]["runs"], found["2026-12"]["seconds"]) == (
        3,
        3,
        pytest.approx(1_200, abs=5),
    )


def test_by_spec_a_run_of_several_is_divided_evenly_and_that_is_said(database: str) -> None:
    found = rows(database, "--by", "spec")
    assert found["octo/lib:specs/a.md"]["usd"] == found["octo/lib:specs/b.md"]["usd"] == pytest.approx(0.2)
    assert (found["octo/app:specs/a.md"]["runs"], found["octo/lib:specs/a.md"]["runs"]) == (1, 0.5)
    assert found["(no spec)"]["runs"] == 1
    assert "divided evenly" in costs(database, "--by", "spec")


def test_since_a_day(database: str) -> None:
    found = rows(database, "--since", "2026-12-01")
    assert found["octo/lib"]["calls"] == 1
    assert found["octo/lib"]["usd"] == pytest.approx(0.1)
    assert costs(database, "--since", "2027-01") == "no run yet\n"


def test_the_table_says_unknown_and_not_zero(database: str) -> None:
    shown = costs(database)
    assert "0.05 + unknown for 1 calls" in shown
    assert "67%" in shown
