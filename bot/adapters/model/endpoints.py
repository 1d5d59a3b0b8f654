"""Several endpoints as one `Model`: each request goes to the one it names, with that one's own key."""

from collections.abc import Mapping
from typing import Protocol

from bot.core.chat import ModelReply, ModelRequest
from bot.core.policy.model import Price
from bot.errors import ConfigFault


class Client(Protocol):
    """One endpoint."""

    async def complete(self, request: ModelRequest) -> ModelReply: ...

    def knows_price(self, model: str) -> bool: ...

    def price(self, model: str) -> Price | None: ...

    def close(self) -> None: ...

    async def aclose(self) -> None: ...


class Endpoints:
    """The port `Model` on clients by name. "" is the default one.

    A name comes from a repository, so it chooses among what the operator has configured and is never read as an address.
    """

    def __init__(self, default: Client, named: Mapping[str, Client]) -> None:
        self._default = default
        self._named = dict(named)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """As the client does it. Raises `ConfigFault` for a name that is not configured, before anything is sent."""
        return await self.client(request.endpoint).complete(request)

    def client(self, name: str) -> Client:
        """The client of that name. Raises `ConfigFault` with the names that there are."""
        if not name:
            return self._default
        if name in self._named:
            return self._named[name]
        known = ", ".join(sorted(self._named))
        names = f"it has {known}" if known else "it has none"
        raise ConfigFault(
            f"the endpoint `{name}` is not configured",
            hint=f"name one of the operator's in the roles of `.github/specbot.yml` ({names}), or leave `endpoint` out",
        )

    def knows_price(self, model: str) -> bool:
        return self._default.knows_price(model)

    def price(self, model: str) -> Price | None:
        """By the model's name alone: one price list holds for all endpoints."""
        return self._default.price(model)

    def close(self) -> None:
        for client in (self._default, *self._named.values()):
            client.close()

    async def aclose(self) -> None:
        """`close` on the loop that made the calls."""
        for client in (self._default, *self._named.values()):
            await client.aclose()
