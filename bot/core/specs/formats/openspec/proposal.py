"""`proposal.md` and `design.md`: why, what, how, and what not. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.core.specs.blocks import Heading
from bot.core.specs.formats.foreign import Page
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign

_INTENT = frozenset({"why", "motivation", "problem", "purpose"})
"""`Why` is what OpenSpec asks for; the others are what people write instead of it."""

_OUT_OF_SCOPE = frozenset({"non-goals", "non goals", "out of scope", "not in scope"})
_CAPABILITIES = frozenset({"new capabilities", "modified capabilities"})
_GENERIC = frozenset({"change", "proposal", "change proposal"})
"""Titles that say only what kind of file this is."""

_PREFIX = re.compile(r"(?:change|proposal|change proposal)\s*:\s*", re.IGNORECASE)
_BOLD_LEAD = re.compile(r"\*\*(?P<title>[^*]{1,60})\*\*:?\s*(?P<rest>.*)")
_CAPABILITY = re.compile(r"[-*]\s+\*{0,2}`(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*)`")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says. `context` is all that is neither intent nor out of scope."""

    title: str = ""
    intent: str = ""
    context: str = ""
    out_of_scope: str = ""


def read_page(page: Page | None) -> Told:
    """The page by its headings: one with a known name opens its part, which ends at the next heading that is not below it."""
    if page is None:
        return Told()
    titles = [heading for heading in page.outline.headings if heading.level == 1]
    title = _title(titles[0].text) if titles else ""
    parts: dict[str, list[str]] = {"intent": [], "context": [], "out": []}
    for kind, first, last in _parts(page, titles[:1]):
        parts[kind].append("\n".join(page.source.lines[first - 1 : last]).strip("\n"))
    intent, context, out = ("\n\n".join(filter(str.strip, pieces)) for pieces in parts.values())
    return Told(title, intent, context, out)


def _title(heading: str) -> str:
    words = " ".join(heading.split())
    prefix = _PREFIX.match(words)
    title = words[prefix.end() :] if prefix is not None else words
    return "" if title.lower() in _GENERIC else title


def _parts(page: Page, title: list[Heading]) -> Iterator[tuple[str, int, int]]:
    """(kind, first line, last line) for every line but the title's; a part of its own kind without its heading."""
    kind, level, start = "context", 0, page.source.front + 1
    for heading in page.outline.headings:
        opened = _kind(heading.text)
        if heading not in title and opened == "context" and (kind == "context" or heading.level > level):
            continue
        yield kind, start, heading.line - 1
        kind, level = opened, heading.level
        start = heading.line if opened == "context" and heading not in title else heading.end_line + 1
    yield kind, start, len(page.source.lines)


def _kind(heading: str) -> str:
    words = " ".join(heading.strip(" :*_").lower().split())
    if words in _INTENT:
        return "intent"
    return "out" if words in _OUT_OF_SCOPE else "context"


def bold_non_goals(page: Page | None) -> str:
    """What `design.md` says below `**Non-Goals:**`, as OpenSpec's template has it: up to the next bold lead or heading."""
    if page is None:
        return ""
    headings = {heading.line for heading in page.outline.headings}
    told: list[str] = []
    inside = False
    for number, line in enumerate(page.lines, 1):
        lead = _BOLD_LEAD.match(line)
        if lead is not None or number in headings:
            inside = lead is not None and _kind(lead["title"]) == "out"
            told.append(lead["rest"] if lead is not None and inside else "")
        elif inside:
            told.append(line)
    return "\n".join(told).strip()


def named_capabilities(page: Page | None) -> Iterator[tuple[str, int]]:
    """The capabilities that a proposal says it adds or modifies, with their lines."""
    inside = False
    headings = {heading.line: heading for heading in page.outline.headings} if page is not None else {}
    for number, line in enumerate(page.lines if page is not None else (), 1):
        if number in headings:
            inside = headings[number].text.strip(" :*_").lower() in _CAPABILITIES
        found = _CAPABILITY.match(line) if inside else None
        if found is not None:
            yield found["name"], number


def missing_deltas(page: Page | None, capabilities: Collection[str]) -> Iterator[Finding]:
    """Capabilities that the proposal names and the change has no delta for."""
    for name, line in named_capabilities(page):
        if page is not None and name not in capabilities:
            message = f"The proposal names the capability `{name[:80]}`, and this change has no delta for it."
            hint = f"Add `specs/{name[:80]}/spec.md` to the change, or take the name out."
            yield foreign.DANGLING.finding(page.source.position(line), message, hint)


def readable(change: str) -> str:
    """A change's id as a title: `add-two-factor` is told as “Add two factor”."""
    words = " ".join(change.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]


def joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text.strip())


def areas_told(areas: Iterable[str]) -> str:
    named = ", ".join(" ".join(area.split()) for area in areas)
    return f"Affected areas: {named}." if named else ""
