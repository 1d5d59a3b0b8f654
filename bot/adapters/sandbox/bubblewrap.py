"""The sandbox: bubblewrap with namespaces, a system-call filter, kernel limits and a watchdog."""

import asyncio
import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bot.adapters.sandbox.beneath import read_beneath, write_beneath
from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.diagnosis import explain
from bot.adapters.sandbox.disk_use import DiskUse
from bot.adapters.sandbox.harness import (
    SERVICES,
    SERVICES_EXIT,
    harness_files,
    harness_variables,
    services_files,
    way_out_files,
)
from bot.adapters.sandbox.launcher import Launcher, find_launcher
from bot.adapters.sandbox.layers import laid
from bot.adapters.sandbox.layout import SYSTEM_FILES, Plan, WayOut, command_variables
from bot.adapters.sandbox.leftovers import sweep
from bot.adapters.sandbox.limits import SET_UP_BYTES, SET_UP_INODES, DiskLimits
from bot.adapters.sandbox.listing import paths_beneath
from bot.adapters.sandbox.output import KeptOutput
from bot.adapters.sandbox.process_tree import Box, undisturbed
from bot.adapters.sandbox.reports import ReportFile
from bot.adapters.sandbox.scratch import scratch_checkout
from bot.adapters.sandbox.starting import start_box
from bot.adapters.sandbox.watchdog import watch
from bot.core.patterns import readable_patterns
from bot.core.ports import BoxLimits, BoxResult, Checkout, Environment, Layer, SandboxState
from bot.core.proofs.model import Harness, StoppedBy
from bot.errors import Defect, SandboxUnavailable, SpecbotError, Unsafe
from bot.ids import Digest

NO_ENVIRONMENT = Environment(Digest(""), (), (), (), "what the machine has in /usr")

TRIAL_LIMITS = BoxLimits(seconds=20.0)
"""A box starts in hundredths of a second; a machine that takes longer than this for one is not usable."""

TRIAL = "test $(id -u) = 1000 && test ! -w /usr && echo works > /ws/trial"
"""What the first box of a process does: it is not root, cannot write the system, can write its checkout."""


