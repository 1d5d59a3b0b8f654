"""`retry`: a new attempt at the same head. `verify [SHA]`: the same, but only the proofs; no model is called.

On a fork's pull request either is also the word that its code may be run here, and then the commit has to be named (the button that verifies does it itself).
"""

import re

from bot.core.events.model import Command, Verb
from bot.core.policy.fork_words import ForkWord, fork_word_record
from bot.core.pulls import PullRequest
from bot.errors import Refused
from bot.workflows.commands.guard import busy, granted_key, meant_for_this_head, permitted
from bot.workflows.commands.rule import SHA_DIGITS
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin

_SHA = re.compile(rf"[0-9a-f]{{{SHA_DIGITS},40}}")


def retry(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the new run's comment says it all."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    _names_no_other_head(command, pull)
    answer = busy(house, engine, command, pull)
    if answer:
        return answer
    if pull.from_fork and _is_a_word(command):
        word = fork_word_record(ForkWord(pull.head_sha, command.actor, command.given_at))
        house.store.append_ledger(pull.repo.repo_id, pull.number, f"fork/{command.command_id}", word)
    house.store.keep_post(granted_key(command), 1)
    begin(house, engine, pull, command.actor, asked_by=command.command_id, verify_only=command.verb is Verb.VERIFY)
    return ""


def _is_a_word(command: Command) -> bool:
    """Typed with the commit's name, or the button *Verify again* of its check. "Re-run all checks" is pressed by habit, and means nothing of the
    kind: without a word from before, such a run executes nothing."""
    return command.comment_id is not None or command.verb is Verb.VERIFY


def _names_no_other_head(command: Command, pull: PullRequest) -> None:
    if command.comment_id is None:
        return
    said = command.arguments[0].strip("`").lower() if command.arguments else ""
    named = _SHA.fullmatch(said) is not None
    now = pull.head_sha[:SHA_DIGITS]
    if named and not pull.head_sha.startswith(said):
        raise Refused(
            f"this names {said[:12]}, but the head is {pull.head_sha[:12]} now",
            hint=f"look at it and write `/specbot {command.verb.value} {now}`",
        )
    if pull.from_fork and not named:
        raise Refused(
            "this is a fork's pull request: whoever lets its code run here names the commit that was looked at",
            hint=f"look at the changes and write `/specbot verify {now}`",
        )
