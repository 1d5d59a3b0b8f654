"""`specbot runs` and `specbot logs` on a database with a team's run."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store import SqlStore, migrate
from bot.core.runs import RunState, Stage
from tests.commands import calling
from tests.commands.calling import Said
from tests.web.team_run import fill

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('state')}/bot.db"
    migrate(url)
    store = SqlStore(url)
    fill(store, 12, done=False)
    fill(store, 13, done=True)
    store.close()
    return url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url)
    yield store
    store.close()


def environment(url: str) -> dict[str, str]:
    more = {"SPECBOT_PUBLIC_URL": "https://bot.example.com", "HOME": "/nonexistent"}
    return {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "SPECBOT_DATABASE_URL": url, **more}


def specbot(url: str, *words: str) -> Said:
    return calling.specbot(*words, env=environment(url))


def test_runs_fit_a_terminal_and_name_their_pages(url: str) -> None:
    said = specbot(url, "runs")
    assert said.code == 0
    assert max(len(line) for line in said.out.splitlines()) <= 80
    assert [line.split()[0] for line in said.out.splitlines() if "openhours#" in line] == [
        "ada/openhours#13",
        "ada/openhours#12",
    ]
    assert "https://bot.example.com/runs/run-4000000042-13-a1a1a1a1a1a1-1" in said.out
    live = specbot(url, "runs", "--live").out
    assert "openhours#12" in live
    assert "openhours#13" not in live
    newest = json.loads(specbot(url, "runs", "--json", "--last", "1").out)
    assert (newest["number"], newest["state"], newest["calls"], newest["usd"]) == (
        13,
        "done",
        22,
        pytest.approx(0.2706),
    )


def test_logs_tell_turns_tools_states_pauses_and_proofs(url: str) -> None:
    said = specbot(url, "logs", "ada/openhours#12").out
    for words in (
        "implementer T-3: turn 2: create openhours/part3.py (10,040 tokens, $0.01)",
        "implementer T-3: bash → ..",
        "          2 passed in 0.04s",
        "waiting: a rate limit",
        "T-4 is blocked: no list of holidays",
        "implementer T-1: finished after 3 turns",
        "T-1 is merged",
    ):
        assert words in said, words
    done = specbot(url, "logs", "ADA/openhours#13").out
    assert "proofs of the candidate: 7 of 7 criteria done" in done
    assert done.splitlines()[-1].endswith("ended: done")


def test_one_agents_log(url: str) -> None:
    said = specbot(url, "logs", "run-4000000042-12", "--agent", "t-4").out
    assert "implementer T-4" in said
    assert "T-4 is blocked" in said
    assert "T-3" not in said
    assert "reviewer: turn 1" in specbot(url, "logs", "ada/openhours#13", "--agent", "reviewer").out


def test_logs_as_data(url: str, store: SqlStore) -> None:
    (run,) = store.runs_like("ada/openhours#12", 5)
    lines = [json.loads(line) for line in specbot(url, "logs", "--json", run.run_id).out.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, store.last_event(run.run_id) + 1))
    assert lines[7]["data"]["task"] == "T-1"
    assert lines[0]["data"] == "announce"


def test_what_is_not_clear_is_asked_back(url: str) -> None:
    several = specbot(url, "logs", "run-4000000042-1")
    assert several.code == 2
    assert "run-4000000042-13-a1a1a1a1a1a1-1, run-4000000042-12-a1a1a1a1a1a1-1" in several.err
    for name in ("run-9", "ada/openhours#99", "%", ""):
        assert specbot(url, "logs", name).code == 2, name


def test_following_goes_on_until_the_end(url: str, store: SqlStore) -> None:
    name = fill(store, 14, done=False)
    before = store.last_event(name)
    follower = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "logs", "-f", "--json", name],
        env=environment(url),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert follower.stdout is not None
    seen = [json.loads(follower.stdout.readline()) for _ in range(before)]
    assert seen[-1]["number"] == before
    store.emit(name, "step.started", "review")
    assert json.loads(follower.stdout.readline())["data"] == "review"
    store.update_run(name, state=RunState.DONE, stage=Stage.ENDED)
    rest, _ = follower.communicate(timeout=60)
    assert (rest, follower.returncode) == ("", 0)
