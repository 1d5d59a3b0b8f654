"""A desk on a plain folder: models of the ports `Sandbox` and `Git` (its snapshots) that keep their promises without isolation.

For tests of the agents' loop and tools. Scripts run as ordinary processes, so only harmless ones belong here; that hostile ones are
held is shown with the real sandbox.
"""

import asyncio
import base64
import hashlib
import json
import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.adapters.sandbox.listing import paths_beneath
from bot.agents.desk import SCRATCH, Desk
from bot.core.patterns import readable_patterns
from bot.core.plans.territory import Territory
from bot.core.ports import BoxLimits, BoxResult, ChangedFile, ChangeKind, Checkout, Environment, SandboxState
from bot.core.proofs.model import Harness, StoppedBy
from bot.errors import NotThere, Unsafe
from bot.ids import Digest, RepoId, TreeSha

ENVIRONMENT = Environment(
    Digest("0" * 64), ("/usr/local/bin", "/usr/bin", "/bin"), (), (), "Python 3.11 at /usr/bin/python3"
)


def plain_desk(
    folder: Path,
    files: Mapping[str, str] | None = None,
    sandbox: "PlainSandbox | None" = None,
    territory: Territory | None = None,
) -> Desk:
    """A desk whose checkout holds `files`; a folder that is there already is taken as it is."""
    root = folder / "checkout"
    if not root.exists():
        root.mkdir(parents=True)
        for name, text in (files or {}).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text.encode())
    checkout = Checkout(RepoId(1), root, folder / "git", None)
    return Desk(
        checkout, TreeSha("f" * 40), PlainSnapshots(), sandbox or PlainSandbox(), ENVIRONMENT, territory=territory
    )


def contents(desk: Desk) -> dict[str, str]:
    """Every file of the checkout but scratch."""
    root = desk.checkout.path
    found = (p for p in sorted(root.rglob("*")) if p.is_file() and SCRATCH not in str(p))
    return {str(p.relative_to(root)): p.read_text() for p in found}


class PlainSnapshots:
    """A tree's id is the hash of its files, a bundle their text. Counts what it is asked. The first snapshot is what the checkout was made with."""

    def __init__(self) -> None:
        self.restored = 0
        self.bundled = 0
        self._states: dict[str, dict[str, str]] = {}

    def snapshot(self, checkout: Checkout) -> TreeSha:
        state = self._state(checkout)
        tree = TreeSha(hashlib.sha1(state, usedforsecurity=False).hexdigest())
        self._states.setdefault(tree, json.loads(state))
        return tree

    def changed_in(self, checkout: Checkout, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]:
        before, after = self._states[old], self._states[new]
        differ = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
        modes = {True: "100644", False: "000000"}
        return tuple(ChangedFile(ChangeKind.MODIFIED, p, modes[p in before], modes[p in after], "") for p in differ)

    def put_back(self, checkout: Checkout, paths: Sequence[str]) -> tuple[str, ...]:
        made_with = next(iter(self._states.values()))
        back = tuple(sorted(set(paths) & set(made_with)))
        for path in back:
            place = checkout.path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(base64.b64decode(made_with[path]))
        return back

    def bundle(self, checkout: Checkout, snapshot: TreeSha, base: TreeSha) -> bytes:
        self.bundled += 1
        state = self._state(checkout)
        assert hashlib.sha1(state, usedforsecurity=False).hexdigest() == snapshot
        return state

    def restore(self, checkout: Checkout, snapshot: TreeSha, bundle: bytes) -> None:
        self.restored += 1
        shutil.rmtree(checkout.path)
        checkout.path.mkdir()
        for name, data in json.loads(bundle).items():
            (checkout.path / name).parent.mkdir(parents=True, exist_ok=True)
            (checkout.path / name).write_bytes(base64.b64decode(data))
        assert self.snapshot(checkout) == snapshot

    def _state(self, checkout: Checkout) -> bytes:
        root = checkout.path
        found = (p for p in sorted(root.rglob("*")) if p.is_file() and not p.is_symlink() and SCRATCH not in str(p))
        return json.dumps({str(p.relative_to(root)): base64.b64encode(p.read_bytes()).decode() for p in found}).encode()


class PlainSandbox:
    """Runs in the folder, without a box. Remembers what it was asked; kills the process group at the time-out and on cancelling."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, bool, float]] = []
        self.running: asyncio.Event | None = None

    def probe(self) -> SandboxState:
        return SandboxState("off", "a plain folder for tests", ())

    async def run(
        self,
        checkout: Checkout,
        argv: Sequence[str],
        *,
        environment: Environment,
        limits: BoxLimits,
        writable: bool = True,
        harness: Harness | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> BoxResult:
        self.runs.append((argv[-1], writable, limits.seconds))
        process = await asyncio.create_subprocess_exec(
            *argv, cwd=checkout.path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, start_new_session=True, env={"PATH": ":".join(environment.path), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        stopped = StoppedBy.NOTHING
        talk = asyncio.ensure_future(process.communicate())
        if self.running is not None:
            self.running.set()
        try:
            await asyncio.wait([talk], timeout=limits.seconds)
            if not talk.done():
                stopped = StoppedBy.TIME
        finally:
            if not talk.done():
                os.killpg(process.pid, signal.SIGKILL)
                await asyncio.wait([talk])
        output, _ = talk.result()
        code = None if stopped or (process.returncode or 0) < 0 else process.returncode
        digest = Digest(hashlib.sha256(output).hexdigest())
        return BoxResult(code, stopped, output[: limits.output_bytes], len(output), digest, 0.1)

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        place = self._place(checkout, path)
        if not place.exists():
            raise NotThere(f"there is no {path}")
        if not place.is_file():
            raise Unsafe(f"{path} is no regular file")
        return place.read_bytes()[:limit]

    def paths(self, checkout: Checkout, patterns: Sequence[str], *, most: int) -> tuple[str, ...]:
        return paths_beneath(checkout.path, readable_patterns(patterns), most)

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        place = self._place(checkout, path)
        if place.is_dir():
            raise Unsafe(f"{path} is a folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def _place(self, checkout: Checkout, path: str) -> Path:
        place = checkout.path / path
        for part in (place, *place.parents):
            if part == checkout.path:
                return place
            if part.is_symlink():
                raise Unsafe(f"{path} goes through a link")
        raise Unsafe(f"{path} lies outside")
