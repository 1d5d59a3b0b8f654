"""EARS and Given/When/Then: a criterion's text split into what triggers and what then must happen. Pure."""

import re

from bot.core.specs.model import Clause

_OPENER = re.compile(r"\s*[*_]*(?:WHEN|WHILE|IF|WHERE|GIVEN)\b", re.IGNORECASE)
_LOUD_THEN = re.compile(r"[*_]*\bTHEN\b[*_]*")
_THEN = re.compile(r"[*_]*\bthen\b[*_]*", re.IGNORECASE)
_SHALL = re.compile(r"\bshall\b", re.IGNORECASE)


def split_clause(text: str) -> Clause | None:
    """The clause, or None when the text has neither form.

    `WHEN a THEN b` splits at the first THEN (one in capitals goes first), `WHEN a, the system SHALL b` at the last comma before SHALL.
    """
    one_line = " ".join(text.split())
    if _OPENER.match(one_line) is None:
        return None
    then = _LOUD_THEN.search(one_line) or _THEN.search(one_line)
    if then is not None:
        return _clause(one_line[: then.start()], one_line[then.end() :])
    shall = _SHALL.search(one_line)
    comma = one_line.rfind(",", 0, shall.start()) if shall is not None else -1
    return _clause(one_line[:comma], one_line[comma + 1 :]) if comma > 0 else None


def _clause(trigger: str, response: str) -> Clause | None:
    before, after = trigger.strip(" ,"), response.strip(" ,:")
    return Clause(before, after) if before and after else None
