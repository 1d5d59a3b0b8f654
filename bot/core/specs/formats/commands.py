"""Code blocks that are commands: those whose info string says `verify` or `keep`, alone or after a word for the language. Pure."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bot.core.specs.blocks import Block, BlockKind, Item, Outline
from bot.core.specs.formats.fixes import indented_under, other_word
from bot.core.specs.model import Command, Finding, Position, ProofKind
from bot.core.specs.rules import reading
from bot.core.specs.source import Source
from bot.core.spelling import surely_meant

_WORDS = {"verify": ProofKind.CHANGE, "keep": ProofKind.KEEP}
_RUN = frozenset({"sh", "shell", "bash", "zsh", "console", "shell-session"})
"""Languages whose code one would run."""

_SPOKEN = re.compile(
    r"(?:^|\s)(?P<what>`{1,3}(?:(?:sh|bash|shell) )?(?:verify|keep) [^`\n]{1,400}`|(?:verify|keep)\s?: ?`)",
    re.IGNORECASE,
)
"""A command written among words: `verify pytest -q` as code, or “verify:” with code behind it."""

MAX_WORDS = 5_000
"""Characters of a criterion's paragraph that are searched for commands."""

_PARTS = re.compile(r"[\s,:;.={}()\[\]#]+")

MAX_INFO = 20
"""Words on a fence that are looked at; with more it is no fence that somebody wrote."""

_SHELLS = frozenset({"", "sh", "shell", "bash", "dash", "zsh", "console", "shell-session", "text"})


def command_kind(block: Block) -> ProofKind | None:
    """What a code block's info string makes of it: `verify`, `keep`, `LANG verify`, `LANG keep`; None for prose."""
    if block.kind is not BlockKind.FENCE:
        return None
    words = block.info.lower().split()
    return next((_WORDS[word] for word in words[:2] if word in _WORDS), None)


def commands_in(source: Source, blocks: Iterable[Block]) -> list[tuple[ProofKind, Command]]:
    """The commands among `blocks`, in order."""
    return [(kind, _command(source, block)) for block in blocks if (kind := command_kind(block)) is not None]


def _command(source: Source, block: Block) -> Command:
    return Command(
        block.content.removesuffix("\n"),
        source.position(block.line, source.indent(block.line) + 1, block.end_line),
    )


def kind_word(kind: ProofKind) -> str:
    """The word by which a kind is written in a spec."""
    return "verify" if kind is ProofKind.CHANGE else kind.value


def unmarked_commands(source: Source, blocks: Iterable[Block]) -> Iterator[Finding]:
    """What is said of blocks that belong to a criterion without any command: code for a shell, or words that only a block could say."""
    for block in blocks:
        words = block.info.lower().split()
        if block.kind is BlockKind.FENCE and words[:1] and words[0] in _RUN and not any(_nearly_command(source, block)):
            message = "Nothing marks this block as a command, so it is not run."
            hint = f"Write `{words[0]} verify` for what is red before and green after, `{words[0]} keep` for what stays green."
            yield reading.UNMARKED_COMMAND.finding(_place(source, block), message, hint)
        spoken = _SPOKEN.search(block.content[:MAX_WORDS]) if block.kind is BlockKind.TEXT else None
        if spoken is not None:
            line = block.line + block.content.count("\n", 0, spoken.start("what"))
            column = source.lines[line - 1].find(spoken.group("what")) + 1
            said = spoken.group("what").strip("` ")[:40]
            message = f"`{said}` stands here as text and is no command."
            hint = "Write it as a code block inside the item, which opens with ```` ```sh verify ```` on a line of its own."
            yield reading.UNMARKED_COMMAND.finding(source.position(line, max(column, 1)), message, hint)


def doubtful_commands(source: Source, blocks: Iterable[Block]) -> Iterator[Finding]:
    """What is said of blocks that belong to a criterion: a misspelt `verify`, a language that `sh` does not run."""
    for block in blocks:
        words = block.info.lower().split()
        if block.kind is not BlockKind.FENCE:
            continue
        if command_kind(block) is None:
            yield from _nearly_command(source, block)
        elif set(_WORDS) <= set(words):
            message = "This block says both `verify` and `keep`."
            yield reading.MIXED_PROOF.finding(_place(source, block), message, "Take one of them out.")
        elif words[0].strip(",;:") not in _SHELLS and words[0] not in _WORDS:
            message = f"This command is run by `sh`, not as `{words[0][:20]}`."
            hint = "Write a shell command that calls the interpreter."
            yield reading.NOT_SHELL.finding(_place(source, block), message, hint)


def stray_commands(source: Source, outline: Outline, homes: set[int], items: Iterable[Item] = ()) -> Iterator[Finding]:
    """Commands that stand in no criterion; `homes` are the lines on which blocks of criteria start, `items` the list items that are criteria:
    a command that directly follows one, also a misspelt one, can be put into it."""
    endings = {source.last_line(item.line, item.end_line): item for item in items}
    elsewhere = {block.line: item for item in outline.items if item.depth == 1 for block in item.blocks}
    for block in outline.blocks:
        if block.line in homes or block.kind is not BlockKind.FENCE or len(block.info.split()) > MAX_INFO:
            continue
        above = endings.get(_line_above(source, block))
        if command_kind(block) is not None:
            message = "This command stands in no criterion and would never run."
            hint = "Indent it like the item's text, so that it belongs to the item above, or remove the word after the language."
            if block.line in elsewhere:
                hint = "Put it into the item of the criterion that it proves, or remove the word after the language."
            fix = indented_under(source, block, above) if above is not None else None
            if above is not None and fix is not None:
                endings[block.end_line] = above
            yield reading.STRAY_COMMAND.finding(_place(source, block), message, hint, fix)
        elif above is not None:
            yield from _nearly_command(source, block)


def _nearly_command(source: Source, block: Block) -> Iterator[Finding]:
    words = block.info.split()[:MAX_INFO]
    if _says_command(block):
        hint = "Write the language, a blank and `verify` or `keep`, and nothing else: `sh verify`."
        fix = other_word(source, block, block.info, f"{words[0]} {_bare(words[1])}") if _is_pair(words) else None
        message = f"`{block.info[:40]}` makes no command of this block."
        yield reading.NEARLY_COMMAND.finding(_place(source, block), message, hint, fix)
        return
    last = words[-1][:20] if 0 < len(words) <= 2 else ""
    near = get_close_matches(last.lower(), _WORDS, n=1, cutoff=0.7) if last else []
    if near:
        message = f"`{last.lower()}` makes no command of this block."
        sure = surely_meant(words[-1], _WORDS)
        fix = other_word(source, block, words[-1], sure) if sure else None
        yield reading.NEARLY_COMMAND.finding(_place(source, block), message, f"Did you mean `{near[0]}`?", fix)


def _says_command(block: Block) -> bool:
    """True when one of the first words on the fence is `verify` or `keep` but for the marks around it."""
    return any(word in _WORDS for word in _PARTS.split(block.info.lower()[:200]))


def _is_pair(words: list[str]) -> bool:
    return len(words) == 2 and words[0].isalnum() and _bare(words[1]) in _WORDS


def _bare(word: str) -> str:
    return word.lower().strip(",:;.={}()[]#")


def _place(source: Source, block: Block) -> Position:
    return source.position(block.line, source.indent(block.line) + 1)


def _line_above(source: Source, block: Block) -> int:
    """The last line above a block that is not blank; 0 for none."""
    line = block.line - 1
    while line and not source.lines[line - 1].strip():
        line -= 1
    return line
