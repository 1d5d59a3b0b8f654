"""`help`: what this person can say here now. Also the answer to a misspelt verb, with the nearest one."""

from bot.core.events.model import Command, Verb
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.offers import Offers, Place, offers
from bot.reporting.replies import help_text, unknown_verb
from bot.workflows.asked_review import reviews_under_way
from bot.workflows.commands.guard import allowed, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import live_runs


def explain(house: House, engine: Engine, command: Command) -> str:
    """The answer to post. Strangers get none: a public repository must not be made to talk."""
    pull = permitted(house, command)
    config = allowed(house, command, command.verb)
    live, review = bool(live_runs(house, pull)), bool(reviews_under_way(house, engine, pull, ""))
    return answer_with(command, offered(house, command, config, live=live, review=review))


def offered(house: House, command: Command, config: RepositoryConfig, *, live: bool, review: bool = False) -> Offers:
    """What whoever gave the command can say in the same place."""
    permission = house.github.permission(command.repo, command.actor)
    return offers(Place(command.on_issue, live, review), command.actor, permission, config)


def answer_with(command: Command, known: Offers) -> str:
    """The list, and for a misspelt verb what was probably meant."""
    if command.verb is Verb.UNKNOWN:
        return unknown_verb(command.text, "".join(command.arguments[:1]), known)
    return help_text(known)
