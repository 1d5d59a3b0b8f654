"""Typing mistakes: when two texts say the same although they are not written the same. Pure.

No dictionary is asked: a wrong guess would let another meaning pass for the old one, so whatever may be another word is one.
"""

import re
from collections.abc import Iterator

from bot.core.specs.digests import normal_text

SMALLEST_MENDED_WORD = 5
"""In shorter words one letter often makes another meaning (`not`/`now`, `less`/`lest`), so they must stay as they are."""

SLIPS_SHOWN = 3
"""Words named when mended ones are told: enough to see that they are typing mistakes, and not a list."""

LONGEST_SHOWN = 30
"""Characters of a word that is named; nearly all words are shorter."""

_WORDS = re.compile(r"`[^`]*`\S*|\"[^\"]*\"\S*|“[^”]*”\S*|\S+")
"""A code span is one word, and so is a quotation, whatever is in it."""

_AROUND = ".,;:!?"
_EXACT = re.compile(r"[`\"'“”‘’_]")
"""Marks of code, quotations and names: there, every letter counts, its case too."""


def is_mended(old: str, new: str) -> bool:
    """True when two texts differ only as a typing mistake does: the same words but for case and punctuation around them, or one letter (wrong, missing,
    extra, or two swapped) in long words without digits. The first letter is never a slip: it makes another word too often (`synchronous` and
    `asynchronous`, `lower` and `slower`). What stands in code or quotation marks must be the same to the letter."""
    before, after = _words(old), _words(new)
    return len(before) == len(after) and all(map(_same_word, before, after))


def slips_in_words(old: str, new: str) -> str:
    """The words that a mended text has otherwise, as `old` → `new`, the first ones."""
    told = list(dict.fromkeys(_slips(old, new)))
    more = f" and {len(told) - SLIPS_SHOWN} more" if len(told) > SLIPS_SHOWN else ""
    return ", ".join(told[:SLIPS_SHOWN]) + more


def _slips(old: str, new: str) -> Iterator[str]:
    for before, after in zip(_words(old), _words(new), strict=False):
        a, b = before.strip(_AROUND), after.strip(_AROUND)
        if a != b:
            yield f"{a[:LONGEST_SHOWN]} → {b[:LONGEST_SHOWN]}"


def _words(text: str) -> list[str]:
    return _WORDS.findall(normal_text(text))


def _same_word(old: str, new: str) -> bool:
    a, b = old.strip(_AROUND), new.strip(_AROUND)
    if a == b:
        return True
    if _EXACT.search(a) or _EXACT.search(b):
        return False
    a, b = a.casefold(), b.casefold()
    if a == b:
        return True
    if min(len(a), len(b)) < SMALLEST_MENDED_WORD or not (a.isalpha() and b.isalpha()):
        return False
    return a[0] == b[0] and _one_slip(a, b)


def _one_slip(a: str, b: str) -> bool:
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
