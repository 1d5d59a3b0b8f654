"""HTML taken apart and put together again from a short list of tags, balanced: what is written inside stays inside."""

import html
import re
from html.parser import HTMLParser

NO_ATTRIBUTES: frozenset[str] = frozenset()

WRITABLE = frozenset(
    ("b", "br", "code", "del", "details", "em", "hr", "i", "ins", "kbd", "s", "strong", "sub", "summary", "sup")
)  # fmt: skip
"""Tags that may be written as HTML inside Markdown. GitHub allows more; these are what comments of bots use."""

FROM_MARKDOWN = frozenset(
    ("a", "blockquote", "code", "h1", "h2", "h3", "h4", "h5", "h6", "input", "li", "ol", "p", "pre", "span",
     "table", "tbody", "td", "th", "thead", "tr", "ul")
)  # fmt: skip
"""Tags that only Markdown's own syntax makes."""

ATTRIBUTES = {
    "a": frozenset(("href", "title", "class", "rel")),
    "code": frozenset(("class",)),
    "details": frozenset(("open",)),
    "input": frozenset(("type", "disabled", "checked")),
    "li": frozenset(("class",)),
    "ol": frozenset(("start",)),
    "span": frozenset(("class",)),
    "td": frozenset(("class",)),
    "th": frozenset(("class",)),
    "ul": frozenset(("class",)),
}

VOID = frozenset(("br", "hr", "input"))

DEEPEST = 100
"""Nested tags; what is deeper loses its tags. People nest a handful, and browsers give up at a few hundred."""

SCHEMES = ("http", "https", "mailto")
"""Where links may lead, besides addresses relative to the page."""

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>")
SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")


def writable_only(raw: str) -> str:
    """HTML somebody wrote: comments vanish, the writable tags stay without their attributes, the rest is shown as text."""
    out, at, text = [], 0, COMMENT.sub("", raw)
    for tag in TAG.finditer(text):
        out.append(_as_text(text[at : tag.start()]))
        slash, name, attributes = tag[1], tag[2].lower(), tag[3].lower()
        if name not in WRITABLE:
            out.append(_as_text(tag[0]))
        elif slash:
            out.append(f"</{name}>")
        else:
            opened = name == "details" and re.search(r"\bopen\b", attributes)
            out.append(f"<{name} open>" if opened else f"<{name}>")
        at = tag.end()
    return "".join([*out, _as_text(text[at:])])


def _as_text(text: str) -> str:
    return html.escape(html.unescape(text))


def balanced(text: str) -> str:
    """The same HTML with nothing but known tags and attributes, every tag closed where it belongs."""
    parser = _Rebuilder()
    parser.feed(text)
    parser.close()
    return parser.result()


class _Rebuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in WRITABLE | FROM_MARKDOWN or len(self._open) >= DEEPEST:
            return
        allowed = ATTRIBUTES.get(tag, NO_ATTRIBUTES)
        kept = [(name, value) for name, value in attrs if name in allowed and (name != "href" or is_safe_link(value))]
        text = "".join(f" {n}" if v is None or v == "" else f' {n}="{html.escape(v)}"' for n, v in kept)
        self._out.append(f"<{tag}{text}>")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while (closed := self._open.pop()) != tag:
                self._out.append(f"</{closed}>")
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._out.append(html.escape(data, quote=False))

    def result(self) -> str:
        """All of it, with what was left open closed."""
        return "".join([*self._out, *(f"</{tag}>" for tag in reversed(self._open))])


def is_safe_link(address: str | None) -> bool:
    """Whether a link may lead there: the web, mail, or relative to the page. Control characters never."""
    if not address or any(ord(letter) < 32 or ord(letter) == 127 for letter in address):
        return False
    scheme = SCHEME.match(address)
    return scheme is None or scheme[1].lower() in SCHEMES
