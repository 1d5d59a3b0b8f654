"""Every head a pull request had, and when: a comment is bound to the head that stood when it was written."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.adapters.store.part import Part
from bot.adapters.store.tables import pr_heads
from bot.core.ports import HeadSeen
from bot.ids import PrNumber, RepoId, Sha


def insert_head(connection: Connection, repo: RepoId, number: PrNumber, sha: Sha, seen_at: datetime) -> None:
    """Inside a writing transaction. Nothing is added while the head stands still; a head that comes back is added again,
    because a comment written then is about it."""
    here = (pr_heads.c.repo_id == repo) & (pr_heads.c.number == number)
    before = here & (pr_heads.c.seen_at <= seen_at)
    newest_first = (pr_heads.c.seen_at.desc(), pr_heads.c.seq.desc())
    last = connection.execute(select(pr_heads.c.sha).where(before).order_by(*newest_first).limit(1)).scalar()
    if last == sha:
        return
    seq = connection.execute(select(func.coalesce(func.max(pr_heads.c.seq), 0)).where(here)).scalar_one() + 1
    row = {"repo_id": repo, "number": number, "seq": seq, "sha": sha, "seen_at": seen_at}
    connection.execute(insert(pr_heads).values(row))


class Heads(Part):
    def heads(self, repo: RepoId, number: PrNumber) -> tuple[HeadSeen, ...]:
        """Every head seen of a pull request, oldest first."""
        here = (pr_heads.c.repo_id == repo) & (pr_heads.c.number == number)
        oldest_first = select(pr_heads).where(here).order_by(pr_heads.c.seen_at, pr_heads.c.seq)
        with self._database.reading() as connection:
            return tuple(HeadSeen(Sha(row.sha), row.seen_at) for row in connection.execute(oldest_first))

    def see_head(self, repo: RepoId, number: PrNumber, sha: Sha) -> None:
        """The pull request's head is this now."""
        with self._database.writing() as connection:
            insert_head(connection, repo, number, sha, self._clock.now())
