r"""A backslash that says: what follows is text. For a criterion or a constraint that would otherwise be read as something else. Pure.

As everywhere in Markdown, `\# 1 on the list` is no heading, `1\. April` no numbered item, and `\(accept)` no mark. Only at the start of a
paragraph the backslash is taken off: in the middle it stays what it is, Markdown for people.
"""

import re

_ESCAPED = re.compile(r"([0-9]{0,9})\\(?=[!-/:-@\[-`{-~])")
"""CommonMark: a backslash before ASCII punctuation shows that character alone; the number of an item has at most nine digits."""

_OPENS_BLOCK = re.compile(
    r"#{1,6}(?: |$)|>|[-+*](?: |$)|[0-9]{1,9}[.)](?: |$)|([-_*])(?: ?\1){2,}$|-+$|```|~~~"
    r"|</?[A-Za-z][A-Za-z0-9-]*(?:[ />]|$)|<[!?]|\[[^\]]*\]:"
)
"""What CommonMark takes for a heading, a quote, a list, a rule, code or HTML, and what readers take for the definition of a link."""


def without_escape(text: str) -> str:
    """A paragraph without the backslash that keeps its first characters from being markup."""
    found = _ESCAPED.match(text)
    return text if found is None else found.group(1) + text[found.end() :]


def escape(text: str) -> str:
    """The text that `without_escape` turns into `text`, where that opens with punctuation or a number and punctuation."""
    digits = len(text) - len(text.lstrip("0123456789"))
    return f"{text[:digits]}\\{text[digits:]}"


def looks_escaped(text: str) -> bool:
    """True when `without_escape` would take something off that belongs to the text."""
    return _ESCAPED.match(text) is not None


def escaped_paragraph(text: str) -> str:
    """`text`, one line with single blanks between its words, so that it is read as a paragraph of its own."""
    return escape(text) if looks_escaped(text) or _OPENS_BLOCK.match(text) else text
