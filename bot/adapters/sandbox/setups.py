"""Environments with set-up commands: run once for each state of the lock files, in a box whose only way out is our proxy."""

import asyncio
import hashlib
import json
import os
import ssl
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.adapters.sandbox.box_programs import SERVER, TOOLS, box_program, service_program
from bot.adapters.sandbox.bubblewrap import Bubblewrap
from bot.adapters.sandbox.environments import PythonEnvironments, locked
from bot.adapters.sandbox.harness import WAY_OUT
from bot.adapters.sandbox.layout import SETUP_HOME, SOCKET, WORKSPACE, WayOut
from bot.adapters.sandbox.off import NoSandbox
from bot.adapters.sandbox.process_tree import undisturbed
from bot.adapters.sandbox.products import removed, sealed, taken
from bot.adapters.sandbox.proxy import EgressProxy
from bot.adapters.sandbox.rust import OFFLINE, Rust
from bot.adapters.sandbox.setup_cache import HOME, LAYERS, Facts, keep_facts, kept_facts, make_room
from bot.adapters.sandbox.wheels import masked
from bot.core.environments.detect import detect
from bot.core.environments.egress import Operator
from bot.core.environments.kinds import Kind, inputs_of
from bot.core.environments.variables import SERVICE_VARIABLES, later_variables, programs, setup_variables
from bot.core.patterns import path_patterns
from bot.core.policy.model import EnvironmentConfig
from bot.core.ports import Bind, BoxLimits, BoxResult, Checkout, Environment, Git, Layer
from bot.core.pulls import RepoRef
from bot.errors import EnvironmentFault
from bot.ids import Digest, TreeSha

VERSION = 1
"""Changes when the same inputs are set up differently, so that old results are not taken for new ones."""

SETUP_SECONDS = 900.0
"""For all commands of one set-up. Half of it is what a large dependency tree with native parts takes on two cores."""

SETUP_MEMORY = 4 << 30
"""Compilers of native parts and package managers need more than tests."""

OUTPUT_BYTES = 40_000
"""Of each command's output, its first and last parts: what people are shown."""

PROXY_PORT = 3128
"""Inside the box, whose network is its own: no other program can hold it. The usual port of HTTP proxies."""

MANIFEST_BYTES = 256 * 1024
"""Of each; larger ones are no manifests."""

AUTOMATIC = frozenset({Kind.NPM, Kind.PNPM, Kind.GO, Kind.RUST})
"""What is set up without a word of the owners. Python's packages come from wheels, without executing anything."""

IN_FOLDER = 'cd -- "$1" && exec /bin/sh -c "$2"'


@dataclass(frozen=True, slots=True)
class _Work:
    """One set-up: what runs, on which tree, and what its result depends on."""

    repo: RepoRef
    tree: TreeSha
    commands: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    key: str


