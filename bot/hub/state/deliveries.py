"""Webhook deliveries as `/app/hook/deliveries` reports them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand one event to one App. Attempts of the same event share the `guid`."""

    id: int
    guid: str
    app_id: int
    event: str
    action: str | None
    installation_id: int | None
    repository_id: int | None
    payload: bytes
    redelivery: bool = False
    delivered_at: datetime | None = None
    duration: float = 0.0
    status: str = "PENDING"
    status_code: int = 0
    request_headers: Mapping[str, str] = field(default_factory=dict)
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the receiver answered with a 2xx."""
        return 200 <= self.status_code < 300
