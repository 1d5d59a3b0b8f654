"""A sandbox for cheats that wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.ports import BoxLimits, BoxResult, Checkout, Environment, Sandbox, SandboxState
from bot.core.proofs.model import Harness


@dataclass(frozen=True)
class Hurried:
    """The sandbox with less patience, so that nobody has to wait five minutes for a time-out."""

    sandbox: Sandbox
    seconds: float

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
        return await self.sandbox.run(
            checkout,
            argv,
            environment=environment,
            limits=replace(limits, seconds=self.seconds),
            writable=writable,
            harness=harness,
            variables=variables,
        )

    def read(self, checkout: Checkout, path: str, *, limit: int) -> bytes:
        return self.sandbox.read(checkout, path, limit=limit)

    def write(self, checkout: Checkout, path: str, data: bytes) -> None:
        self.sandbox.write(checkout, path, data)
