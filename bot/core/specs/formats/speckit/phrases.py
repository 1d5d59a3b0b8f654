"""A clause with its parentheses taken apart, and who is named in it. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.core.specs.formats.speckit.references import Kind, Reference, placed_references, references
from bot.core.specs.formats.speckit.wording import first_own_word, has_own_words, own_words, relations, without_names

Names = tuple[Reference, ...]

_STOP = re.compile(
    r"\b(?:in\s+parallel|parallel\w*|independent\w*|so|since|because|but|if|unless|while|not|can|may|could|should|must|without|which|that|then"
    r"|however|though|benefits?|for|with|as|when|where|via|except|to(?!\s+(?:T?[0-9]|phase|us|story)))\b|:\s",
    re.IGNORECASE,
)
_TURN = re.compile(r",|\b(?:so|but|while|though|whereas|except)\b", re.IGNORECASE)
_BESIDE = re.compile(r"(?:parallel|\[P\])\s+with\b|\balongside\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\s+")
_TASKS = re.compile(r"\btasks?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A text twice: what stands outside of its parentheses and what stands inside, each with every character at its place."""

    outside: str
    inside: str

    def __getitem__(self, part: slice) -> "Text":
        return Text(self.outside[part], self.inside[part])

    @cached_property
    def names(self) -> Names:
        """What is named outside of parentheses; inside them when nothing in particular is named outside."""
        placed = list(placed_references(self.outside))
        outside = tuple(one for _, _, names in placed for one in names)
        if not any(one.kind not in (Kind.STORIES, Kind.EVERYTHING) for one in outside):
            return references(self.inside) or tuple(dict.fromkeys(outside))
        ends = [*(start for start, _, _ in placed[1:]), len(self.outside)]
        kinds = [*(names[0].kind for _, _, names in placed[1:]), Kind.EVERYTHING]
        found: list[Reference] = []
        for (_, end, names), until, following in zip(placed, ends, kinds, strict=True):
            found += self._meant(names, self[end:until], following)
        return tuple(dict.fromkeys(found))

    @staticmethod
    def _meant(names: Names, behind: "Text", following: Kind) -> Names:
        """`US1's menu (T012)` and `US1's T012` are T012; `Setup (T001)` is all of Setup."""
        if names[0].kind not in (Kind.PHASE, Kind.STORY, Kind.NAMED):
            return names
        if following is Kind.TASK and _POSSESSIVE.fullmatch(behind.outside) is not None:
            return ()
        comma = behind.outside.partition(",")[0]
        inside = behind.inside[: len(comma)]
        if not (has_own_words(comma) or _TASKS.search(comma)) or relations(inside):
            return names
        return tuple(one for one in references(inside) if one.kind is Kind.TASK) or names

    @property
    def objects(self) -> Names:
        """What is named up to the first word that ends a list of objects."""
        stop = _STOP.search(self.outside)
        return self.names if stop is None else self[: stop.start()].names

    @property
    def subject(self) -> Names | None:
        """Who a relation is said of that stands right behind this text; None when it is something without a name here."""
        beside = _BESIDE.search(self.outside)
        text = self if beside is None else self[: beside.start()]
        first = first_own_word(text.outside)
        cuts = [
            cut for cut in _TURN.finditer(text.outside) if cut.start() > first and text.outside[cut.end() :].strip()
        ]
        if cuts:
            before, last = text[: cuts[-1].start()], text[cuts[-1].end() :]
            return last.names or (None if has_own_words(last.outside) else before.names)
        if text.names:
            return text.names
        return None if has_own_words(text.outside) else ()

    @property
    def words(self) -> int:
        """How many words it says besides names and small words."""
        return len(own_words(without_names(self.outside)))


def parsed(text: str) -> Text:
    """The text with its parentheses taken apart, nested and unclosed ones too."""
    outside: list[str] = []
    depth = 0
    for char in text:
        depth += char == "("
        outside.append(" " if depth else char)
        depth -= char == ")" and depth > 0
    inside = (" " if plain == char else char for plain, char in zip(outside, text, strict=True))
    return Text("".join(outside), "".join(inside))
