"""Villains: implementers that cheat, each with a pull request of its own, all on one stage and side by side.

Who is at work is told by the spec's path in the prompt; the reviewer sees no evil.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.core.proofs.model import Verdict, Verification
from bot.hub.state.issues import Issue
from bot.ids import PrNumber, RepoId
from bot.workflows.notes import Kept, Work, find
from tests.adapters.sandbox.place import OFFLINE, WHEELS
from tests.support.scripted_model import Answer, Script, Seen, call
from tests.support.stage import BASE, Stage

WITH_PYTEST = "environment:\n  requirements: [pytest]\nbudget:\n  tokens: 5000000\n  minutes: 30\n"
GREET = 'def greet(name):\n    return "hello"\n'
TESTS = """\
from greet import greet


def test_by_name():
    assert greet("Ada") == "hello Ada"


def test_nobody():
    assert greet("").strip() == "hello"
"""
BASE_FILES = {**BASE, ".github/specbot.yml": WITH_PYTEST, "tests/test_greet.py": TESTS, "greet.py": GREET}
PYTEST = "python -m pytest -q -p no:cacheprovider tests"
PLAIN = "python3 -c \"from greet import greet; assert greet('Ada') == 'hello Ada'\""
ENVIRONMENT = {**OFFLINE, "SPECBOT_WHEELS": str(WHEELS)}

SECONDS = 110.0
"""For all villains of one stage together, on a machine that others use too."""

PROVEN = frozenset({Verdict.PROVEN})
FAILED = frozenset({Verdict.FAILED})
TAMPERED = frozenset({Verdict.TAMPERED})
NO_EVIDENCE = frozenset({Verdict.NO_EVIDENCE})

Call = tuple[str, Mapping[str, Any]]


def create(path: str, content: str) -> Call:
    return "create", {"path": path, "content": content, "overwrite": True}


def sh(script: str) -> Call:
    return "bash", {"script": script}


@dataclass(frozen=True)
class Villain:
    """What it does (`calls`, told in `attack`), what a criterion of its spec runs, what the spec lets it write ("" for everything), and how
    that has to end: the verdicts, none where it left nothing that could be judged."""

    name: str
    attack: str
    held_by: str
    calls: tuple[Call, ...]
    verdicts: frozenset[Verdict]
    verify: str = PYTEST
    scope: str = "greet.py"
    brings: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"specs/{self.name}.md"

    @property
    def spec(self) -> str:
        scope = f"scope: [{self.scope}]\n" if self.scope else ""
        commands = "".join(f"  {line}\n" for line in self.verify.splitlines())
        return (
            f"---\ntitle: Greet people by name ({self.name})\nstatus: ready\n{scope}---\n\n# Greet people by name ({self.name})\n\n"
            f"## Acceptance criteria\n\n- **AC-1** The greeting names the person.\n\n  ```sh verify\n{commands}  ```\n"
        )


def cast(villains: Sequence[Villain]) -> Script:
    """Each does its deeds and says that all is well; asked to repair, it says so again."""

    def script(seen: Seen) -> Answer:
        if seen.label.startswith("reviewer"):
            return call("finish", summary="Flawless.", findings=[])
        prompt = str(seen.body["messages"][1]["content"])
        villain = next(v for v in villains if v.path in prompt)
        if seen.turn == 1:
            return Answer(calls=villain.calls)
        return call("finish", summary="All criteria hold and all tests pass.")

    return script


@contextmanager
def played(villains: Sequence[Villain]) -> Iterator["Play"]:
    """The stage after all villains have played."""
    with Stage(cast(villains), base=BASE_FILES, environment=ENVIRONMENT) as stage, stage.worker():
        pulls = {v.name: stage.open(None, {v.path: v.spec, **v.brings}, branch=v.name) for v in villains}
        for pull in pulls.values():
            stage.settled(pull, SECONDS)
        yield Play(stage, pulls)


@dataclass(frozen=True)
class Ending:
    """How a villain's run ended. `dropped` are the paths that were put back before anything was judged."""

    conclusion: str | None
    title: str
    pushed: bool
    verdicts: frozenset[Verdict]
    reasons: str
    dropped: tuple[str, ...]
    kept_on: str


@dataclass(frozen=True)
class Play:
    stage: Stage
    pulls: Mapping[str, Issue]

    def paths(self, ref: str) -> list[str]:
        """Every path at a ref of the hub's repository."""
        listed = subprocess.run(
            ["git", "-C", str(self.stage.repo.path), "ls-tree", "-rz", "--name-only", ref],
            capture_output=True,
            check=True,
        )
        return [name.decode("utf-8", "replace") for name in listed.stdout.split(b"\0") if name]

    def ending(self, villain: Villain) -> Ending:
        stage, pull = self.stage, self.pulls[villain.name]
        run = stage.store.runs_of(RepoId(stage.repo.id), PrNumber(pull.number))[-1]
        verification = find(stage.house, run.run_id, Verification)
        work, kept = find(stage.house, run.run_id, Work), find(stage.house, run.run_id, Kept)
        verdicts = verification.verdicts if verification and work else ()
        return Ending(
            stage.acceptance(pull),
            stage.title(pull),
            stage.head(pull) != run.start_head or run.published,
            frozenset(v.verdict for v in verdicts),
            "; ".join(reason for v in verdicts for reason in v.reasons),
            work.dropped if work else (),
            kept.branch if kept else "",
        )
