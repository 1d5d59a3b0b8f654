"""The tamper rules' pages: what each means, a change that trips it, what to do. One Markdown file a rule, `TP101.md`."""

from importlib.resources import files

from bot.core.proofs.model import TamperWeight
from bot.core.proofs.tamper import RULES
from bot.errors import UserFault

PREFIX = "TP"

_WEIGHTS = {
    TamperWeight.HARD: "Hard: every verdict is *tampered*, the check fails, and nobody can allow it. `removes:` in the spec names what is meant to go.",
    TamperWeight.SOFT: "Soft: the check asks for a person. Somebody who may write says why it may stay, on a line of its own in a comment:\n\n"
    "```text\n/specbot allow {rule} REASON\n```\n\nThe word is kept with name and time, and counts as long as the finding stays the same.",
    TamperWeight.NOTE: "A note: it is said, and holds nothing up.",
}


def tamper_source(rule: str) -> str:
    """The text of a rule's file."""
    return (files(__name__) / f"{rule}.md").read_text(encoding="utf-8")


def tamper_page(name: str) -> str:
    """A rule's page in Markdown, whatever the case of its name. Raises `UserFault` for one that there is not."""
    rule = name.upper()
    if rule not in RULES:
        raise UserFault(f"there is no rule {name[:40]}", hint=f"the tamper rules are {', '.join(RULES)}")
    weight, title = RULES[rule]
    return (
        "\n\n".join(
            (f"# {rule} {title}", tamper_source(rule).rstrip("\n"), "## Weight", _WEIGHTS[weight].format(rule=rule))
        )
        + "\n"
    )


def tamper_list() -> tuple[str, ...]:
    """A line for each rule: id, weight, title."""
    return tuple(f"{rule}  {weight.value:<7}  {title}" for rule, (weight, title) in RULES.items())