class Bubblewrap:
    """The port `Sandbox`. May be used from several threads and event loops at once."""

    def __init__(self, state_dir: Path, uids: BoxUids, *, disk: DiskLimits | None = None) -> None:
        """`state_dir` must be reachable by the uids of boxes when the service runs as root. Nothing is touched before the first use."""
        self._state_dir = state_dir
        self._uids = uids
        self._disk = disk or DiskLimits()
        self._set_up_disk = disk or DiskLimits(SET_UP_BYTES, SET_UP_INODES)
        self._guard = threading.Lock()
        self._known: tuple[SandboxState, Launcher | None] | None = None
        self._overlays: bool | None = None

    def probe(self) -> SandboxState:
        return self._probed()[0]

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
        known = self._known
        state, launcher = known if known is not None else await asyncio.to_thread(self._probed)
        if launcher is None:
            raise SandboxUnavailable("there is no working sandbox on this machine", hint=" ".join(state.problems))
        if (checkout.box_uid is None) == (os.geteuid() == 0):
            raise Defect("a checkout has a uid of its own exactly when the service runs as root")
        with ExitStack() as stack:
            report = None
            if harness is not None:
                report = stack.enter_context(ReportFile(self._state_dir / "reports", checkout.box_uid))
            try:
                changing = writable and bool(environment.layers) and await self._can_overlay(launcher)
                layers = stack.enter_context(laid(environment.layers, checkout, self._state_dir, writable=changing))
            except Unsafe as fault:
                nothing = KeptOutput(0).digest()
                words = f"the environment's folders cannot be laid into this tree: {fault.message}"
                return BoxResult(None, StoppedBy.NOTHING, b"", 0, nothing, 0.0, broken=words)
            plan = Plan(
                workspace=checkout.path,
                writable=writable,
                binds=environment.binds,
                files=SYSTEM_FILES
                + (harness_files() if harness else ())
                + (services_files() if environment.services else ()),
                variables=command_variables(
                    environment, variables or {}, harness_variables(harness) if harness else {}
                ),
                report=report.path if report else None,
                layers=layers,
            )
            started = _with_services(environment, argv)
            result = await self._run(launcher, plan, started, limits, checkout.box_uid, report)
            return _unserved(result) if environment.services else result

    async def set_up(
        self, checkout: Checkout, argv: Sequence[str], *, environment: Environment, limits: BoxLimits, way_out: WayOut
    ) -> BoxResult:
        """Run a command of a set-up: its home stays, and a socket leads out. Everything else is as in every box."""
        launcher = (await asyncio.to_thread(self._probed))[1]
        if launcher is None:
            raise SandboxUnavailable("there is no working sandbox on this machine", hint="run `specbot doctor`")
        variables = command_variables(environment, {}, {})
        files = SYSTEM_FILES + way_out_files()
        plan = Plan(checkout.path, True, environment.binds, files, variables, None, way_out=way_out)
        return await self._run(launcher, plan, argv, limits, checkout.box_uid, None)

    async def try_out(self, environment: Environment, argv: Sequence[str]) -> BoxResult:
        """Run a command of ours in an empty checkout, to see whether an environment works in the box."""
        with scratch_checkout(self._state_dir, self._uids) as checkout:
            return await self.run(checkout, argv, environment=environment, limits=TRIAL_LIMITS)

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        return read_beneath(checkout.path, path, limit)

    def paths(self, checkout: Checkout, patterns: Sequence[str], *, most: int) -> tuple[str, ...]:
        return paths_beneath(checkout.path, readable_patterns(patterns), most)

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        write_beneath(checkout.path, path, data, checkout.box_uid)

    async def _run(
        self,
        launcher: Launcher,
        plan: Plan,
        argv: Sequence[str],
        limits: BoxLimits,
        uid: int | None,
        report: ReportFile | None,
    ) -> BoxResult:
        changes = tuple(layer.changes for layer in plan.layers if layer.changes)
        limited = self._disk if plan.way_out is None else self._set_up_disk
        disk = DiskUse(plan.workspace, limited, (*changes, *([plan.way_out.home] if plan.way_out else [])))
        if disk.nearly_full():
            raise SandboxUnavailable(
                "the disk of the checkouts is nearly full", hint=f"make room below {self._state_dir}"
            )
        started = time.monotonic()
        box = start_box(launcher, plan, argv, limits, uid)
        try:
            stopped_by = await _until_ended(box, limits, disk, report)
        finally:
            try:
                await undisturbed(box.end())
            finally:
                box.close()
        exit_code, broken = _ending(box, stopped_by)
        return BoxResult(
            exit_code=exit_code,
            stopped_by=stopped_by,
            output=box.kept.text(),
            output_bytes=box.kept.total,
            output_digest=box.kept.digest(),
            seconds=time.monotonic() - started,
            report=report.read() if report else b"",
            broken=broken,
        )

    async def _can_overlay(self, launcher: Launcher) -> bool:
        """Whether this machine lays folders copy-on-write for an ordinary user (Linux 5.11 with bubblewrap 0.11). Without, they are read-only."""
        if self._overlays is None:
            with scratch_checkout(self._state_dir, self._uids) as checkout, ExitStack() as stack:
                lower = stack.enter_context(scratch_checkout(self._state_dir, self._uids)).path
                lower.chmod(0o755)
                layers = stack.enter_context(laid((Layer(lower, "layer"),), checkout, self._state_dir, writable=True))
                variables = command_variables(NO_ENVIRONMENT, {}, {})
                plan = Plan(checkout.path, True, (), SYSTEM_FILES, variables, None, layers)
                argv = ["/bin/sh", "-c", "echo > layer/it"]
                result = await self._run(launcher, plan, argv, TRIAL_LIMITS, checkout.box_uid, None)
                if result.stopped_by is not StoppedBy.NOTHING:
                    return False  # that says nothing of the machine, so it is not remembered
                self._overlays = result.exit_code == 0
        return self._overlays

    def _probed(self) -> tuple[SandboxState, Launcher | None]:
        """Only what works is remembered: a trial may fail because the machine had no memory left for a moment."""
        with self._guard:
            if self._known is not None:
                return self._known
            found = self._tried_out()
            if found[0].usable:
                self._known = found
            return found

    def _tried_out(self) -> tuple[SandboxState, Launcher | None]:
        sweep(self._state_dir)
        try:
            launcher = find_launcher(self._state_dir)
            # A thread of its own, because the caller's may have an event loop running.
            with ThreadPoolExecutor(1) as thread:
                problem, seconds = thread.submit(asyncio.run, self._trial(launcher)).result()
        except (SpecbotError, OSError) as fault:
            return SandboxState("none", "", (str(fault),)), None
        if problem:
            return SandboxState("none", "", (problem,)), None
        who = "as a uid of its own" if os.geteuid() == 0 else "as the service's user"
        return SandboxState("bubblewrap", f"a box starts in {seconds * 1000:.0f} ms, {who}", ()), launcher

    async def _trial(self, launcher: Launcher) -> tuple[str, float]:
        with scratch_checkout(self._state_dir, self._uids) as checkout:
            plan = Plan(checkout.path, True, (), SYSTEM_FILES, command_variables(NO_ENVIRONMENT, {}, {}), None)
            argv = ["/bin/sh", "-c", TRIAL]
            result = await self._run(launcher, plan, argv, TRIAL_LIMITS, checkout.box_uid, None)
            if result.broken or result.exit_code != 0:
                stopped = "" if result.stopped_by is StoppedBy.NOTHING else f"it was stopped: {result.stopped_by.value}"
                said = result.broken or stopped or result.output.decode("utf-8", "replace")
                return explain(said, self._state_dir, checkout.box_uid), result.seconds
            read_beneath(checkout.path, "trial", 100)
            return "", result.seconds


