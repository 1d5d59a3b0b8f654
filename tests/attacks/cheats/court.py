"""The court: one repository, one sandbox and one database for all cheats. Each is done in a checkout of its own, goes through the bounds of what an
agent may write, and is proven by the product's own `verify`. Nothing that was executed before is executed again."""

import asyncio
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.adapters.local.clone import Clone, LocalWork
from bot.adapters.local.forge import THE_USER, LocalForge
from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.app import local_house
from bot.core.plans.territory import Territory
from bot.core.policy.configuration import read_configuration
from bot.core.ports import BoxLimits, Checkout, Environment
from bot.core.proofs.contracts import contract_record, with_contracts
from bot.core.proofs.model import Contract, TamperWeight, Verification
from bot.core.proofs.outcome import Outcome, outcome
from bot.core.proofs.planning import claims_of
from bot.core.proofs.trusted import trusted_paths
from bot.core.proofs.verdicts import judge_criterion
from bot.core.runs import Run, RunState, Stage
from bot.ids import Digest, PrNumber, RunId, Sha, TreeSha, run_id
from bot.settings import load_settings
from bot.workflows.bounds import allowed_part
from bot.workflows.environment import prepared
from bot.workflows.house import House
from bot.workflows.notes import Facts, Specs
from bot.workflows.proving import verify
from bot.workflows.reading import specs_between
from tests.adapters.sandbox.place import OFFLINE, WHEELS
from tests.attacks.cheats.cheat import BASE, CONTRACT_PATH, CONTRACT_TEST, Cheat, Desk
from tests.attacks.cheats.hurried import Hurried
from tests.support.stage import shared_environments

AGENT_SECONDS = 20.0
"""For a deed in the agent's box; they take parts of a second."""

SPEC = """\
---
title: Greet people by name
status: ready
---

# Greet people by name

## Acceptance criteria

- **AC-1** The greeting names the person.
"""


@dataclass(frozen=True)
class Judged:
    """A cheat's end in both ways: `ruled` as the product judges what it may hand in, `unruled` what it left in full, with every tamper rule
    switched off. `put_back`: what it was not allowed to write."""

    ruled: Verification
    unruled: Verification
    put_back: tuple[str, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(found.rule for found in self.ruled.tampering if found.weight is not TamperWeight.NOTE)
        )

    @property
    def with_rules(self) -> Outcome:
        return outcome(self.ruled)

    @property
    def without_rules(self) -> Outcome:
        return outcome(self.unruled)


@dataclass(frozen=True)
class Scene:
    """A pull request whose spec has one criterion with one command."""

    facts: Facts
    specs: Specs
    contract: Contract | None
    number: PrNumber


