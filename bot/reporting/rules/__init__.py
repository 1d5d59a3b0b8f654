"""The rules' pages: what each means, an example that trips it, the same mended. One Markdown file a rule, `SB103.md`.

A file has what only a page has: title, severity, what may be done about it in the configuration and whether `--fix` mends it come from the rule.
Its examples are code blocks whose info string says `markdown trips` or `markdown mended`; `path=specs/014-x/tasks.md` after it names the file
that the example is.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib.resources import files

from bot.core.policy.configuration import PATH
from bot.core.specs.blocks import BlockKind, outline
from bot.core.specs.linter import RULES, RULES_BY_ID
from bot.core.specs.rules.rule import Rule
from bot.errors import UserFault

NEAR = 3
"""Rules that are named where an unknown one was asked for."""


def source(rule_id: str) -> str:
    """The text of a rule's file."""
    return (files(__name__) / f"{rule_id}.md").read_text(encoding="utf-8")


def find_rule(name: str) -> Rule:
    """The rule that somebody names, whatever the case, also by its number alone. Raises `UserFault` that names those that are nearly so called."""
    rule_id = f"SB{name}" if name.isdigit() else name.upper()
    found = RULES_BY_ID.get(rule_id)
    if found is not None:
        return found
    near = get_close_matches(rule_id[:20], RULES_BY_ID, n=NEAR)
    named = ", ".join(f"{rule} ({RULES_BY_ID[rule].title})" for rule in near)
    raise UserFault(
        f"there is no rule {name[:40]}",
        hint=f"did you mean {named}?" if near else "`specbot lint --rules` lists all of them",
    )


def page(rule: Rule) -> str:
    """A rule's page in Markdown."""
    parts = (
        f"# {rule.rule_id} {rule.title}",
        rule.explanation,
        "\n".join(_with_paths(source(rule.rule_id).rstrip("\n"))),
        "## Severity",
        _severity(rule),
        _fix(rule),
    )
    return "\n\n".join(parts) + "\n"


def rule_list(rules: Iterable[Rule] = RULES) -> tuple[str, ...]:
    """A line for each rule: id, severity, title."""
    return tuple(f"{rule.rule_id}  {rule.severity.value:<7}  {rule.title}" for rule in rules)


def _with_paths(text: str) -> Iterator[str]:
    """The lines of a file's text, with the name of the file that an example is above it."""
    names = {
        block.line: word.removeprefix("path=")
        for block in outline(text).blocks
        if block.kind is BlockKind.FENCE
        for word in block.info.split()
        if word.startswith("path=")
    }
    for number, line in enumerate(text.split("\n"), 1):
        if number in names:
            yield from (f"`{names[number]}`:", "")
        yield line


def _severity(rule: Rule) -> str:
    if rule.fixed:
        return f"{rule.severity.value.capitalize()}, and it stays one: without it nothing else in the spec could be relied on."
    return (
        f"{rule.severity.value.capitalize()}. A repository may weigh it otherwise, with `notice`, `warning`, `error` or `off`, in `{PATH}` of the base branch:\n\n"
        f"```yaml\nseverities:\n  {rule.rule_id}: {'notice' if rule.severity.value == 'error' else 'off'}\n```"
    )


def _fix(rule: Rule) -> str:
    if rule.fixable:
        return "`specbot lint --fix` mends it where it is plain what was meant."
    return "`specbot lint --fix` leaves it alone: only its author knows what was meant."