class SetUpEnvironments:
    """The port `Environments`. May be used from several threads, event loops and processes at once."""

    def __init__(
        self,
        state_dir: Path,
        python: PythonEnvironments,
        sandbox: Bubblewrap | NoSandbox,
        git: Git,
        *,
        operator: Operator | None = None,
        rust: Rust | None = None,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._state_dir = state_dir
        self._python = python
        self._sandbox = sandbox
        self._git = git
        self._operator = operator or Operator()
        self._rust = rust
        self._tls = tls

    async def prepare(
        self, repo: RepoRef, config: EnvironmentConfig, files: Mapping[str, bytes], tree: TreeSha | None = None
    ) -> Environment:
        """As the port says. Without a word about set-ups, what is found in the tree is set up when the operator has opened hosts for it.

        With commands of the root's own, Python packages come from `requirements` alone and not from manifests.
        """
        commands = config.commands
        if tree is not None and not commands and config.setup is None and self._operator.automatic:
            commands = await asyncio.to_thread(self._found, repo, tree)
        if tree is None or not commands:
            made = await self._tools(repo, config, files)
            return self._served(made, config) if tree is not None else made
        if not isinstance(self._sandbox, Bubblewrap):
            raise EnvironmentFault(
                "set-up commands are only run in a sandbox",
                hint="unset SPECBOT_SANDBOX, or set environment.setup to []",
            )
        listed = replace(config, requirements=config.requirements or ()) if config.setup else config
        under = await self._tools(repo, listed, files)
        key = await asyncio.to_thread(self._key, repo, config, tree, commands, under)
        work = _Work(repo, tree, commands, config.hosts, config.variables, key)
        place, facts = await self._place(work, under, self._sandbox)
        return self._served(_environment(place, facts, under, work), config)

    async def _tools(self, repo: RepoRef, config: EnvironmentConfig, files: Mapping[str, bytes]) -> Environment:
        """What a set-up begins with, and all there is without one. Outside of a box the machine's own programs are found."""
        made = await self._python.prepare(repo, config, files)
        if self._rust is None or not isinstance(self._sandbox, Bubblewrap):
            return made
        return await asyncio.to_thread(self._rust.added, made, files)

    def _served(self, made: Environment, config: EnvironmentConfig) -> Environment:
        """With the services that every command is to find. Their programs are the machine's."""
        if not config.services:
            return made
        if not isinstance(self._sandbox, Bubblewrap):
            raise EnvironmentFault(
                "services run only inside of a sandbox, whose network is its own", hint="unset SPECBOT_SANDBOX"
            )
        for service in config.services:
            if service_program(service) is None:
                raise EnvironmentFault(
                    f"{service.value} is not installed where boxes find it",
                    hint=f"install {SERVER[service]} below /usr on the worker's machine",
                )
        names = ", ".join(service.value for service in config.services)
        where = (pair for service in config.services for pair in SERVICE_VARIABLES[service])
        return replace(
            made,
            digest=Digest(hashlib.sha256(f"{made.digest}/{names}".encode()).hexdigest()),
            variables=(*where, *made.variables),
            description=f"{made.description}; with {names}",
            services=config.services,
        )

    def _found(self, repo: RepoRef, tree: TreeSha) -> tuple[tuple[str, str], ...]:
        """The commands of what is found, as far as this machine has the programs for them."""
        entries = {entry.path: entry for entry in self._git.entries(repo, tree)}

        def read(path: str) -> bytes:
            entry = entries.get(path)
            return (self._git.read(repo, tree, path) or b"") if entry and entry.size <= MANIFEST_BYTES else b""

        tools = self._rust.tools if self._rust else frozenset()
        projects = (project for project in detect(entries, read) if project.kind in AUTOMATIC)
        return tuple(
            (project.path, command)
            for project in projects
            if all(tool in tools or box_program(tool) for tool in project.tools)
            for command in project.setup
        )

    def _key(
        self,
        repo: RepoRef,
        config: EnvironmentConfig,
        tree: TreeSha,
        commands: tuple[tuple[str, str], ...],
        under: Environment,
    ) -> str:
        """One repository's results are no other's: its code ran in the set-up. Without any lock file the whole tree decides."""
        wanted = path_patterns(inputs_of(config.lock))
        inputs = [[entry.path, entry.blob] for entry in self._git.entries(repo, tree) if wanted.matches(entry.path)]
        tools = [(tool, os.stat(found).st_size) for tool in TOOLS if (found := box_program(tool))]
        words = [VERSION, repo.repo_id, under.digest, commands, inputs or tree, tools, config.variables]
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()

    async def _place(self, work: _Work, under: Environment, sandbox: Bubblewrap) -> tuple[Path, Facts]:
        """The result for these inputs; made once, however many ask at the same time."""
        parent = self._state_dir / "environments"
        await asyncio.to_thread(_reachable, parent)
        place = parent / f"setup-{work.key[:24]}"
        async with locked(parent / f"{place.name}.lock"):
            facts = await asyncio.to_thread(kept_facts, place)
            if facts is None:
                facts = await self._made(place, work, under, sandbox)
                await asyncio.to_thread(make_room, parent)
        return place, facts

    async def _made(self, place: Path, work: _Work, under: Environment, sandbox: Bubblewrap) -> Facts:
        started = time.monotonic()
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
        checkouts: list[Checkout] = []

        def check_out() -> None:
            checkouts.append(self._git.checkout(work.repo, work.tree, f"setup/{work.key}"))

        try:
            # Never half: a checkout that is being made when we are cancelled is thrown away like any other.
            await undisturbed(asyncio.to_thread(check_out))
            [checkout] = checkouts
            home = await asyncio.to_thread(_home, made, checkout)
            await self._run(work, checkout, home, under, sandbox)
            tracked = [entry.path for entry in self._git.entries(work.repo, work.tree)]
            facts = await asyncio.to_thread(_gathered, made, checkout, tracked, started)
            # What lies there without facts is of no use.
            await asyncio.to_thread(removed, place)
            os.rename(made, place)
            return facts
        finally:
            await asyncio.to_thread(removed, made)
            for checkout in checkouts:
                await asyncio.to_thread(self._git.discard, checkout)

    async def _run(self, work: _Work, checkout: Checkout, home: Path, under: Environment, sandbox: Bubblewrap) -> None:
        """Every command to its end. Raises `EnvironmentFault` at the first that fails, with its output and what was refused."""
        proxy = EgressProxy(self._operator.egress(work.repo, work.hosts), self._tls())
        address = f"http://127.0.0.1:{PROXY_PORT}"
        # No virtual environment is active: tools then make one in the checkout, which is kept. And here Cargo may fetch.
        variables = {name: value for name, value in under.variables if name not in ("VIRTUAL_ENV", OFFLINE[0])}
        variables |= dict(setup_variables(SETUP_HOME, address, self._operator.tools)) | dict(work.variables)
        here = programs(SETUP_HOME, WORKSPACE, (".venv", "node_modules"))
        box = replace(under, variables=tuple(variables.items()), path=(*here, *under.path))
        deadline = time.monotonic() + SETUP_SECONDS
        said: list[str] = []
        async with proxy.listening(self._state_dir / "ways") as socket:
            for folder, command in work.commands:
                words = [f"{under.path[0]}/python3", "-I", "-S", WAY_OUT, SOCKET, str(PROXY_PORT)]
                words += ["/bin/sh", "-c", IN_FOLDER, "sh", f"{WORKSPACE}/{folder}", command]
                limits = BoxLimits(max(1.0, deadline - time.monotonic()), SETUP_MEMORY, OUTPUT_BYTES, 1024, 2 << 30)
                result = await sandbox.set_up(
                    checkout, words, environment=box, limits=limits, way_out=WayOut(home, socket)
                )
                said.append(f"$ {command}\n{masked(result.output.decode('utf-8', 'replace'))}")
                if result.exit_code != 0:
                    raise _failed(folder, command, result, said, proxy.refused)


def _failed(
    folder: str, command: str, result: BoxResult, said: list[str], refused: Mapping[str, str]
) -> EnvironmentFault:
    ended = result.broken or (f"was stopped ({result.stopped_by.value})" if result.stopped_by else "")
    ended = ended or (f"ended with status {result.exit_code}" if result.exit_code is not None else "was killed")
    where = "" if folder == "." else f" in {folder}"
    hint = "correct environment.setup in .github/specbot.yml on the default branch"
    if refused:
        names = ", ".join(sorted(refused)[:8])
        hint = f"it asked for {names}, which it may not reach: allow what is meant with environment.hosts in .github/specbot.yml"
    lines = [*said, *(f"refused: {name} {why}" for name, why in sorted(refused.items()))]
    return EnvironmentFault(f"the set-up command `{command[:200]}`{where} {ended}", hint=hint, output="\n".join(lines))


def _environment(place: Path, facts: Facts, under: Environment, work: _Work) -> Environment:
    layers = tuple(Layer(place / LAYERS / str(number), path) for number, path in enumerate(facts.folders))
    variables = (*later_variables(SETUP_HOME), *under.variables)
    if ".venv" in facts.folders:
        variables += (("VIRTUAL_ENV", f"{WORKSPACE}/.venv"),)
    commands = "; ".join(command if folder == "." else f"{folder}: {command}" for folder, command in work.commands)
    left_out = f" ({facts.left_out} new files outside of new folders are not kept)" if facts.left_out else ""
    return Environment(
        digest=Digest(hashlib.sha256(f"{under.digest}/{work.key}".encode()).hexdigest()),
        path=(*programs(SETUP_HOME, WORKSPACE, facts.folders), *under.path),
        binds=(*under.binds, Bind(place / HOME, SETUP_HOME)),
        variables=variables,
        description=f"{under.description}; set up with {commands[:500]}{left_out}",
        layers=layers,
    )


def _reachable(folder: Path) -> None:
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder.chmod(0o711)


def _home(made: Path, checkout: Checkout) -> Path:
    """The set-up's home and its folder for temporary files, which the box owns."""
    made.chmod(0o711)
    home = made / HOME
    for folder in (home, home / ".scratch"):
        folder.mkdir()
        folder.chmod(0o755)
        if checkout.box_uid is not None:
            os.chown(folder, checkout.box_uid, checkout.box_uid)
    return home


def _gathered(made: Path, checkout: Checkout, tracked: list[str], started: float) -> Facts:
    removed(made / HOME / ".scratch")
    products = taken(checkout.path, tracked, made / LAYERS)
    size = sealed(made)
    facts = Facts(products.folders, len(products.left_out), size, round(time.monotonic() - started, 3))
    keep_facts(made, facts)
    return facts
