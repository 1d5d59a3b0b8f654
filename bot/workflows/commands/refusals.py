"""A refusal is said once: the same one to the same person on the same pull request is only a reaction from then on."""

import hashlib

from bot.core.events.model import Command, SaidIn
from bot.core.pulls import ReactionTarget
from bot.workflows.house import House

REACTED_TO = {
    SaidIn.CONVERSATION: ReactionTarget.ISSUE_COMMENT,
    SaidIn.THREAD: ReactionTarget.REVIEW_COMMENT,
}
"""What a command was typed in and takes a reaction; reviews take none (REST, reactions)."""

DIGITS = 15
"""Hexadecimal ones of a digest: 60 bits, which every database takes for a number."""


def said_before(house: House, command: Command, answer: str) -> bool:
    """Whether another command of this person got this very answer here. Repeated after a crash, a command finds itself and not another one.
    Whoever presses a button is always answered: there is nothing to react to."""
    if command.comment_id is None:
        return False
    told = f"{command.verb.value}\0{answer}".encode()
    key = f"refused/{command.repo.repo_id}/{command.number}/{command.actor.user_id}/{hashlib.sha256(told).hexdigest()}"
    mine = int(hashlib.sha256(command.command_id.encode()).hexdigest()[:DIGITS], 16)
    known = house.store.post(key)
    if known is None:
        house.store.keep_post(key, mine)
    return known not in (None, mine)


def shake_the_head(house: House, command: Command) -> None:
    """The reaction that takes the place of a second answer."""
    target = REACTED_TO.get(command.said_in)
    if command.comment_id is not None and target is not None:
        house.github.react(command.repo, target, command.comment_id, "confused")
