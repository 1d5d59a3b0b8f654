"""Proven work that is pushed nowhere before a person has said so, kept as a note of its run so that the run's page can show it."""

from dataclasses import dataclass

from bot.ids import Sha

KIND = "held"
"""The note's kind."""

LARGEST_PATCH = 2_000_000
"""Characters that are kept for the page. Nobody reads more; GitHub's own page of a diff ends at 20,000 lines (docs, *Repository limits*)."""


@dataclass(frozen=True, slots=True)
class Held:
    """`commit` is what a word to publish names. `patch` is its change as text, "" when it is larger than is kept; `characters` is how large it is: 0
    once the word was given."""

    commit: Sha
    patch: str
    characters: int


def held(commit: Sha, patch: str) -> Held:
    return Held(commit, patch if len(patch) <= LARGEST_PATCH else "", len(patch))
