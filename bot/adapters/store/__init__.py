"""The database: deliveries, commands, heads, runs, transcripts, proofs, ledger."""

from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore

__all__ = ["SqlStore", "migrate"]
