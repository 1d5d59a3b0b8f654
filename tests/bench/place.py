"""Where agents are measured: real git, sandbox and database below one folder that the boxes' uids can reach, and a model on loopback."""

import asyncio
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.adapters.clock import SystemClock
from bot.adapters.git.git import GitCommandLine
from bot.adapters.model.openai_chat import OpenAIChat
from bot.adapters.model.prices import ModelPrices
from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT, Bubblewrap
from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.agents.allowance import Allowance
from bot.agents.desk import Desk
from bot.agents.loop import Means, work
from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.implementer import implementer
from bot.agents.roles.role import Opening
from bot.core.policy.model import Cap, Price
from bot.core.policy.purse import Caps
from bot.core.ports import Model, Sandbox
from bot.core.pulls import Secret
from bot.core.runs import Budget
from bot.ids import RunId, Sha, TreeSha, agent_key
from tests.adapters.git.origin import REPO, NoTokens, Origin, fetched
from tests.adapters.store.values import run as run_at

BRIEFING = "Make `module_1` say its number. " + "Its callers stay as they are, and so do the tests. " * 60
"""About 3 kB: a short spec with its criteria, as an implementer is told."""

BUDGET = Budget(usd=None, tokens=50_000_000, minutes=10, turns=1_000)


def sources(count: int) -> dict[str, bytes]:
    """Small modules in folders of fifty."""
    lines = "".join(f"def say_{line}():\n    return {line}\n\n\n" for line in range(20))
    return {f"package_{n // 50}/module_{n}.py": f"NUMBER = {n}\n{lines}".encode() for n in range(count)}


@dataclass(frozen=True)
class Place:
    """`desk(name)` is a fresh checkout of `tree` with a real box around it."""

    root: Path
    git: GitCommandLine
    sandbox: Bubblewrap
    store: SqlStore
    tree: TreeSha

    def desk(self, name: str, sandbox: Sandbox | None = None) -> Desk:
        checkout = self.git.checkout(REPO, self.tree, name)
        return Desk(checkout, self.tree, self.git, sandbox or self.sandbox, NO_ENVIRONMENT)


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that other users may pass through."""
    root = Path(tempfile.mkdtemp(prefix="specbot-bench-"))
    root.chmod(0o711)
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def place(root: Path, files: Mapping[str, bytes]) -> Iterator[Place]:
    """A repository with these files, fetched. Fails with the reason on a machine without a working sandbox."""
    origin = Origin(root / "origin.git")
    migrate(_database(root))
    with _opened(root) as (git, sandbox, store):
        yield Place(root, git, sandbox, store, fetched(git, origin.commit(files)))


@contextmanager
def reopened(root: Path, tree: TreeSha) -> Iterator[Place]:
    """What `place` left there, in another process."""
    with _opened(root) as (git, sandbox, store):
        yield Place(root, git, sandbox, store, tree)


@contextmanager
def _opened(root: Path) -> Iterator[tuple[GitCommandLine, Bubblewrap, SqlStore]]:
    with ExitStack() as stack:
        uids = BoxUids(root / "state")
        stack.callback(uids.close)
        git = GitCommandLine(root / "state", lambda repo: str(root / "origin.git"), NoTokens(), uids)
        stack.callback(git.close)
        sandbox = Bubblewrap(root / "state", uids)
        assert sandbox.probe().usable, sandbox.probe().problems
        store = SqlStore(_database(root))
        stack.callback(store.close)
        yield git, sandbox, store


def _database(root: Path) -> str:
    return f"sqlite:///{root}/bench.db"


def client(base_url: str) -> OpenAIChat:
    return OpenAIChat(Secret("k" * 20), ModelPrices({"m": Price(1.0, 0.1, 5.0)}), base_url=base_url)


async def agent(
    store: SqlStore, model: Model, desk: Desk, run: str, briefing: str = BRIEFING, task: str = "T-1"
) -> AgentOutcome:
    """One implementer from its opening to its end, with the real journal and live log."""
    clock, run_id = SystemClock(), RunId(run)

    def tell(kind: str, data: Mapping[str, Any]) -> None:
        store.emit(run_id, f"agent.{kind}", json.dumps(data))

    head = Sha(hashlib.sha1(run.encode(), usedforsecurity=False).hexdigest())
    await asyncio.to_thread(store.create_run, replace(run_at(head, branch=run), run_id=run_id))
    purse = partial(store.reserve, run_id, caps=Caps(Cap(tokens=BUDGET.tokens)))
    allowance = Allowance(BUDGET.turns, purse, store.let_go, model.price("m"))
    means = Means(model, "m", store, allowance, clock, tell)
    key = agent_key(run_id, "implementer", task, 1)
    outcome = await work(key, implementer(), Opening(briefing), desk, means)
    assert outcome.status is AgentStatus.FINISHED, outcome
    return outcome


def conversation(
    store: SqlStore, desk: Desk, base_url: str, run: str, briefing: str = BRIEFING, task: str = "T-1"
) -> AgentOutcome:
    """The same on an event loop of its own."""

    async def whole() -> AgentOutcome:
        model = client(base_url)
        try:
            return await agent(store, model, desk, run, briefing, task)
        finally:
            await model.aclose()

    return asyncio.run(whole())
