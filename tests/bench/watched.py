"""The real sandbox with a stop-watch, so that the boxes' own time can be told from ours."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.ports import BoxLimits, BoxResult, Checkout, Environment, Sandbox, SandboxState
from bot.core.proofs.model import Harness


@dataclass
class Watched:
    """The port `Sandbox`; `seconds` are those of each command, the start and end of its box included."""

    sandbox: Sandbox
    seconds: list[float] = field(default_factory=list)

    def probe(self) -> SandboxState:
        return self.sandbox.probe()

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
        started = time.perf_counter()
        ended = await self.sandbox.run(
            checkout,
            argv,
            environment=environment,
            limits=limits,
            writable=writable,
            harness=harness,
            variables=variables,
        )
        self.seconds.append(time.perf_counter() - started)
        return ended

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        return self.sandbox.read(checkout, path, limit=limit)

    def paths(self, checkout: Checkout, patterns: Sequence[str], *, most: int) -> tuple[str, ...]:
        return self.sandbox.paths(checkout, patterns, most=most)

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        self.sandbox.write(checkout, path, data)
