"""Is raw HTML still open at this point of a comment? What stands inside it may be folded away or not shown at all."""

from html.parser import HTMLParser

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
"""Elements that have no end tag (HTML Living Standard, 13.1.2)."""


class OpenHtml(HTMLParser):
    """Fed with a comment's raw HTML piece by piece. Errs towards open: an end tag closes only its own kind."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._open: dict[str, int] = {}

    @property
    def is_open(self) -> bool:
        """True inside an element, and after a tag or comment that never ended (it swallows what follows)."""
        return bool(self.rawdata) or any(self._open.values())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open[tag] = self._open.get(tag, 0) + 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<details/>` opens in HTML: the slash means something only on void elements."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._open[tag] = max(0, self._open.get(tag, 0) - 1)
