"""What people asked to have answered while a run was at work waits for its end. Whoever stops that run stops what waits for it too."""

from bot.core.events.model import Command, Verb
from bot.workflows.house import House

LOOKED_AT = 2000
"""Waiting commands looked through; the pump looks through as many."""


def drop_waiting_fixes(house: House, stop: Command, key: str) -> bool:
    """Whether something waited that was said before the stop; it is settled then, and `key` remembers it for a repetition."""
    known = f"{key}/fixes"
    for one in house.store.pending_commands(LOOKED_AT):
        here = one.repo.repo_id == stop.repo.repo_id and one.number == stop.number
        if one.verb is Verb.FIX and here and one.given_at <= stop.given_at:
            house.store.keep_post(known, 1)
            house.store.settle_command(one.command_id, f"stopped by {stop.actor.login}")
    return house.store.post(known) is not None
