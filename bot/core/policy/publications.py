"""A person's word that a candidate which was held back may be pushed: on one commit, its tree, at one head. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.proofs.ledger import LedgerRow, record
from bot.core.pulls import Person
from bot.ids import Sha, TreeSha

KIND = "publication"


@dataclass(frozen=True, slots=True)
class Publication:
    """`head` is the pull request's head that the candidate was made for, `tree` what may come to its branch."""

    head: Sha
    commit: Sha
    tree: TreeSha
    by: Person
    at: datetime


def publication_record(word: Publication) -> str:
    """The ledger record of a word."""
    by = word.by.record
    told = {"head": word.head, "commit": word.commit, "tree": word.tree, "by": by, "at": word.at.isoformat()}
    return record(KIND, told)


def publications(rows: Iterable[LedgerRow], head: Sha, tree: TreeSha) -> tuple[Person, ...]:
    """Who said so of exactly this tree at exactly this head. Whether they still may say so is for the caller to ask."""
    bodies = (json.loads(text) for _, _, _, text in rows)
    return tuple(
        Person.of_record(body["by"])
        for body in bodies
        if body.get("kind") == KIND and body["head"] == head and body["tree"] == tree
    )
