"""What the door counts, and the listener that shows it: its own port, never the one that GitHub reaches."""

from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app
from prometheus_client.multiprocess import MultiProcessCollector

ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for the time to an acknowledgement: from a quiet SSD to the ten seconds after which GitHub calls it failed."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class WebMetrics:
    """The counters of one process, on a registry of their own (nothing of the library's global one leaks in)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.deliveries = Counter(
            "specbot_deliveries", "Webhook requests by what became of them.", ["outcome"], registry=self.registry
        )
        self.secrets = Counter(
            "specbot_webhook_secret_matches",
            "Verified deliveries by the position of the secret that matched, from 1. An old secret that no longer counts can go.",
            ["position"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "specbot_delivery_seconds",
            "Seconds from the start of a webhook request to its answer.",
            buckets=ACK_SECONDS,
            registry=self.registry,
        )


def metrics_app(registry: CollectorRegistry) -> Wsgi:
    """A WSGI application that shows one process's registry; for a listener of its own."""
    app: Wsgi = make_wsgi_app(registry)
    return app


def shared_metrics_app(directory: str) -> Wsgi:
    """The same over all gunicorn workers, which leave their numbers in `directory` (`PROMETHEUS_MULTIPROC_DIR`)."""
    registry = CollectorRegistry()
    collector: Any = MultiProcessCollector
    collector(registry, path=directory)
    return metrics_app(registry)
