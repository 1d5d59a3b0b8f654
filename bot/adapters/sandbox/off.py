"""No sandbox at all: for people who set `SPECBOT_SANDBOX=off` on purpose, because they trust what they run.

UNSAFE. Code under test reads what the service's user can read, reaches the network, and can outlive its command by leaving the process
group. What is left: time and output limits, the kernel's limits for each process, a killed process group, a minimal
environment without the service's secrets, and (as root) the checkout's own uid.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot.adapters.sandbox.beneath import read_beneath, write_beneath
from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.harness import harness_files, harness_variables
from bot.adapters.sandbox.launcher import SYSTEM_TOOLS
from bot.adapters.sandbox.layout import command_variables
from bot.adapters.sandbox.limits import kernel_limits
from bot.adapters.sandbox.listing import paths_beneath
from bot.adapters.sandbox.programs import run_program
from bot.adapters.sandbox.reports import ReportFile
from bot.adapters.sandbox.scratch import scratch_checkout
from bot.core.patterns import readable_patterns
from bot.core.ports import BoxLimits, BoxResult, Checkout, Environment, SandboxState
from bot.core.proofs.model import Harness
from bot.errors import Defect, SandboxUnavailable, Unsafe

WARNING = "SPECBOT_SANDBOX=off: untrusted code runs without a sandbox, with the network and the files of this machine"

TRIAL_SECONDS = 20.0


class NoSandbox:
    """The port `Sandbox` without a sandbox. Made by the wiring only when the setting says `off`."""

    def __init__(self, state_dir: Path, uids: BoxUids) -> None:
        self._state_dir = state_dir
        self._uids = uids

    def probe(self) -> SandboxState:
        return SandboxState("off", WARNING, ())

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
        """As the port says, except that `writable` and the memory limit are not kept."""
        if any(os.fspath(bind.host) != bind.box for bind in environment.binds):
            raise Defect("an environment for the box cannot be used without one", hint="prepare it with boxed=False")
        if not argv or any("\0" in word for word in argv):
            raise Unsafe("a command needs words without NUL characters")
        with self._folder(checkout.box_uid) as folder, ReportFile(folder / "report", checkout.box_uid) as report:
            added = {}
            if harness is not None:
                for file in harness_files():
                    (folder / Path(file.box).name).write_bytes(file.content)
                added = harness_variables(harness, folder=os.fspath(folder), report=os.fspath(report.path))
            given = {"HOME": f"{folder}/home", "TMPDIR": f"{folder}/scratch", **(variables or {})}
            seen = command_variables(environment, given, {**added, "SPECBOT_TREE": os.fspath(checkout.path)})
            words = self._words(argv, limits, checkout.box_uid)
            result = await run_program(
                words, checkout.path, seen, seconds=limits.seconds, output_bytes=limits.output_bytes
            )
            return replace(result, report=report.read()) if harness else result

    async def try_out(self, environment: Environment, argv: Sequence[str]) -> BoxResult:
        """Run a command of ours in an empty checkout, to see whether an environment works."""
        with scratch_checkout(self._state_dir, self._uids) as checkout:
            return await self.run(checkout, argv, environment=environment, limits=BoxLimits(seconds=TRIAL_SECONDS))

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        return read_beneath(checkout.path, path, limit)

    def paths(self, checkout: Checkout, patterns: Sequence[str], *, most: int) -> tuple[str, ...]:
        return paths_beneath(checkout.path, readable_patterns(patterns), most)

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        write_beneath(checkout.path, path, data, checkout.box_uid)

    @contextmanager
    def _folder(self, uid: int | None) -> Iterator[Path]:
        """A folder for one run: harness, home, temporary files."""
        parent = self._state_dir / "off"
        parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        parent.chmod(0o711)
        folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            folder.chmod(0o755)
            for name in ("home", "scratch"):
                (folder / name).mkdir()
                if uid is not None:
                    os.chown(folder / name, uid, uid)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _words(self, argv: Sequence[str], limits: BoxLimits, uid: int | None) -> list[str]:
        prlimit, setpriv = (shutil.which(tool, path=SYSTEM_TOOLS) for tool in ("prlimit", "setpriv"))
        words = [prlimit, *kernel_limits(limits, uid is not None), "--"] if prlimit else []
        if uid is not None:
            if setpriv is None:
                raise SandboxUnavailable(
                    "setpriv is missing, so that code would run as root", hint="install util-linux"
                )
            words += [setpriv, "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--no-new-privs", "--"]
        return [*words, *argv]
