"""Where an agent works: its checkout and the box around it. It holds nothing else: no token, no network, no host file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.plans.territory import Territory
from bot.core.ports import BoxLimits, ChangedFile, Checkout, Environment, Sandbox
from bot.ids import TreeSha

SCRATCH = ".specbot-scratch/.cache"
"""The folder in the checkout for full outputs that were too long to show. Snapshots leave it out: they take `.cache` for rubbish wherever
it is, and the name above it tells people whose it is."""

BOX_ROOT = "/ws"
"""Where the checkout lies in the box."""


class Snapshots(Protocol):
    """The part of the port `Git` that an agent's work needs; guarantees as there."""

    def snapshot(self, checkout: Checkout) -> TreeSha: ...

    def changed_in(self, checkout: Checkout, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]: ...

    def put_back(self, checkout: Checkout, paths: Sequence[str]) -> tuple[str, ...]: ...

    def bundle(self, checkout: Checkout, snapshot: TreeSha, base: TreeSha) -> bytes: ...

    def restore(self, checkout: Checkout, snapshot: TreeSha, bundle: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One agent's place. `base` is a tree that every machine's mirror holds after a fetch (the starting head's): bundles are made
    against it. `limits` are for each command; its seconds are set by the tool. `territory` is what may be written, None for anything."""

    checkout: Checkout
    base: TreeSha
    snapshots: Snapshots
    sandbox: Sandbox
    environment: Environment
    limits: BoxLimits = BoxLimits(seconds=120)
    territory: Territory | None = None