def _with_services(environment: Environment, argv: Sequence[str]) -> Sequence[str]:
    if not environment.services or not argv:
        return argv
    return [f"{environment.path[-1]}/python3", "-I", "-S", SERVICES, ",".join(environment.services), *argv]


def _unserved(result: BoxResult) -> BoxResult:
    """A service that did not start says nothing about the code."""
    if result.exit_code != SERVICES_EXIT:
        return result
    said = result.output.decode("utf-8", "replace").strip().splitlines()
    return replace(result, exit_code=None, broken=said[-1] if said else "a service did not start")


async def _until_ended(box: Box, limits: BoxLimits, disk: DiskUse, report: ReportFile | None) -> StoppedBy:
    """Wait for the command's own end, the watchdog or the time-out, whichever is first."""
    ended = asyncio.ensure_future(box.ended())
    watchdog = asyncio.ensure_future(watch(box, limits.memory_bytes, disk, report))
    try:
        await asyncio.wait((ended, watchdog), timeout=limits.seconds, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return StoppedBy.NOTHING
        return watchdog.result() if watchdog.done() else StoppedBy.TIME
    finally:
        ended.cancel()
        watchdog.cancel()
        await asyncio.gather(ended, watchdog, return_exceptions=True)


def _ending(box: Box, stopped_by: StoppedBy) -> tuple[int | None, str]:
    """The command's exit status and why the box failed, "" when it did not. The status comes from bubblewrap's own pipe,
    which the command cannot reach."""
    if stopped_by is not StoppedBy.NOTHING or box.exit_code is not None:
        return (None if stopped_by is not StoppedBy.NOTHING else box.exit_code), ""
    said = box.kept.text().decode("utf-8", "replace").strip()
    last = said.splitlines()[-1] if said else ""
    code = box.process.returncode
    if code is None or code < 0:
        return None, f"the box was ended from outside (signal {-code if code else 'unknown'}): {last or 'no output'}"
    return None, f"the box could not be set up: {last or f'exit status {code}'}"
