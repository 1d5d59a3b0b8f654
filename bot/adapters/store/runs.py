"""Runs, their candidates, and the rule that one live run writes a branch."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement

from bot.adapters.store.part import Part
from bot.adapters.store.tables import candidates, runs
from bot.core.pulls import Person, RepoRef
from bot.core.runs import Run, RunState, Stage, worked
from bot.errors import NotThere, Refused
from bot.ids import OF_ISSUE, InstallationId, PrNumber, RepoId, RunId, Sha, UserId

_PULL_REQUEST = re.compile(r"(?P<owner>[^/#]+)/(?P<name>[^/#]+)#(?P<number>[0-9]{1,18})")

OPEN = (RunState.QUEUED, RunState.WORKING, RunState.WAITING)
"""States of a run that has not ended."""


class Runs(Part):
    def create_run(self, run: Run) -> Run:
        """The run, or the one that is there under its unique key. Raises `Refused` while another live run writes the branch."""
        same = (
            (runs.c.repo_id == run.repo.repo_id)
            & (runs.c.number == run.number)
            & (runs.c.start_head == run.start_head)
            & (runs.c.attempt == run.attempt)
        )
        try:
            with self._database.writing() as connection:
                row = connection.execute(select(runs).where(same)).first()
                if row is not None:
                    return run_of(row)
                connection.execute(insert(runs).values(_row(run)))
                _keep_candidate(connection, run.repo.repo_id, run.candidate, run.run_id)
        except IntegrityError:
            raise _branch_taken(run.head_ref) from None
        return run

    def run(self, run: RunId) -> Run | None:
        found = self._runs(runs.c.run_id == run)
        return found[0] if found else None

    def runs_of(self, repo: RepoId, number: PrNumber) -> tuple[Run, ...]:
        """All runs of a pull request, oldest first."""
        return self._runs((runs.c.repo_id == repo) & (runs.c.number == number))

    def runs_at(self, repo: RepoId, head: Sha) -> tuple[Run, ...]:
        """All runs of any pull request that start at this commit or whose candidate it is, oldest first."""
        made = select(candidates.c.run_id).where((candidates.c.repo_id == repo) & (candidates.c.sha == head))
        of_pulls = ~runs.c.run_id.startswith(OF_ISSUE)
        return self._runs((runs.c.repo_id == repo) & ((runs.c.start_head == head) | runs.c.run_id.in_(made)) & of_pulls)

    def recent_runs(
        self, limit: int, *, skip: int = 0, repos: Collection[RepoId] | None = None, live: bool = False
    ) -> tuple[Run, ...]:
        """The newest runs, newest first, after `skip` of them; only those of `repos` and only live ones when asked."""
        wanted = select(runs).order_by(runs.c.seq.desc()).limit(limit).offset(skip)
        if repos is not None:
            wanted = wanted.where(runs.c.repo_id.in_(sorted(repos)))
        if live:
            wanted = wanted.where(runs.c.state.in_([RunState.QUEUED, RunState.WORKING]))
        with self._database.reading() as connection:
            return tuple(run_of(row) for row in connection.execute(wanted))

    def repositories(self, limit: int) -> tuple[RepoId, ...]:
        """The repositories that have runs, the one with the newest run first."""
        newest = select(runs.c.repo_id).group_by(runs.c.repo_id).order_by(func.max(runs.c.seq).desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(RepoId(number) for number in connection.execute(newest).scalars())

    def runs_like(self, text: str, limit: int) -> tuple[Run, ...]:
        """The runs that somebody may mean who writes `text`, newest first: a run's id or its beginning, or `owner/name#12`."""
        meant = runs.c.run_id.startswith(text, autoescape=True)
        if match := _PULL_REQUEST.fullmatch(text):
            here = (func.lower(runs.c.owner) == match["owner"].lower()) & (
                func.lower(runs.c.name) == match["name"].lower()
            )
            meant = here & (runs.c.number == int(match["number"]))
        with self._database.reading() as connection:
            found = connection.execute(select(runs).where(meant).order_by(runs.c.seq.desc()).limit(limit))
            return tuple(run_of(row) for row in found)

    def update_run(
        self,
        run: RunId,
        *,
        state: RunState | None = None,
        stage: Stage | None = None,
        reason: str | None = None,
        candidate: Sha | None = None,
        published: bool | None = None,
        segment: int | None = None,
    ) -> Run:
        """Change what is given. Ending sets `ended_at` and frees the branch.

        The first ending stays: of a run that has ended, a late change keeps `candidate` and `published` (what was made and pushed is
        true all the same) and drops the rest, unless it repeats the state it ended with. Raises `NotThere`, and `Refused` when a
        waiting run is to work again while another live run writes its branch.
        """
        changes = {"candidate": candidate, "published": published, "segment": segment}
        return self._change(run, changes, (state, stage, reason), self._clock.now())

    def end_run(self, run: RunId, state: RunState, reason: str, at: datetime) -> Run:
        """The same for an ending that people have been told already, with the moment that they were told."""
        return self._change(run, {}, (state, Stage.ENDED, reason), at)

    def _change(
        self,
        run: RunId,
        changes: dict[str, Any],
        progress: tuple[RunState | None, Stage | None, str | None],
        now: datetime,
    ) -> Run:
        here = runs.c.run_id == run
        try:
            with self._database.writing() as connection:
                before = connection.execute(select(runs).where(here)).first()
                if before is None:
                    raise NotThere(f"no run {run}", hint="see `specbot runs`")
                changed = {**changes, **_progress(run_of(before), *progress, now)}
                given = {name: value for name, value in changed.items() if value is not None}
                if given:
                    connection.execute(update(runs).where(here).values(given))
                _keep_candidate(connection, RepoId(before.repo_id), changes.get("candidate"), run)
                return run_of(connection.execute(select(runs).where(here)).one())
        except IntegrityError:
            raise _branch_taken("its branch") from None

    def rest(self, run: RunId, seconds: float) -> None:
        """So much of the run's time was a pause and no work."""
        less = {"worked_seconds": runs.c.worked_seconds - seconds}
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.run_id == run).values(less))

    def run_of_candidate(self, repo: RepoId, sha: Sha) -> RunId | None:
        """Whose candidate (also an unpublished or replaced one) this commit is."""
        here = (candidates.c.repo_id == repo) & (candidates.c.sha == sha)
        with self._database.reading() as connection:
            found = connection.execute(select(candidates.c.run_id).where(here)).scalar()
        return None if found is None else RunId(found)

    def _runs(self, which: ColumnElement[bool]) -> tuple[Run, ...]:
        with self._database.reading() as connection:
            return tuple(run_of(row) for row in connection.execute(select(runs).where(which).order_by(runs.c.seq)))


