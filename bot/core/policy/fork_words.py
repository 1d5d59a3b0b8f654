"""A maintainer's word that what a fork's pull request holds at one commit may be executed here. Pure.

Whoever opens a pull request from a fork has no right in the repository, and whoever is to run its code has to have looked at it: a word covers
one commit and no push after it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.pulls import Person
from bot.ids import Sha, UserId

KIND = "fork word"


@dataclass(frozen=True, slots=True)
class ForkWord:
    """`head` is the commit that was looked at."""

    head: Sha
    by: Person
    at: datetime


def fork_word_record(word: ForkWord) -> str:
    """The ledger record of a word."""
    by = word.by.record
    return record(KIND, {"head": word.head, "by": by, "at": word.at.isoformat()})


def fork_words(rows: Iterable[LedgerRow], head: Sha) -> tuple[ForkWord, ...]:
    """The words on exactly this commit, newest first, one for each person. Whether they still may say so is for the caller to ask."""
    found: dict[UserId, ForkWord] = {}
    for _, _, _, text in rows:
        body = json.loads(text)
        if body.get("kind") == KIND and body["head"] == head:
            by = Person.of_record(body["by"])
            found.pop(by.user_id, None)
            found[by.user_id] = ForkWord(head, by, datetime.fromisoformat(body["at"]))
    return tuple(reversed(found.values()))
