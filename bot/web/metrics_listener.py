"""The metrics' own listener in gunicorn's main process, over the numbers of all workers.

Import it only after `PROMETHEUS_MULTIPROC_DIR` is set: the metrics library decides by it, once, how it counts.
"""

import threading
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client.multiprocess import mark_process_dead

from bot.web.metrics import shared_metrics_app


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are not worth a line each."""


def listen(port: int, directory: str) -> None:
    """Show the metrics on loopback until the process ends."""
    server = make_server("127.0.0.1", port, shared_metrics_app(directory), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def forget_worker(pid: int, directory: str) -> None:
    """A worker that ended no longer counts among the living ones."""
    mark: Any = mark_process_dead
    mark(pid, directory)
