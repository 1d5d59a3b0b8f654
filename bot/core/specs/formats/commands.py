"""Code blocks that are commands: those whose info string says `verify` or `keep`, alone or after a word for the language. Pure."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from bot.core.specs.blocks import Block, BlockKind
from bot.core.specs.model import Command, Finding, ProofKind
from bot.core.specs.rules import reading
from bot.core.specs.source import Source

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
        if block.kind is not BlockKind.FENCE:
            continue
        position = source.position(block.line, source.indent(block.line) + 1)
        words = block.info.lower().split()
        if command_kind(block) is None:
            near = get_close_matches(words[1][:20], _WORDS, n=1, cutoff=0.7) if len(words) == 2 else []
            if near:
                message = f"`{words[1][:20]}` makes no command of this block."
                yield reading.NEARLY_COMMAND.finding(position, message, f"Did you mean `{near[0]}`?")
        elif words[0] not in _SHELLS and words[0] not in _WORDS:
            message = f"This command is run by `sh`, not as `{words[0][:20]}`."
            yield reading.NOT_SHELL.finding(position, message, "Write a shell command that calls the interpreter.")


def stray_commands(source: Source, blocks: Iterable[Block], homes: set[int]) -> Iterator[Finding]:
    """Commands that stand in no criterion; `homes` are the lines on which blocks of criteria start."""
    for block in blocks:
        if block.line not in homes and command_kind(block) is not None and len(block.info.split()) <= 2:
            position = source.position(block.line, source.indent(block.line) + 1)
            message = "This command stands in no criterion and would never run."
            hint = (
                "Indent it by two spaces, so that it belongs to the item above, or remove the word after the language."
            )
            yield reading.STRAY_COMMAND.finding(position, message, hint)
