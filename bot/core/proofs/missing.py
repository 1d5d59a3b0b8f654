"""Red only because a name is missing: the red that the first empty function turns green (DESIGN, *the right red*).

A test that is red for nothing but a missing name is run once more on the base with stand-ins for those names: one that returns nothing,
one that raises. What is green then asks only whether the name exists, and proves nothing. Stand-ins for Python and JavaScript are made by the
harness (`specbot_stubs.py`, `specbot_stubs.cjs`), without touching the tree. For Go and Rust a missing name is seen and said, and no stand-in is
made: it would have to guess types, and what does not compile shows nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.proofs.colours import failing
from bot.core.proofs.model import Executed

NAMES = 20
"""Missing names that get a stand-in; a test that needs more is no test of one criterion."""

ROUNDS = 3
"""Runs with stand-ins of one kind: the first may only get as far as the next missing name."""


class Language(StrEnum):
    PYTHON = "Python"
    JAVASCRIPT = "JavaScript"
    GO = "Go"
    RUST = "Rust"


STOOD_IN_FOR = frozenset((Language.PYTHON, Language.JAVASCRIPT))
"""Languages in which the harness makes stand-ins."""

IN_JAVASCRIPT = "js:"
"""How a JavaScript name begins among an execution's stand-ins."""


class StandIn(StrEnum):
    """What is called in place of what is missing: it returns nothing, or it raises."""

    NOTHING = "nothing"
    RAISES = "raises"


@dataclass(frozen=True, slots=True)
class Missing:
    """The names that alone made a run red. In Python: `text:cut` an attribute of a module, `text.new:` a module, `@Text.cut` an attribute
    of a class, `!cut` a plain name. In JavaScript a module as it was asked for, or the name as the failure says it. Else the bare name."""

    language: Language
    names: frozenset[str]


_NAME = r"([A-Za-z_]\w{0,99})"
_DOTTED = r"([A-Za-z_][\w.]{0,199})"
_PYTHON = (
    (re.compile(rf"ImportError: cannot import name '{_NAME}' from (?:partially initialized module )?'{_DOTTED}'"), "{1}:{0}"),
    (re.compile(rf"ModuleNotFoundError: No module named '{_DOTTED}'"), "{0}:"),
    (re.compile(rf"AttributeError: (?:partially initialized )?module '{_DOTTED}' has no attribute '{_NAME}'"), "{0}:{1}"),
    (re.compile(rf"AttributeError: (?:type object )?'{_NAME}' (?:object )?has no attribute '{_NAME}'"), "@{0}.{1}"),
    (re.compile(rf"NameError: name '{_NAME}' is not defined"), "!{0}"),
)  # fmt: skip
_OTHERS = (
    (Language.GO, re.compile(r"undefined: ([\w.]{1,200})")),
    (Language.RUST, re.compile(r"cannot find (?:function|type|value|struct|macro|method|trait)\w* `([^`]{1,200})`|unresolved import `([^`]{1,200})`|no (?:method|function or associated item|function) named `([^`]{1,200})`")),
    (Language.JAVASCRIPT, re.compile(r"TypeError: (?:\(0 ?, ?)?([\w.$]{1,200})\)? is not a (?:function|constructor)|([\w$]{1,200}) is not (?:a function|defined|a constructor)|does not provide an export named '([\w$]{1,200})'|Named export '([\w$]{1,200})' not found|Cannot find (?:module|package) '([^'\n]{1,200})'")),
)  # fmt: skip

_NODE_ENDS = "Node.js v"
_NODE_ERROR = re.compile(r"\w{0,50}Error(?: \[\w{1,100}\])?: ")


def only_missing(executed: Executed | None) -> Missing | None:
    """The names whose lack explains every failure of a red run; None when something else failed too, or nothing did."""
    if executed is None or executed.exit_code is None:
        return None
    messages = [test.message for test in failing(executed).values()] or [_last_words(executed)]
    python = [_in_python(message) for message in messages]
    if all(python):
        return Missing(Language.PYTHON, frozenset(sorted(python)[:NAMES]))
    for language, pattern in _OTHERS:
        found = [pattern.search(message) for message in messages]
        names = [next(group for group in one.groups() if group) for one in found if one]
        if len(names) == len(messages):
            return Missing(language, frozenset(sorted(names)[:NAMES]))
    return None


def stand_ins(kind: StandIn, missing: Missing) -> tuple[str, ...]:
    """What an execution carries: the kind, then the names in order. `missing` is of a language in `STOOD_IN_FOR`."""
    before = IN_JAVASCRIPT if missing.language is Language.JAVASCRIPT else ""
    return (kind.value, *(f"{before}{name}" for name in sorted(missing.names)))


def in_words(missing: Missing) -> str:
    """The missing names for a sentence."""
    shown = sorted({name.strip("@!:").replace(":", ".") for name in missing.names})
    return ", ".join(f"`{name}`" for name in shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")


def _in_python(message: str) -> str:
    """The name that a failure's words say is missing, "" when they say something else. A pytest's message begins with it; a traceback
    ends with it."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    for line in dict.fromkeys((*lines[:1], *lines[-1:])):
        for pattern, shape in _PYTHON:
            if found := pattern.match(line):
                return shape.format(*found.groups())
    return ""


def _last_words(executed: Executed) -> str:
    """The last line; of a Node that nobody caught an error in, the error's."""
    lines = [line for line in executed.output.splitlines() if line.strip()]
    if lines and lines[-1].startswith(_NODE_ENDS):
        return next((line for line in reversed(lines) if _NODE_ERROR.match(line)), "")
    return lines[-1] if lines else ""
