"""The HTTP server: loopback only, one thread for each connection."""

import threading

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.hub.wsgi import WsgiApp

POLL = 0.02
"""Seconds between looks for a wish to stop; werkzeug's half a second would be added to every test."""

BACKLOG = 128
"""Connections that wait to be taken; the tests send many at once."""


class QuietHandler(WSGIRequestHandler):
    """Speaks HTTP/1.1, which git needs for chunked pushes, and writes no log: the journal is the log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Close without an answer."""
        self.close_connection = True


class Server:
    """One listening socket and the thread that serves it."""

    def __init__(self, app: WsgiApp, port: int) -> None:
        self._server: BaseWSGIServer = make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)
        self._server.socket.listen(BACKLOG)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": POLL}, name="hub-server", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; requests in work may still end."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
