"""`allow RULE [PATH] REASON`: a person takes responsibility for something that a tamper rule found."""

from bot.core.events.model import Command
from bot.core.proofs.allowances import Allowance, allowance_record, why_not_allowed
from bot.core.proofs.model import TamperFinding
from bot.core.pulls import PullRequest
from bot.errors import Refused
from bot.reporting.masking import Redactor
from bot.workflows.commands.verified import verified_at
from bot.workflows.commands.word import keep_word
from bot.workflows.engine import Engine
from bot.workflows.house import House


def allow(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    return keep_word(house, engine, command, _records)


def _records(house: House, command: Command, pull: PullRequest) -> list[tuple[str, str]]:
    return [
        (f"allowance/{command.command_id}/{allowance.finding}", allowance_record(allowance))
        for allowance in _allowances(house, command, pull)
    ]


def _allowances(house: House, command: Command, pull: PullRequest) -> list[Allowance]:
    """One for each finding of the rule that waits, as the person could see it at this head."""
    name, *words = command.arguments or ("",)
    rule = name.strip("`").upper()
    found = verified_at(house, pull).tampering
    why_not = why_not_allowed(rule, found)
    if why_not:
        waiting = ", ".join(f"`{one}`" for one in dict.fromkeys(f.rule for f in found if f.waits))
        hint = f"these wait for somebody's word: {waiting}" if waiting else "nothing of this change waits to be allowed"
        raise Refused(f"{rule or 'a rule without a name'}: {why_not}", hint=hint)
    meant, words = _meant([finding for finding in found if finding.rule == rule and finding.waits], words)
    if not words:
        raise Refused("what is allowed needs its reason", hint=f"`/specbot allow {rule} WHY IT MAY STAY`")
    reason = Redactor(house.secrets).mask(" ".join(words))
    return [
        Allowance(rule, finding.path, finding.digest, pull.head_sha, command.actor, command.given_at, reason)
        for finding in meant
    ]


def _meant(waiting: list[TamperFinding], words: list[str]) -> tuple[list[TamperFinding], list[str]]:
    """The findings in one file where the first word is its path, else all of the rule's."""
    path = words[0].strip("`") if words else ""
    at_path = [finding for finding in waiting if finding.path == path]
    return (at_path, words[1:]) if at_path else (waiting, words)
