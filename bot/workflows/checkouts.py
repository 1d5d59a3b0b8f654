"""A checkout for the time of one piece of work: thrown away afterwards, also when the work is cancelled while it is being made."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.core.ports import Checkout
from bot.core.pulls import RepoRef
from bot.ids import TreeSha
from bot.workflows.house import House, in_thread


@asynccontextmanager
async def fresh_checkout(house: House, repo: RepoRef, tree: TreeSha, name: str) -> AsyncIterator[Checkout]:
    """Exactly `tree`, under `name`."""
    made: list[Checkout] = []
    try:
        await in_thread(lambda: made.append(house.git.checkout(repo, tree, name)))
        yield made[0]
    finally:
        await in_thread(lambda: _discard(house, made))


def _discard(house: House, made: list[Checkout]) -> None:
    for checkout in made:
        house.git.discard(checkout)
