"""Environments for Python repositories: an interpreter that the box can see, and packages from wheels, read-only in the box."""

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.adapters.sandbox.interpreters import Interpreter, candidates
from bot.adapters.sandbox.package_folder import box_folder, fill, packages_in
from bot.adapters.sandbox.requirements import Wanted, wanted
from bot.adapters.sandbox.wheels import install
from bot.core.policy.model import EnvironmentConfig
from bot.core.ports import Bind, BoxResult, Environment, SandboxState
from bot.core.pulls import RepoRef
from bot.errors import EnvironmentFault
from bot.ids import Digest, TreeSha

VERSION = 1
"""Changes when the same inputs are laid out differently, so that old folders are not taken for new ones."""

LOCK_SECONDS = 0.1
"""How often a preparation that waits for another one of the same environment looks again."""

TRIAL = "import json, sys, zlib, ctypes, unittest; print(*sys.version_info[:3])"
"""What a Python must be able to do inside the box to be of use; the version shows that it found its own library there."""


class TryingSandbox(Protocol):
    """What environments need of a sandbox: to see whether an interpreter works inside."""

    def probe(self) -> SandboxState: ...

    async def try_out(self, environment: Environment, argv: Sequence[str]) -> BoxResult: ...


class PythonEnvironments:
    """The port `Environments`. May be used from several threads, event loops and processes at once."""

    def __init__(
        self,
        state_dir: Path,
        sandbox: TryingSandbox,
        *,
        wheels: Path | None = None,
        interpreter: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """`wheels` is a folder that is tried before any index; `interpreter` the one Python to use. `environ` is the service's
        environment, of which only what says how to reach a package index is used."""
        self._state_dir = state_dir
        self._sandbox = sandbox
        self._wheels = wheels
        self._setting = interpreter
        self._environ = dict(environ or {})
        self._interpreters: dict[int, Interpreter] = {}

    async def prepare(
        self, repo: RepoRef, config: EnvironmentConfig, files: Mapping[str, bytes], tree: TreeSha | None = None
    ) -> Environment:
        """As the port says, without set-up commands. `files`: manifests with their content; the other paths of the tree may be given with empty content, so
        that a Python repository without manifests is known as one.

        With `config.requirements` exactly these are installed, with () none; else (None) what the manifests name, and pytest for anything in Python. The
        repository itself is not installed: its root and `src` are importable as in an editable installation.
        """
        need = wanted(config.requirements, files)
        boxed = self._sandbox.probe().mode != "off"
        interpreter = await self._interpreter(need.minor, boxed)
        folder = await self._folder(interpreter, need, boxed)
        return _environment(folder, interpreter, config, boxed)

    async def _interpreter(self, minor: int, boxed: bool) -> Interpreter:
        if (known := self._interpreters.get(minor)) is not None:
            return known
        seen = []
        waiting = candidates(self._setting, self._state_dir, boxed=boxed, minor=minor)
        while (found := await asyncio.to_thread(next, waiting, None)) is not None:
            result, said = await self._tried(found)
            if result.broken or result.stopped_by:
                # That says nothing of the interpreter. Taking the next one for it would make equal trees' environments differ.
                result, said = await self._tried(found)
            if result.exit_code == 0 and said == " ".join(map(str, found.version)):
                self._interpreters[minor] = found
                return found
            seen.append(f"{found.host}: {said or 'it does not run in the box'}")
        asked = f"Python 3.{minor} or newer" if minor else "Python"
        raise EnvironmentFault(
            f"there is no {asked} on this machine that works in the box",
            hint="install python3 under /usr, or name one with SPECBOT_BOX_PYTHON",
            output="\n".join(seen),
        )

    async def _tried(self, found: Interpreter) -> tuple[BoxResult, str]:
        nothing = Environment(Digest(""), (), found.binds, found.variables, "an interpreter on trial")
        result = await self._sandbox.try_out(nothing, [found.box, "-I", "-c", TRIAL])
        return result, result.broken or result.output.decode("utf-8", "replace").strip()

    async def _folder(self, interpreter: Interpreter, need: Wanted, boxed: bool) -> Path:
        """The prepared folder for these inputs; made once, however many ask at the same time."""
        inputs = json.dumps([VERSION, boxed, interpreter.version, interpreter.box, need.requirements])
        name = hashlib.sha256(inputs.encode()).hexdigest()[:24]
        parent = self._state_dir / "environments"
        parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        parent.chmod(0o711)
        place = parent / name
        if not place.exists():
            async with locked(parent / f"{name}.lock"):
                if not place.exists():
                    await self._make(place, interpreter, need.requirements, boxed)
        return place

    async def _make(self, place: Path, interpreter: Interpreter, requirements: Sequence[str], boxed: bool) -> None:
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
        try:
            site = made / "lib" / f"python{interpreter.minor}" / "site-packages"
            site.mkdir(parents=True)
            await install(requirements, site, interpreter.host, self._wheels, self._environ)
            await asyncio.to_thread(fill, made, site, box_folder(place, boxed), interpreter)
            os.rename(made, place)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _environment(folder: Path, interpreter: Interpreter, config: EnvironmentConfig, boxed: bool) -> Environment:
    box = box_folder(folder, boxed)
    packages = packages_in(folder, interpreter)
    version = ".".join(str(part) for part in interpreter.version)
    variables = (("VIRTUAL_ENV", box), *interpreter.variables, *config.variables)
    content = json.dumps([VERSION, version, packages, config.variables])
    return Environment(
        digest=Digest(hashlib.sha256(content.encode()).hexdigest()),
        path=(f"{box}/bin",),
        binds=(*interpreter.binds, Bind(folder, box)),
        variables=variables,
        description=f"Python {version} with {', '.join(packages) or 'no packages'}",
    )


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """One preparation at a time, across threads and processes; a dead one's lock is gone with it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(LOCK_SECONDS)
        yield
    finally:
        os.close(lock)
