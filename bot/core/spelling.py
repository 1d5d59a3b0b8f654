"""Which word was meant. Pure."""

from collections.abc import Collection
from difflib import get_close_matches

SURE = 0.8
"""Likeness (difflib's ratio) from which a word may be put right without asking: one letter in five wrong, missing or swapped. Below it, it is
only asked whether the other word was meant."""

MAX_WORD = 60
"""Letters that are compared; what is longer is no misspelling of our words, and comparing costs time with the square of the length."""


def surely_meant(word: str, known: Collection[str]) -> str:
    """The one known word that `word` plainly is a misspelling of; "" for none and where it might be another."""
    near = get_close_matches(word.lower(), known, n=2, cutoff=SURE) if len(word) <= MAX_WORD else []
    return near[0] if len(near) == 1 else ""
