"""Texts and numbers written as YAML that `located_yaml` reads back the same and people read with ease. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.core.specs.invisible import remove_invisible

MAX_FLOW = 100
"""Characters of a list that still stands on one line; a longer one gets a line for each element."""

LARGE = 10**15
"""Beyond this nobody reads digits: floats get an exponent there, and Python refuses to write integers of thousands of digits in tens."""

_WORDS_WITH_A_MEANING = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
"""YAML 1.1 takes these for something else than a text, whatever their case."""

_FLOW = re.compile(r"[^\W\d_][\w ./*+@=()-]*")
_LINE = re.compile(r"[^\W\d_][^\t]*")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar(text: str, *, flow: bool = False) -> str:
    """`text` as a value on one line: plain where YAML reads it as itself, else in quotes. `flow` for inside of `[…]` and `{…}`."""
    shape = _FLOW if flow else _LINE
    visible = "\n" not in text and _is_printable(text)
    if visible and shape.fullmatch(text) and _is_plain(text):
        return text
    if visible and "'" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def entry(key: str, texts: Sequence[str]) -> tuple[str, ...]:
    """The lines of `key: [texts]`, or of `key:` and a line for each text where they are long or need many quotes."""
    line = f"{key}: [{', '.join(scalar(text, flow=True) for text in texts)}]"
    if len(line) <= MAX_FLOW and not any('"' in text or "\\" in text or "\n" in text for text in texts):
        return (line,)
    return (f"{key}:", *(line for text in texts for line in _item(text)))


def number(value: float) -> str:
    """A number as YAML 1.1 reads it: with an exponent only after a point."""
    if isinstance(value, int):
        return str(value) if abs(value) < LARGE else hex(value)
    if value.is_integer() and abs(value) < LARGE:
        return str(int(value))
    digits, exponent, power = repr(value).partition("e")
    return f"{digits}.0e{power}" if exponent and "." not in digits else repr(value)


def _item(text: str) -> tuple[str, ...]:
    lines = text.split("\n")
    if len(lines) > 1 and _is_printable(text) and _is_block(lines):
        return ("  - |-", *(f"    {line}" if line else "" for line in lines))
    return (f"  - {scalar(text)}",)


def _is_block(lines: Sequence[str]) -> bool:
    """True when the lines are read back from an indented block: the first one sets the indentation, blank ends are cut."""
    return (
        not lines[0][:1].isspace()
        and bool(lines[0] and lines[-1])
        and all(line.strip(" ") or not line for line in lines)
    )


def _is_plain(text: str) -> bool:
    odd = ": " in text or " #" in text or text.endswith((":", " "))
    return not odd and text.lower() not in _WORDS_WITH_A_MEANING


def _is_printable(text: str) -> bool:
    """True when the text may stand in a file as it is: nothing in it is refused by YAML or taken out before reading."""
    return _UNPRINTABLE.search(text) is None and not remove_invisible(text)[1]


@lru_cache(maxsize=4_096)
def _escaped(char: str) -> str:
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if char.isprintable() if char.isascii() else _is_printable(char):
        return char
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
