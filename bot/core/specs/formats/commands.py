"""Code blocks that are commands: those whose info string says `verify` or `keep`, alone or after a word for the language. Pure."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bot.core.specs.blocks import Block, BlockKind, Item
from bot.core.specs.formats.fixes import indented_under, other_word
from bot.core.specs.model import Command, Finding, Position, ProofKind
from bot.core.specs.rules import reading
from bot.core.specs.source import Source
from bot.core.spelling import surely_meant

_WORDS = {"verify": ProofKind.CHANGE, "keep": ProofKind.KEEP}
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


def doubtful_commands(source: Source, blocks: Iterable[Block]) -> Iterator[Finding]:
    """What is said of blocks that belong to a criterion: a misspelt `verify`, a language that `sh` does not run."""
    for block in blocks:
        words = block.info.lower().split()
        if block.kind is not BlockKind.FENCE:
            continue
        if command_kind(block) is None:
            yield from _nearly_command(source, block)
        elif words[0] not in _SHELLS and words[0] not in _WORDS:
            message = f"This command is run by `sh`, not as `{words[0][:20]}`."
            hint = "Write a shell command that calls the interpreter."
            yield reading.NOT_SHELL.finding(_place(source, block), message, hint)


def stray_commands(
    source: Source, blocks: Iterable[Block], homes: set[int], items: Iterable[Item] = ()
) -> Iterator[Finding]:
    """Commands that stand in no criterion; `homes` are the lines on which blocks of criteria start, `items` the list items that are criteria:
    a command that directly follows one, also a misspelt one, can be put into it."""
    endings = {source.last_line(item.line, item.end_line): item for item in items}
    for block in blocks:
        if block.line in homes or block.kind is not BlockKind.FENCE or len(block.info.split()) > 2:
            continue
        above = endings.get(_line_above(source, block))
        if command_kind(block) is not None:
            message = "This command stands in no criterion and would never run."
            hint = "Indent it like the item's text, so that it belongs to the item above, or remove the word after the language."
            fix = indented_under(source, block, above) if above is not None else None
            if above is not None and fix is not None:
                endings[block.end_line] = above
            yield reading.STRAY_COMMAND.finding(_place(source, block), message, hint, fix)
        elif above is not None:
            yield from _nearly_command(source, block)


def _nearly_command(source: Source, block: Block) -> Iterator[Finding]:
    words = block.info.split()
    near = get_close_matches(words[1][:20].lower(), _WORDS, n=1, cutoff=0.7) if len(words) == 2 else []
    if near:
        message = f"`{words[1][:20].lower()}` makes no command of this block."
        sure = surely_meant(words[1], _WORDS)
        fix = other_word(source, block, words[1], sure) if sure else None
        yield reading.NEARLY_COMMAND.finding(_place(source, block), message, f"Did you mean `{near[0]}`?", fix)


def _place(source: Source, block: Block) -> Position:
    return source.position(block.line, source.indent(block.line) + 1)


def _line_above(source: Source, block: Block) -> int:
    """The last line above a block that is not blank; 0 for none."""
    line = block.line - 1
    while line and not source.lines[line - 1].strip():
        line -= 1
    return line