def _progress(
    before: Run, state: RunState | None, stage: Stage | None, reason: str | None, now: datetime
) -> dict[str, Any]:
    ended = before.state not in OPEN
    if ended and state not in (None, before.state):
        return {}
    if ended:
        return {"stage": stage if stage is Stage.ENDED else None, "reason": reason}
    ending = state is not None and state not in OPEN
    changes = {"state": state, "stage": stage, "reason": reason, "ended_at": now if ending else None}
    return {**changes, **_time_worked(before, state, now)}


def _time_worked(before: Run, state: RunState | None, now: datetime) -> dict[str, Any]:
    """A run that waits for a person uses none of its minutes."""
    if state is None or state.live == before.state.live:
        return {}
    return {"working_since": now} if state.live else {"worked_seconds": worked(before, now)}


def _keep_candidate(connection: Connection, repo: RepoId, sha: Sha | None, run: RunId) -> None:
    """A commit has one maker: a candidate names its run in a trailer, so two runs never make the same one."""
    if sha is None:
        return
    here = (candidates.c.repo_id == repo) & (candidates.c.sha == sha)
    if connection.execute(select(candidates.c.run_id).where(here)).first() is None:
        connection.execute(insert(candidates).values(repo_id=repo, sha=sha, run_id=run))


def _branch_taken(branch: str) -> Refused:
    return Refused(
        f"another run is working on {branch}", hint="wait for it, or stop it with `/specbot stop`, then try again"
    )


def _row(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "installation_id": run.repo.installation_id,
        "repo_id": run.repo.repo_id,
        "owner": run.repo.owner,
        "name": run.repo.name,
        "number": run.number,
        "start_head": run.start_head,
        "attempt": run.attempt,
        "head_repo_id": run.head_repo_id,
        "head_ref": run.head_ref,
        "base_ref": run.base_ref,
        "state": run.state,
        "stage": run.stage,
        "reason": run.reason,
        "requester_id": run.requester.user_id,
        "requester_login": run.requester.login,
        "requester_is_bot": run.requester.is_bot,
        "created_at": run.created_at,
        "ended_at": run.ended_at,
        "candidate": run.candidate,
        "published": run.published,
        "verify_only": run.verify_only,
        "segment": run.segment,
        "worked_seconds": run.worked_seconds,
        "working_since": run.working_since,
    }


def run_of(row: Row[Any]) -> Run:
    """A row of the table of runs as a value."""
    return Run(
        run_id=RunId(row.run_id),
        repo=RepoRef(InstallationId(row.installation_id), RepoId(row.repo_id), row.owner, row.name),
        number=PrNumber(row.number),
        start_head=Sha(row.start_head),
        attempt=row.attempt,
        head_repo_id=RepoId(row.head_repo_id),
        head_ref=row.head_ref,
        base_ref=row.base_ref,
        state=RunState(row.state),
        stage=Stage(row.stage),
        reason=row.reason,
        requester=Person(UserId(row.requester_id), row.requester_login, row.requester_is_bot),
        created_at=row.created_at,
        ended_at=row.ended_at,
        candidate=None if row.candidate is None else Sha(row.candidate),
        published=row.published,
        verify_only=row.verify_only,
        segment=row.segment,
        worked_seconds=row.worked_seconds,
        working_since=row.working_since,
    )