class Court:
    def __init__(self, root: Path, house: House, forge: LocalForge) -> None:
        self._house, self._forge, self._origin = house, forge, forge.clone.root
        self._scenes: dict[str, Scene] = {}

    def judged(self, cheat: Cheat) -> Judged:
        scene = self._scene(cheat.verify)
        house = (
            self._house
            if cheat.soon is None
            else replace(self._house, sandbox=Hurried(self._house.sandbox, cheat.soon))
        )
        left = asyncio.run(self._done(cheat, scene))
        locked = frozenset({scene.contract.path} if scene.contract else ())
        land = Territory((), scene.facts.config, locked=locked)
        tree, put_back = allowed_part(house, self._forge.repo, land, scene.facts.head_tree, left)
        ruled = asyncio.run(verify(house, self._run(scene, f"{cheat.name}"), scene.facts, scene.specs, tree))
        whole = ruled
        if tree != left:
            whole = asyncio.run(verify(house, self._run(scene, f"{cheat.name}/left"), scene.facts, scene.specs, left))
        return Judged(ruled, without_rules(whole, scene), put_back)

    async def _done(self, cheat: Cheat, scene: Scene) -> TreeSha:
        """The tree that the agent leaves, in the mirror."""
        house, repo = self._house, self._forge.repo
        environment = await prepared(house, self._run(scene, cheat.name), scene.facts)
        checkout = await asyncio.to_thread(house.git.checkout, repo, scene.facts.head_tree, f"agent/{cheat.name}")
        try:
            for deed in cheat.deeds:
                await asyncio.to_thread(deed, self._desk(checkout, environment))
            return house.git.keep_snapshot(checkout, house.git.snapshot(checkout))
        finally:
            house.git.discard(checkout)

    def _desk(self, checkout: Checkout, environment: Environment) -> Desk:
        def run(script: str) -> None:
            words, limits = ["/bin/bash", "-c", script], BoxLimits(seconds=AGENT_SECONDS)
            asyncio.run(self._house.sandbox.run(checkout, words, environment=environment, limits=limits))

        def write(path: str, content: str) -> None:
            self._house.sandbox.write(checkout, path, content.encode())

        return Desk(checkout, write, run)

    def _run(self, scene: Scene, name: str) -> Run:
        identity = RunId(f"{run_id(self._forge.repo.repo_id, scene.number, scene.facts.head, 1)}-{name}")
        return Run(
            run_id=identity,
            repo=self._forge.repo,
            number=scene.number,
            start_head=scene.facts.head,
            attempt=1,
            head_repo_id=self._forge.repo.repo_id,
            head_ref="topic",
            base_ref="main",
            state=RunState.WORKING,
            stage=Stage.VERIFY,
            reason="",
            requester=THE_USER,
            created_at=self._house.clock.now(),
        )

    def _scene(self, script: str) -> Scene:
        if script not in self._scenes:
            self._scenes[script] = self._made_scene(script)
        return self._scenes[script]

    def _made_scene(self, script: str) -> Scene:
        number = PrNumber(len(self._scenes) + 1)
        block = f"\n  ```sh verify\n  {script}\n  ```\n" if script else ""
        files = {"specs/greet.md": SPEC + block, **({} if script else {CONTRACT_PATH: CONTRACT_TEST})}
        base, head = (self._commit(branch, more) for branch, more in (("main", {}), (f"topic-{number}", files)))
        house, repo = self._house, self._forge.repo
        house.git.fetch(repo, [head, base], branch=f"topic-{number}")
        config = read_configuration(BASE[".github/specbot.yml"].encode(), None)
        facts = Facts(head, house.git.tree(repo, head), base, house.git.tree(repo, base), config)
        specs = specs_between(house, repo, facts)
        (spec,) = specs.in_force
        contract = None if script else self._locked(facts, specs)
        if contract is not None:
            house.store.append_ledger(repo.repo_id, number, "lock", contract_record(contract))
        assert len(spec.criteria) == 1
        return Scene(facts, specs, contract, number)

    def _locked(self, facts: Facts, specs: Specs) -> Contract:
        criterion = specs.in_force[0].criteria[0]
        entry = next(
            one for one in self._house.git.entries(self._forge.repo, facts.head_tree) if one.path == CONTRACT_PATH
        )
        return Contract(
            criterion=criterion.name,
            criterion_digest=criterion.digest,
            path=CONTRACT_PATH,
            digest=Digest(hashlib.sha256(CONTRACT_TEST.encode()).hexdigest()),
            blob=entry.blob,
            size=entry.size,
            command=f"python -m pytest -q -p no:cacheprovider {CONTRACT_PATH}",
            commit=facts.head,
            run=RunId("author"),
            red="1 of 1 tests failed",
        )

    def _commit(self, branch: str, files: Mapping[str, str]) -> Sha:
        """A commit with the base's files and these, on a branch of its own; always the same for the same files."""
        for path, content in {**BASE, **files}.items():
            (self._origin / path).parent.mkdir(parents=True, exist_ok=True)
            (self._origin / path).write_text(content)
        if branch != "main":
            self._git("checkout", "-q", "-B", branch, "main")
        self._git("add", "-A")
        if self._git("status", "--porcelain"):
            self._git("commit", "-q", "-m", branch)
        head = Sha(self._git("rev-parse", "HEAD"))
        self._git("checkout", "-q", "-B", "main", "main" if branch != "main" else "HEAD")
        return head

    def _git(self, *words: str) -> str:
        return git(self._origin, *words)


def without_rules(verification: Verification, scene: Scene) -> Verification:
    """The same executions, judged as if no tamper rule had found anything."""
    trusted = trusted_paths(scene.facts.config.trusted)
    claims = with_contracts(claims_of(scene.specs.in_force, {}), [scene.contract] if scene.contract else [], ())
    verdicts = [
        judge_criterion(
            claim.criterion,
            claim.kind,
            one.shown[: len(claim.criterion.commands)],
            trusted=trusted,
            own=one.shown[len(claim.criterion.commands) :],
        )
        for claim, one in zip(claims, verification.verdicts, strict=True)
    ]
    return replace(verification, verdicts=tuple(verdicts), tampering=())


@contextmanager
def court_in_session() -> Iterator[Court]:
    """Everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="specbot-court-") as folder:
        root = Path(folder)
        root.chmod(0o711)  # a box's own user passes through to its checkout
        origin, state = root / "origin", root / "state"
        for path in (origin, state):
            path.mkdir(mode=0o711)
        git(origin, "init", "-q", "-b", "main")
        database = f"sqlite:///{root}/court.db"
        migrate(database)
        with shared_environments(state / "environments"):
            own = {"SPECBOT_STATE_DIR": str(state), "SPECBOT_DATABASE_URL": database, "SPECBOT_WHEELS": str(WHEELS)}
            store = SqlStore(database)
            try:
                work = LocalWork(origin, "specs/greet.md", Sha("0" * 40), Sha("0" * 40), "topic")
                house, forge = local_house(load_settings({**own, **OFFLINE}), store, Clone(origin), work)
                yield Court(root, house, forge)
                house.git.close()
            finally:
                store.close()


def git(folder: Path, *words: str) -> str:
    who = {
        "GIT_AUTHOR_NAME": "ada",
        "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "ada",
        "GIT_COMMITTER_EMAIL": "ada@example.com",
    }
    when = {"GIT_AUTHOR_DATE": "2026-11-22T12:00:00Z", "GIT_COMMITTER_DATE": "2026-11-22T12:00:00Z"}
    git_words = shutil.which("git") or "git"
    done = subprocess.run(
        [git_words, *words],
        cwd=folder,
        env={**who, **when, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
