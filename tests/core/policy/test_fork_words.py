"""A word covers one commit, and who gave it is remembered by number."""

from datetime import UTC, datetime

from bot.core.policy.fork_words import ForkWord, fork_word_record, fork_words
from bot.core.proofs.ledger import record
from bot.core.pulls import Person
from bot.ids import Sha, UserId
from tests.core.proofs.test_ledger import chain

HEAD, LATER = Sha("a" * 40), Sha("b" * 40)
ADA, GRACE = Person(UserId(1), "ada"), Person(UserId(2), "grace")


def word(head: Sha, by: Person, minute: int = 0) -> ForkWord:
    return ForkWord(head, by, datetime(2026, 11, 29, 9, minute, tzinfo=UTC))


def test_only_words_on_this_very_commit_count_newest_first() -> None:
    said = [word(HEAD, ADA), word(HEAD, GRACE, 1), word(LATER, ADA, 2), word(HEAD, ADA, 3)]
    rows = chain(record("note", {"head": HEAD}), *(fork_word_record(one) for one in said))
    assert fork_words(rows, HEAD) == (word(HEAD, ADA, 3), word(HEAD, GRACE, 1))
    assert fork_words(rows, LATER) == (word(LATER, ADA, 2),)
    assert fork_words(rows, Sha("c" * 40)) == ()
