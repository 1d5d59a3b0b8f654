"""A person's word about what the proofs found: it goes into the ledger, then the proofs run again, so that the verdict which counts is again one
of a whole verification."""

from collections.abc import Callable, Iterable

from bot.core.events.model import Command
from bot.core.pulls import PullRequest
from bot.workflows.commands.guard import busy, granted_key, meant_for_this_head, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin

Records = Callable[[House, Command, PullRequest], Iterable[tuple[str, str]]]
"""What a word writes into the ledger: each record with a key that is the same however often the command is carried out. Raises `Refused`."""


def keep_word(house: House, engine: Engine, command: Command, records: Records) -> str:
    """The answer to post, "" when the new run's comment says it all.

    Carried out again after a crash, nothing may wait for this very word any more: what is in the ledger is then not decided anew.
    """
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    answer = busy(house, engine, command, pull)
    if answer:
        return answer
    if house.store.post(granted_key(command)) is None:
        for key, record in records(house, command, pull):
            house.store.append_ledger(pull.repo.repo_id, pull.number, key, record)
        house.store.keep_post(granted_key(command), 1)
    begin(house, engine, pull, command.actor, asked_by=command.command_id, verify_only=True)
    return ""
