"""Sentences of ours and of specs on a page: visible text in which `code` between backticks is shown as code, and nothing else is markup."""

import re

from markupsafe import Markup, escape

from bot.core.visible import visible

_CODE = re.compile(r"`([^`\n]+)`")


def coded(text: str) -> Markup:
    """The text escaped, with simple code spans as `<code>`."""
    shown = visible(text)
    parts: list[Markup] = []
    end = 0
    for match in _CODE.finditer(shown):
        parts += [escape(shown[end : match.start()]), Markup("<code>{}</code>").format(match[1])]
        end = match.end()
    return Markup("").join([*parts, escape(shown[end:])])
