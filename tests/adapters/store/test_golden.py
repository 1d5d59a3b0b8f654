"""Databases of every released version can be upgraded and read, for ever."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.store import SqlStore, migrate
from bot.core.proofs.ledger import audit
from bot.core.runs import RunState, Stage
from bot.ids import Digest
from tests.adapters.store.filled import AGENT, RUN, dump
from tests.adapters.store.values import PR, REPO, START, A, B, command, executed, run

GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("database-*.sql"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    path = tmp_path / "bot.db"
    connection = sqlite3.connect(path)
    connection.executescript(request.param.read_text(encoding="utf-8"))
    connection.close()
    migrate(f"sqlite:///{path}")
    store = SqlStore(f"sqlite:///{path}")
    yield store
    store.close()


def test_there_is_a_golden_database_of_the_first_version() -> None:
    assert [path.name for path in GOLDEN][:1] == ["database-0001.sql"]


def test_everything_is_read_back(old: SqlStore) -> None:
    [waiting] = old.pending_deliveries(9)
    assert (waiting.delivery_id, waiting.event, waiting.body) == ("g-2", "issue_comment", b'{"b": "\xc3\xa9"}')
    assert old.pending_commands(9) == (command("c:2", text="/specbot retry \u202e"),)
    assert [(seen.sha, seen.seen_at >= START) for seen in old.heads(REPO.repo_id, PR)] == [(A, True), (B, True)]
    ended, queued = old.runs_of(REPO.repo_id, PR)
    assert (ended.state, ended.stage, ended.reason) == (RunState.DONE, Stage.ENDED, "all proven")
    assert (ended.candidate, ended.published, ended.requester) == (B, True, run().requester)
    assert queued == run(B, state=RunState.QUEUED)
    assert old.run_of_candidate(REPO.repo_id, B) == RUN
    assert old.executed(Digest("k")) == executed()
    assert old.note(RUN, "report") == '{"v":1}'
    assert old.post("check/x") == 3_000_000_001
    assert [(number, kind, data) for number, _, kind, data in old.events(RUN)] == [(1, "stage", "verify")]


def test_the_transcript_and_its_bill_are_read_back(old: SqlStore) -> None:
    past = old.load(AGENT)
    assert [message.text for message in past.messages] == ["do it", "done"]
    assert past.snapshot is not None
    assert (past.snapshot.tree, past.snapshot.bundle) == ("1" * 40, b"\x00bundle")
    assert (past.turns, past.finished) == (1, '{"v":1}')
    assert old.spent(RUN).usd == pytest.approx(0.25)


def test_the_ledger_still_holds_and_goes_on(old: SqlStore) -> None:
    old.append_ledger(REPO.repo_id, PR, "proof/3", '{"kind":"proof","v":1}')
    rows = old.ledger(REPO.repo_id, PR)
    assert [row[0] for row in rows] == [1, 2, 3]
    assert audit(rows) == ()


def test_what_the_code_stores_today_is_what_the_newest_golden_database_holds(tmp_path: Path) -> None:
    """A stored format that changed without a new version shows here."""
    dump(tmp_path / "now.sql")
    assert rows_of(tmp_path / "now.sql") == rows_of(GOLDEN[-1])


def rows_of(path: Path) -> list[str]:
    """The rows alone: how a table is written down differs between versions of the libraries."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(path.read_text(encoding="utf-8"))
    rows = [line for line in connection.iterdump() if line.startswith("INSERT")]
    connection.close()
    return rows
