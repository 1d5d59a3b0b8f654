"""Just enough of the shell to take a script apart into its commands. Pure."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

MAX_SCRIPT = 20_000
"""Longer scripts are programs; they belong into a file, and no linter reads their last line for them."""

_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=\S*\Z")
_PLAIN = re.compile(r"[^'\"`\\$#&|;\n]+")


@dataclass(slots=True)
class Pipeline:
    """Simple commands joined by `|`, after `operator` (`&&`, `||` or nothing)."""

    operator: str = ""
    commands: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """Pipelines joined by `&&` and `||`, ended by a line end, `;` or `&`."""

    pipelines: list[Pipeline] = field(default_factory=list)
    background: bool = False


@lru_cache(maxsize=256)
def parse(script: str) -> tuple[Statement, ...]:
    """The script's statements; empty when there are none or the script is too long or its quotes do not end."""
    if len(script) > MAX_SCRIPT:
        return ()
    return tuple(_Scanner(_without_heredocs(script)).statements())


@lru_cache(maxsize=256)
def simple_commands(script: str) -> tuple[tuple[str, ...], ...]:
    """The words of every simple command, assignments before it left out, without quotes removed."""
    words = (words_of(c) for s in parse(script) for p in s.pipelines for c in p.commands)
    return tuple(tuple(found) for found in words if found)


def words_of(command: str) -> list[str]:
    words = command.split()
    while words and (
        _ASSIGNMENT.match(words[0]) or words[0].rpartition("/")[2] in ("command", "exec", "env", "time", "nice")
    ):
        words = words[1:]
    return words


def _without_heredocs(script: str) -> str:
    """The script without the texts that `<<WORD` feeds to commands."""
    kept: list[str] = []
    ends: list[str] = []
    for line in script.split("\n"):
        if ends:
            if line.strip() == ends[0]:
                ends.pop(0)
            continue
        kept.append(line)
        ends = [found.group(2) for found in _HEREDOC.finditer(line)]
    return "\n".join(kept)


class _Scanner:
    """One pass over the characters: quotes, escapes and `$(…)` are skipped, separators cut."""

    def __init__(self, script: str) -> None:
        self._text = script.replace("\\\n", " ")
        self._at = 0
        self._word = ""
        self._statements: list[Statement] = []
        self._statement = Statement()
        self._pipeline = Pipeline()

    def statements(self) -> list[Statement]:
        while self._at < len(self._text):
            if not self._step():
                return []
        self._end_statement()
        return self._statements

    def _step(self) -> bool:
        plain = _PLAIN.match(self._text, self._at)
        if plain is not None:
            self._word += plain.group()
            self._at = plain.end()
            return True
        char = self._text[self._at]
        two = self._text[self._at : self._at + 2]
        if char in "'\"`\\" or two in ("$(", "${"):
            return self._skip(two)
        if char == "#" and (not self._word or self._word[-1].isspace()):
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end == -1 else end
        elif two in ("&&", "||"):
            self._end_pipeline(two)
            self._at += 2
        elif char == "|":
            self._end_command()
            self._at += 2 if two == "|&" else 1
        elif char == "\n" and self._expects_more():
            self._at += 1
        elif char in ";\n":
            self._end_statement()
            self._at += 1
        elif char == "&" and not self._redirects():
            self._end_statement(background=True)
            self._at += 1
        else:
            self._word += char
            self._at += 1
        return True

    def _expects_more(self) -> bool:
        """After `&&`, `||` and `|` a line end is no end."""
        return not self._word.strip() and bool(self._pipeline.operator or self._pipeline.commands)

    def _redirects(self) -> bool:
        """`>&`, `<&` and `&>` are redirections, no separators."""
        return self._word[-1:] in (">", "<") or self._text[self._at + 1 : self._at + 2] == ">"

    def _skip(self, two: str) -> bool:
        """Take a quoted piece into the word; False when it never ends."""
        start = self._at
        if two[0] == "\\":
            end = start + 2
        elif two in ("$(", "${"):
            end = self._bracket_end(start + 1)
        else:
            end = self._quote_end(start)
        if end == -1:
            return False
        self._word += self._text[start:end]
        self._at = end
        return True

    def _quote_end(self, start: int) -> int:
        quote = self._text[start]
        at = start + 1
        while at < len(self._text):
            if self._text[at] == quote:
                return at + 1
            at += 2 if self._text[at] == "\\" and quote != "'" else 1
        return -1

    def _bracket_end(self, start: int) -> int:
        opening = self._text[start]
        closing = ")" if opening == "(" else "}"
        depth = 0
        at = start
        while at < len(self._text):
            char = self._text[at]
            if char == "\\":
                at += 1
            elif char in "'\"":
                end = self._quote_end(at)
                if end == -1:
                    return -1
                at = end - 1
            elif char == opening:
                depth += 1
            elif char == closing:
                depth -= 1
                if not depth:
                    return at + 1
            at += 1
        return -1

    def _end_command(self) -> None:
        self._pipeline.commands.append(self._word.strip())
        self._word = ""

    def _end_pipeline(self, operator: str) -> None:
        self._end_command()
        self._statement.pipelines.append(self._pipeline)
        self._pipeline = Pipeline(operator)

    def _end_statement(self, *, background: bool = False) -> None:
        if self._word.strip() or self._pipeline.commands or self._statement.pipelines:
            self._end_pipeline("")
            self._statement.background = background
            self._statements.append(self._statement)
        self._word = ""
        self._statement = Statement()
        self._pipeline = Pipeline()
