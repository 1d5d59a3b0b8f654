"""Ids from names: OpenSpec gives its requirements and scenarios names, and verdicts need ids. Pure."""

import unicodedata
from collections import Counter

MAX_SLUG = 60
"""Characters of one name in an id, before a number. Of the 2,000 names in OpenSpec's own repository 34 have more, at most 86, and all are told by
their first 60; three such parts still fit a table, a comment's command and a commit's trailer."""

MAX_NAME = 240
"""Characters of a name that are looked at: four times what can stay, for those that are mostly punctuation."""

_NAMELESS = "unnamed"


def slug(name: str) -> str:
    """Letters and digits of any script in small letters, everything else one `-`."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name[:MAX_NAME]).lower())
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in text)
    return "-".join(kept.split())[:MAX_SLUG].rstrip("-") or _NAMELESS


def capability_slug(capability: str) -> str:
    """A capability's path for an id. One written as its tool asks for stays as it is."""
    return "/".join(slug(part) for part in capability.split("/"))


class Names:
    """Slugs for the names of one place. The same name has the same slug; another name with that slug gets `-2`, `-3` in the order of asking.

    Whoever asks for the living spec's names first, in their order, gets the living spec's slugs for them.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, str] = {}
        self._taken: set[str] = set()
        self._count: Counter[str] = Counter()

    def copy(self) -> "Names":
        """The same names, to go on from."""
        other = Names()
        other._by_name, other._taken, other._count = dict(self._by_name), set(self._taken), Counter(self._count)
        return other

    def slug(self, name: str) -> str:
        known = self._by_name.get(name)
        return known if known is not None else self._new(name)

    def _new(self, name: str) -> str:
        base = free = slug(name)
        while free in self._taken:
            self._count[base] += 1
            free = f"{base}-{self._count[base] + 1}"
        self._taken.add(free)
        self._by_name[name] = free
        return free
