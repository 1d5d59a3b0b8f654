"""A gunicorn worker that cuts off clients who send too slowly.

gunicorn's threads wait for a request's bytes without end, so a few clients that send one byte now and then would hold every
thread. Here a request that is not read whole after `READ_SECONDS` is read no further; answering it is still possible.
"""

import socket
import threading
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

READ_SECONDS = 12.0
"""GitHub itself gives up after 10 seconds (docs, best practices for using webhooks); two more for the way."""


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types, so its class is Any
    """gunicorn's threaded worker with an end to its patience (gunicorn 27: `handle` serves one request of a connection)."""

    read_seconds = READ_SECONDS

    def handle(self, conn: Any) -> Any:
        deadline = threading.Timer(self.read_seconds, _stop_reading, [conn])
        deadline.daemon = True
        deadline.start()
        try:
            return super().handle(conn)
        finally:
            deadline.cancel()


def _stop_reading(conn: Any) -> None:
    """The reader sees the end of the stream; what is written goes out as before."""
    try:
        conn.sock.shutdown(socket.SHUT_RD)
    except OSError:
        return
