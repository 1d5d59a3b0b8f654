"""Does a text speak to the bot by its name? Pure."""

import re

from bot.core.pulls import AppIdentity

_CODE = re.compile(r"(`{3,}|~{3,}).*?(?:\1|\Z)|`[^`\n]*`", re.DOTALL)

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def mentions(body: str, us: AppIdentity) -> bool:
    """Whether people see `@specbot` (or `@specbot[bot]`) in it. Code, quotes and hidden comments do not count."""
    seen = _CODE.sub(" ", _HIDDEN.sub(" ", body))
    own_words = "\n".join(line for line in seen.split("\n") if not line.lstrip().startswith(">"))
    name = rf"(?<![\w@/-])@{re.escape(us.slug)}(?:\[bot\])?(?![\w-])"
    return re.search(name, own_words, re.IGNORECASE) is not None
