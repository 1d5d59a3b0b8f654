"""Markdown as a reader of GitHub sees it: tables, task lists, folded parts; hidden comments stay hidden, HTML stays inert."""

import functools
import html
import re
from collections.abc import Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from bot.hub.pages.autolinks import References, linked
from bot.hub.pages.safe_html import balanced, is_safe_link, writable_only

Kind = Literal["comment", "file"]
"""In a comment a line break is a line break; in a file it is a blank, as at GitHub."""

LONGEST = 300_000
"""Characters that are read as Markdown; comments end at 65,536, files may be longer."""

MOST_BRACKETS = 4_000
"""Opening brackets in one text: the parser's time grows with their square, and this many take a tenth of a second."""

MOST_COLUMNS = 500
"""Bars in one line: the parser fills up each row of a table to the width of its head."""

REMEMBERED = 512
"""Texts whose HTML is kept, so that a page that refreshes itself costs nothing."""

BOX = re.compile(r"\[([ xX])\][ \t\n]")
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)

NOTHING = References()


@functools.lru_cache(maxsize=REMEMBERED)
def rendered(text: str, kind: Kind = "comment", known: References = NOTHING) -> Markup:
    """The HTML of a text, made of nothing but harmless tags. What would take too long to read is shown as it was written."""
    if len(text) > LONGEST or text.count("[") > MOST_BRACKETS or _widest(text) > MOST_COLUMNS:
        return Markup("<pre>{}</pre>").format(text)
    clean = text.replace("\r\n", "\n")
    if kind == "file":
        clean = FRONT_MATTER.sub(_fenced, clean)
    safe = balanced(_parser(kind).render(clean, {"known": known}))
    return Markup(safe)  # noqa: S704 - balanced() built it anew from an allow-list


def _widest(text: str) -> int:
    return max(line.count("|") for line in text.split("\n"))


def _fenced(found: "re.Match[str]") -> str:
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", found[1])), default=2) + 1)
    return f"{ticks:`<3}yaml\n{found[1]}\n{ticks:`<3}\n"


@functools.cache
def _parser(kind: Kind) -> MarkdownIt:
    parser = _Parser("js-default", {"html": True, "breaks": kind == "comment"}, renderer_cls=_Renderer)
    parser.core.ruler.push("task_boxes", _task_boxes)
    parser.core.ruler.push("autolinks", _autolinks)
    return parser


def _task_boxes(state: StateCore) -> None:
    """`- [x] done` becomes a ticked box that nobody can click."""
    for before, item, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if before.type != "list_item_open" or item.type != "paragraph_open" or not inline.children:
            continue
        first = inline.children[0]
        # Content and first child differ when a list item begins with emphasis or the like.
        box = BOX.match(inline.content) if first.type == "text" else None
        if box is not None:
            first.content = first.content[3:].lstrip(" \t")
            inline.children.insert(0, Token("task_box", "input", 0, info="x" if box[1] != " " else ""))
            before.attrJoin("class", "task")


def _autolinks(state: StateCore) -> None:
    known: References = state.env["known"]
    for block in state.tokens:
        if block.children is None:
            continue
        children, inside = [], 0
        for token in block.children:
            inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            children += linked(token.content, known) if token.type == "text" and not inside else [token]
        block.children = children


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """What is no safe link stays text."""
        return is_safe_link(url)


class _Renderer(RendererHTML):
    def html_block(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        return writable_only(tokens[at].content)

    def html_inline(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        return writable_only(tokens[at].content)

    def task_box(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        return f'<input type="checkbox" disabled{" checked" if tokens[at].info else ""}> '

    def image(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        """A link to the picture: nothing is loaded from other places."""
        alt, source = tokens[at].content or "picture", str(tokens[at].attrs.get("src", ""))
        return f'<a href="{html.escape(source)}" class="picture" rel="noreferrer nofollow">{html.escape(alt)}</a>'

    def td_open(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        """A cell, its alignment as a class: the pages allow no style in a tag."""
        side = str(tokens[at].attrs.get("style", "")).removeprefix("text-align:")
        return f'<{tokens[at].tag} class="{side}">' if side else f"<{tokens[at].tag}>"

    th_open = td_open

    def link_open(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        known: References = env["known"]
        address = str(tokens[at].attrs.get("href", ""))
        if "://" in address:
            tokens[at].attrSet("rel", "noreferrer nofollow")
        elif known.folder and address and not address.startswith(("/", "#", "mailto:")):
            tokens[at].attrSet("href", f"{known.folder}/{address}")
        return self.renderToken(tokens, at, options, env)
