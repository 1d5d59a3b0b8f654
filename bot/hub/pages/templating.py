"""The templates, with what they may call."""

import functools
import re
from datetime import UTC, datetime, timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.hub.pages import addresses
from bot.hub.state.people import User
from bot.hub.state.repositories import Repository

HUES = 360
"""Degrees of the colour circle, over which accounts are spread."""

UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that change how text reads without being seen: zero widths and changes of direction."""

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@functools.cache
def environment() -> Environment:
    """The templates' environment; every value is escaped unless it is Markup."""
    made = Environment(
        loader=PackageLoader("bot.hub.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "ago": ago, "code": seen, "count": count, "hue": hue, "initial": initial, "short": short, "stamp": stamp,
        "ticked": ticked,
    }  # fmt: skip
    made.globals |= {"to": addresses, "full_name": _full_name}
    return made


def page(template: str, **values: object) -> str:
    """A page's HTML."""
    return environment().get_template(template).render(**values)


def _full_name(repo: Repository) -> str:
    return repo.full_name


def stamp(when: datetime) -> str:
    """A time in full."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def ago(when: datetime, now: datetime) -> str:
    """A time as one says it: `3 minutes ago`; after a month the day."""
    past = now - when
    if past > timedelta(days=30):
        return f"on {when.astimezone(UTC):%-d %b %Y}"
    for unit, seconds in UNITS:
        number = int(past.total_seconds()) // seconds
        if number >= 1:
            return f"{count(number, unit)} ago"
    return "just now"


def count(number: int, word: str, many: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"


def short(sha: str) -> str:
    """A commit's id as one says it."""
    return sha[:7]


def hue(user: User) -> int:
    """The account's colour; neighbours in number stand far apart."""
    return user.id * 137 % HUES


def initial(user: User) -> str:
    """The letter on the account's picture."""
    return user.login[:1].upper()


def ticked(title: str) -> Markup:
    """A title with what stands in backticks as code."""
    parts = re.split(r"`([^`]+)`", title)
    shown = (Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts))
    return Markup("").join(shown)


def seen(text: str) -> Markup:
    """Code with characters made visible that would change how it reads."""
    out, at = [], 0
    for found in UNSEEN.finditer(text):
        name = f"U+{ord(found[0]):04X}"
        mark = Markup('<span class="unseen" title="An invisible character">{}</span>').format(name)
        out += [escape(text[at : found.start()]), mark]
        at = found.end()
    return Markup("").join([*out, escape(text[at:])])
