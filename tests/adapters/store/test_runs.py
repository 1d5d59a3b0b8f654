"""Runs: unique, one live writer a branch, an ending that stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.core.runs import RunState, Stage
from bot.errors import NotThere, Refused
from bot.ids import RepoId, RunId
from tests.adapters.store.values import PR, REPO, A, B, C, of_pull_request, run


def test_a_run_comes_back_as_it_was_made(store: SqlStore) -> None:
    made = replace(run(), reason="why \u202e", verify_only=True, published=True, candidate=C)
    assert store.create_run(made) == made
    assert store.run(made.run_id) == made
    assert store.run(RunId("run-none")) is None
    assert store.run_of_candidate(REPO.repo_id, C) == made.run_id


def test_making_a_run_again_finds_the_one_that_is_there(store: SqlStore) -> None:
    made = store.create_run(run())
    store.update_run(made.run_id, state=RunState.DONE, stage=Stage.ENDED)
    again = store.create_run(run())
    assert again.state is RunState.DONE
    assert len(store.runs_of(REPO.repo_id, PR)) == 1


def test_an_ending_that_was_told_has_the_time_that_was_told(store: SqlStore) -> None:
    made = store.create_run(run())
    told = made.created_at + timedelta(seconds=7)
    ended = store.end_run(made.run_id, RunState.DONE, "all proven", told)
    assert (ended.state, ended.stage, ended.reason) == (RunState.DONE, Stage.ENDED, "all proven")
    assert (ended.ended_at, ended.worked_seconds) == (told, 7.0)
    assert store.end_run(made.run_id, RunState.FAILED, "late", told + timedelta(seconds=1)) == ended


def test_one_live_run_writes_a_branch(store: SqlStore) -> None:
    first = store.create_run(run(A))
    with pytest.raises(Refused, match="another run is working on feature"):
        store.create_run(run(B))
    with pytest.raises(Refused):
        store.create_run(of_pull_request(run(A), 8))
    assert store.create_run(run(B, branch="other-branch")).head_ref == "other-branch"
    elsewhere = replace(run(C), head_repo_id=RepoId(999))
    assert store.create_run(elsewhere) == elsewhere
    store.update_run(first.run_id, state=RunState.SUPERSEDED)
    assert store.create_run(run(B, attempt=2)).start_head == B


@pytest.mark.parametrize("state", [RunState.WAITING, RunState.DONE, RunState.FAILED, RunState.STOPPED])
def test_a_run_that_is_not_live_frees_the_branch(store: SqlStore, state: RunState) -> None:
    first = store.create_run(run(A))
    store.update_run(first.run_id, state=state)
    assert store.create_run(run(B)).start_head == B


def test_a_waiting_run_cannot_work_again_beside_another(store: SqlStore) -> None:
    first = store.create_run(run(A))
    store.update_run(first.run_id, state=RunState.WAITING)
    second = store.create_run(run(B))
    with pytest.raises(Refused):
        store.update_run(first.run_id, state=RunState.WORKING)
    store.update_run(second.run_id, state=RunState.DONE)
    assert store.update_run(first.run_id, state=RunState.WORKING).state is RunState.WORKING


def test_ending_sets_the_time_and_the_first_ending_stays(store: SqlStore) -> None:
    made = store.create_run(run())
    ended = store.update_run(made.run_id, state=RunState.STOPPED, stage=Stage.ENDED, reason="stopped by ann")
    assert ended.ended_at is not None
    late = store.update_run(made.run_id, state=RunState.WORKING, stage=Stage.PUBLISH, reason="on it", candidate=C)
    assert (late.state, late.stage, late.reason) == (RunState.STOPPED, Stage.ENDED, "stopped by ann")
    assert late.ended_at == ended.ended_at
    assert late.candidate == C
    other = store.update_run(made.run_id, state=RunState.DONE, reason="finished")
    assert (other.state, other.reason) == (RunState.STOPPED, "stopped by ann")
    stage_only = store.update_run(made.run_id, stage=Stage.VERIFY)
    assert stage_only.stage is Stage.ENDED
    repeated = store.update_run(made.run_id, state=RunState.STOPPED, reason="stopped by ann, work kept")
    assert repeated.reason == "stopped by ann, work kept"
    assert repeated.ended_at == ended.ended_at


def test_only_what_is_given_changes(store: SqlStore) -> None:
    made = store.create_run(run())
    changed = store.update_run(made.run_id, stage=Stage.VERIFY)
    assert changed == replace(made, stage=Stage.VERIFY)
    changed = store.update_run(made.run_id, published=True, candidate=B)
    assert changed == replace(made, stage=Stage.VERIFY, published=True, candidate=B)
    assert store.update_run(made.run_id) == changed


def test_a_run_that_is_not_there_cannot_change(store: SqlStore) -> None:
    with pytest.raises(NotThere):
        store.update_run(RunId("run-none"), reason="x")


def test_every_candidate_is_remembered(store: SqlStore) -> None:
    made = store.create_run(run(A))
    store.update_run(made.run_id, candidate=B)
    store.update_run(made.run_id, candidate=C)
    assert store.run_of_candidate(REPO.repo_id, B) == made.run_id
    assert store.run_of_candidate(REPO.repo_id, C) == made.run_id
    assert store.run_of_candidate(REPO.repo_id, A) is None
    assert store.run_of_candidate(RepoId(1), C) is None
    assert [found.run_id for found in store.runs_at(REPO.repo_id, B)] == [made.run_id]
    assert [found.run_id for found in store.runs_at(REPO.repo_id, A)] == [made.run_id]


def test_runs_are_listed_in_order(store: SqlStore) -> None:
    made = [store.create_run(run(A, attempt, branch=f"b{attempt}")) for attempt in (1, 2, 3)]
    assert store.runs_of(REPO.repo_id, PR) == tuple(made)
    assert store.recent_runs(2) == (made[2], made[1])


def test_lists_are_newest_first_and_only_of_what_is_asked_for(store: SqlStore) -> None:
    elsewhere = replace(REPO, repo_id=RepoId(77), name="Other")
    made = [
        store.create_run(replace(run(head, branch=str(head)), repo=repo))
        for head, repo in ((A, REPO), (B, elsewhere), (C, REPO))
    ]
    first, second, third = (one.run_id for one in made)
    store.update_run(third, state=RunState.WAITING)
    assert [one.run_id for one in store.recent_runs(2)] == [third, second]
    assert [one.run_id for one in store.recent_runs(5, skip=1)] == [second, first]
    assert [one.run_id for one in store.recent_runs(5, repos=frozenset({REPO.repo_id}))] == [third, first]
    assert [one.run_id for one in store.recent_runs(5, live=True)] == [second, first]
    assert store.recent_runs(5, repos=frozenset()) == ()
    assert store.repositories(5) == (REPO.repo_id, RepoId(77))
    assert store.repositories(1) == (REPO.repo_id,)


def test_a_run_is_found_by_what_people_write(store: SqlStore) -> None:
    first = store.create_run(run(A))
    store.update_run(first.run_id, state=RunState.DONE)
    second = store.create_run(run(A, attempt=2))
    assert [one.run_id for one in store.runs_like("OCTO/lib#7", 5)] == [second.run_id, first.run_id]
    assert store.runs_like("octo/lib#8", 5) == ()
    assert [one.run_id for one in store.runs_like(first.run_id, 5)] == [first.run_id]
    assert len(store.runs_like(first.run_id[:12], 5)) == 2
    assert store.runs_like("run-%", 5) == store.runs_like("run_", 5) == ()
