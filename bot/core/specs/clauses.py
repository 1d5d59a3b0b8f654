"""EARS and Given/When/Then: a criterion's text split into what triggers and what then must happen. Pure."""

import re

from bot.core.specs.model import Clause

_BEFORE = r"(?<![A-Za-z0-9_])[*_]{0,3}"
_AFTER = r"[*_]{0,3}(?![A-Za-z0-9_])"
# Words end where Latin letters end: in Japanese nothing stands between a keyword and its neighbours.

_OPENER = re.compile(rf"\s*[*_]{{0,3}}(?:WHEN|WHILE|IF|WHERE|GIVEN){_AFTER}", re.IGNORECASE)
_LOUD_THEN = re.compile(rf"{_BEFORE}THEN{_AFTER}")
_THEN = re.compile(rf"{_BEFORE}THEN{_AFTER}", re.IGNORECASE)
_SHALL = re.compile(rf"{_BEFORE}SHALL{_AFTER}", re.IGNORECASE)
_MUST = re.compile(rf"{_BEFORE}MUST{_AFTER}", re.IGNORECASE)
_COMMA_THE = re.compile(rf",\s*{_BEFORE}THE{_AFTER}", re.IGNORECASE)
_LOUD_THE = re.compile(rf"{_BEFORE}THE{_AFTER}")
_THE = re.compile(rf"{_BEFORE}THE{_AFTER}", re.IGNORECASE)


def split_clause(text: str) -> Clause | None:
    """The clause, or None when the text has neither form; what always holds (`THE system SHALL …`) has no trigger and is none.

    `WHEN a THEN b` splits at the first THEN (one in capitals goes first), unless SHALL came before it. `WHEN a, THE system SHALL b` splits before
    the system that shall: at the last `, the`, else at a THE in capitals, else at the last comma, else at the last `the`. Case does not matter
    otherwise, emphasis around keywords neither. Takes time linear in the text.
    """
    one_line = " ".join(text.split())
    opener = _OPENER.match(one_line)
    if opener is None:
        return None
    shall = _SHALL.search(one_line, opener.end())
    obligation = shall or _MUST.search(one_line, opener.end())
    then = _first(_LOUD_THEN, one_line, opener.end(), shall) or _first(_THEN, one_line, opener.end(), obligation)
    if then is not None:
        return _clause(opener, one_line[: then.start()], one_line[then.end() :])
    if obligation is None:
        start = _first_subject(one_line, opener.end())
    else:
        start = _subject(one_line, opener.end(), obligation.start())
    return _clause(opener, one_line[:start], one_line[start:]) if start else None


def _first(word: re.Pattern[str], text: str, start: int, before: re.Match[str] | None) -> re.Match[str] | None:
    return word.search(text, start, before.start() if before is not None else len(text))


def _subject(text: str, start: int, end: int) -> int:
    """Where the system is named that shall do something, between the opener and SHALL; 0 for nowhere."""
    named = _last(_COMMA_THE, text, start, end)
    if named:
        return named
    comma = text.rfind(",", start, end)
    loud = _last(_LOUD_THE, text, max(comma, start), end)
    return loud or (comma if comma > 0 else _last(_THE, text, start, end))


def _first_subject(text: str, start: int) -> int:
    """Where the system is named in a text without SHALL, as in Japanese: the first THE in capitals; 0 for nowhere."""
    found = _LOUD_THE.search(text, start + 1)
    return found.start() if found is not None else 0


def _last(word: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a word stands last, 0 for nowhere."""
    return max((found.start() for found in word.finditer(text, start, end)), default=0)


def _clause(opener: re.Match[str], trigger: str, response: str) -> Clause | None:
    before, after = trigger.strip(" ,、，"), response.strip(" ,:、，：")
    return Clause(before, after) if len(before) > len(opener.group().strip()) and after else None
