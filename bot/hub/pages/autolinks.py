"""What a reader may click on in plain text: addresses, `#12`, commits and `@names`."""

import re
from dataclasses import dataclass

from markdown_it.token import Token

FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"'`]+)"
    r"|(?<![\w#&/])\#(?P<number>[1-9][0-9]{0,8})\b"
    r"|(?<![\w@/.])@(?P<name>[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,38}))(?![\w-])"
    r"|(?<![\w/.-])(?P<sha>[0-9a-f]{7,40})(?![\w-])"
)
"""Addresses first, so that a number or a name inside of one stays part of it."""

AFTERTHOUGHT = ".,:;!?)]}*_~"
"""Signs that end a sentence rather than an address."""


@dataclass(frozen=True, slots=True)
class References:
    """What a text may refer to: numbers and commits of the repository whose pages begin with `page`, and logins.

    `folder` is where links of a file without a leading slash begin; in a comment they have no such place.
    """

    page: str = ""
    numbers: frozenset[int] = frozenset()
    commits: tuple[str, ...] = ()
    logins: frozenset[str] = frozenset()
    folder: str = ""


def linked(text: str, known: References) -> list[Token]:
    """The text as tokens, with links where there is something to go to."""
    tokens: list[Token] = []
    at = 0
    for found in FOUND.finditer(text):
        link = _link(found, known)
        if link is not None:
            shown, opening = link
            tokens += [_text(text[at : found.start()]), opening, _text(shown), _closing(opening)]
            at = found.start() + len(found[0] if opening.attrs.get("class") == "commit" else shown)
    return [token for token in [*tokens, _text(text[at:])] if token.type != "text" or token.content]


def _link(found: "re.Match[str]", known: References) -> tuple[str, Token] | None:
    if found["url"]:
        url = found["url"].rstrip(AFTERTHOUGHT)
        return url, _opening("a", {"href": url, "rel": "noreferrer nofollow"})
    if found["number"]:
        there = int(found["number"]) in known.numbers
        return (found[0], _opening("a", {"href": f"{known.page}/issues/{found['number']}"})) if there else None
    if found["name"]:
        return (found[0], _opening("span", {"class": "mention"})) if found["name"].lower() in known.logins else None
    full = [commit for commit in known.commits if commit.startswith(found["sha"])]
    if len(full) != 1:
        return None
    return full[0][:7], _opening("a", {"href": f"{known.page}/commit/{full[0]}", "class": "commit"})


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _opening(tag: str, attributes: dict[str, str | int | float]) -> Token:
    return Token("link_open", tag, 1, attrs=attributes)


def _closing(opening: Token) -> Token:
    return Token("link_close", opening.tag, -1)
