"""The reasons of a verdict, told in the order of time, and short where there is little room."""

import re
from collections.abc import Sequence

from bot.reporting.sanitize import without_code_marks

NAMES_SHOWN = 2
"""Ours: tests named in an annotation. It stands beside a line of code; the check's text has all of them."""

_WHEN = re.compile(r"(?P<command>(?:`.*?`: )?)(?P<when>before|after): ")
"""How a reason begins that tells what a command showed on the base or on the work (`bot.core.proofs.verdicts`)."""

_NAMES = re.compile(r": (?P<names>`[^`]+`(?:, `[^`]+`)*)(?: and (?P<more>[0-9]+) more)?$")


def in_order_of_time(reasons: Sequence[str]) -> tuple[str, ...]:
    """The reasons with what a command showed before ahead of what it showed after; the others stay where they are."""
    places: dict[str, list[int]] = {}
    for place, reason in enumerate(reasons):
        if match := _WHEN.match(reason):
            places.setdefault(match["command"], []).append(place)
    told = list(reasons)
    for command, taken in places.items():
        by_time = sorted(taken, key=lambda place: reasons[place].startswith(f"{command}after: "))
        for place, other in zip(taken, by_time, strict=True):
            told[place] = reasons[other]
    return tuple(told)


def say_before_and_after(reasons: Sequence[str], command: str) -> bool:
    """Whether they tell what a command showed on the base and on the work. `command` is its first line, as they name it where there are
    several; "" where there is one."""
    named = f"`{command}`: " if command else ""
    return all(any(r.startswith(f"{named}{when}: ") for r in reasons) for when in ("before", "after"))


def deciding(reasons: Sequence[str]) -> str:
    """The reason that decided, as it may stand in a title: no code marks, and not that it is about the work."""
    first = reasons[0] if reasons else ""
    match = _WHEN.match(first)
    told = f"{match['command']}{first[match.end() :]}" if match and match["when"] == "after" else first
    return told.replace("`", "")


def in_plain_text(reasons: Sequence[str]) -> tuple[str, ...]:
    """For places that show text as it is: no backticks, and at most `NAMES_SHOWN` tests named, by the reason that comes first."""
    told: dict[str, str] = {}
    named = False
    for reason in reasons:
        names = _NAMES.search(reason)
        told[reason] = _plain(f"{reason[: names.start()]}{'' if named else _few(names)}" if names else reason)
        named = named or names is not None
    return tuple(told[reason] for reason in in_order_of_time(reasons))


def _few(names: re.Match[str]) -> str:
    listed = names["names"].split(", ")
    more = len(listed) - NAMES_SHOWN + int(names["more"] or 0)
    return ": " + ", ".join(listed[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _plain(text: str) -> str:
    return without_code_marks(text).replace("`", "'")
