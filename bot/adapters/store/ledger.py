"""The append-only, hash-chained record of a pull request's proofs and decisions."""

from sqlalchemy import insert, select

from bot.adapters.store.columns import storable
from bot.adapters.store.part import Part
from bot.adapters.store.tables import ledger
from bot.core.proofs.ledger import GENESIS, chain_hash
from bot.ids import PrNumber, RepoId


class Ledger(Part):
    def append_ledger(self, repo: RepoId, number: PrNumber, key: str, body: str) -> str:
        """Append a record to the pull request's chain, once for each `key`; returns the hash of the chain's head.

        Reading the head and writing behind it are one transaction, so the chain never forks.
        """
        here = (ledger.c.repo_id == repo) & (ledger.c.number == number)
        text = storable(body)
        with self._database.writing() as connection:
            head = connection.execute(
                select(ledger.c.seq, ledger.c.hash).where(here).order_by(ledger.c.seq.desc()).limit(1)
            ).first()
            if (
                head is not None
                and connection.execute(select(ledger.c.seq).where(here & (ledger.c.key == key))).first()
            ):
                return str(head.hash)
            previous = GENESIS if head is None else str(head.hash)
            row = {
                "repo_id": repo,
                "number": number,
                "seq": 1 if head is None else head.seq + 1,
                "key": key,
                "previous": previous,
                "hash": chain_hash(previous, text),
                "body": text,
                "at": self._clock.now(),
            }
            connection.execute(insert(ledger).values(row))
        return str(row["hash"])

    def ledger_head(self, repo: RepoId, number: PrNumber) -> str:
        """The hash of the newest record of the pull request's chain, "" while it has none."""
        here = (ledger.c.repo_id == repo) & (ledger.c.number == number)
        with self._database.reading() as connection:
            newest = connection.execute(select(ledger.c.hash).where(here).order_by(ledger.c.seq.desc()).limit(1))
            found: str | None = newest.scalar()
        return found or ""

    def ledger(self, repo: RepoId, number: PrNumber) -> tuple[tuple[int, str, str, str], ...]:
        """(sequence from 1, previous hash, hash, body), in order."""
        here = (ledger.c.repo_id == repo) & (ledger.c.number == number)
        with self._database.reading() as connection:
            found = connection.execute(select(ledger).where(here).order_by(ledger.c.seq))
            return tuple((row.seq, row.previous, row.hash, row.body) for row in found)
