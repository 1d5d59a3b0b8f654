"""What somebody writes after `/specbot budget`: `+2usd`, `+500k tokens`, `+20min`, several at once. Pure."""

import re
from collections.abc import Sequence

from bot.core.policy.budgets import Extra
from bot.errors import Refused

MOST = Extra(usd=1_000.0, tokens=100_000_000, minutes=24 * 60.0)
"""Of one grant. A day, and what a day of a large team costs: whatever is more is a slip of the keyboard, and can be said twice."""

_LARGEST = 1e15
"""Numbers are read up to this, far above `MOST`: what is larger is refused all the same, and floats above some size are infinite."""

_SCALES = {"": 1, "k": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000}
_USD = frozenset({"$", "usd", "us$", "dollar", "dollars"})
_TOKENS = frozenset({"tok", "toks", "token", "tokens"})
_MINUTES = {"min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60}

_NUMBER = r"\d{1,3}(?:[,_]\d{3})+(?![\d,_])|\d+(?:\.\d+)?|\.\d+"
_UNIT = "|".join(re.escape(unit) for unit in sorted({*_USD, *_TOKENS, *_MINUTES}, key=len, reverse=True))
_END = r"(?=[\s,;&+]|$)"
_AMOUNT = re.compile(
    rf"(?:and\s|[\s,;&+])*(?P<dollar>(?:us)?\$)?\s*(?P<number>{_NUMBER})"
    rf"(?:\s*(?P<scale>million|mio|m|k)(?=\s*(?:{_UNIT}){_END}|[\s,;&+]|$))?(?:\s*(?P<unit>{_UNIT}))?{_END}",
    re.IGNORECASE,
)

HOW = "write what to add, such as `/specbot budget +2usd`, `+500k tokens` or `+20min`; several may stand together"


def read_extra(words: Sequence[str]) -> Extra:
    """The sum of all amounts. Raises `Refused` for what is no amount, has no clear unit, or is more than `MOST`."""
    text = " ".join(words).strip()
    if not text:
        raise Refused("the command says no amount", hint=HOW)
    if "-" in text:
        raise Refused("a budget can only be raised", hint="to end the run: `/specbot stop`")
    extra, place = Extra(), 0
    while place < len(text):
        found = _AMOUNT.match(text, place)
        if found is None:
            raise Refused(f"“{text[place:].strip()[:60]}” is no amount", hint=HOW)
        extra += _amount(found)
        place = found.end()
    if extra.usd > MOST.usd or extra.tokens > MOST.tokens or extra.minutes > MOST.minutes:
        most = f"${MOST.usd:,.0f}, {MOST.tokens:,} tokens and {MOST.minutes / 60:.0f} hours"
        raise Refused(f"that is more than one command may add ({most})", hint="say less, or say it twice")
    if extra == Extra():
        raise Refused("nothing would be added", hint=HOW)
    return extra


def _amount(found: re.Match[str]) -> Extra:
    number = min(float(re.sub("[,_]", "", found["number"])), _LARGEST)
    scale, unit = (found["scale"] or "").lower(), (found["unit"] or "").lower()
    if found["dollar"] and not unit:
        unit = "$"
    if not unit and scale == "k":
        unit = "tokens"  # nobody adds thousands of dollars or minutes
    value = number * _SCALES[scale]
    if unit in _USD:
        return Extra(usd=value)
    if unit in _TOKENS and not found["dollar"]:
        return Extra(tokens=round(value))
    if unit in _MINUTES and not found["dollar"]:
        return Extra(minutes=value * _MINUTES[unit])
    said = found[0].strip(" ,;&")
    raise Refused(f"“{said}” does not say what of: dollars, tokens or minutes", hint=HOW)
