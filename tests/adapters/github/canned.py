"""A server whose answers a test writes, for what no real GitHub would do on request."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MINTED = "access_tokens"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True)
class Answer:
    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None


def token_answer(value: str = "ghs_x", lives: timedelta = timedelta(hours=1)) -> Answer:
    return Answer(201, {"token": value, "expires_at": (datetime.now(UTC) + lives).strftime("%Y-%m-%dT%H:%M:%SZ")})


class Canned:
    """Answers by a function; `asked` keeps every request. Tokens are minted unless the function does it itself."""

    def __init__(self, answer: Callable[[Asked], Answer | None]) -> None:
        self.asked: list[Asked] = []
        canned = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                asked = Asked(self.command, self.path, dict(self.headers), json.loads(raw) if raw else None)
                canned.asked.append(asked)
                given = answer(asked)
                if given is None and MINTED in asked.path:
                    given = token_answer()
                if given is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._give(given)

            def _give(self, given: Answer) -> None:
                body = given.text if given.text is not None else json.dumps(given.data)
                self.send_response_only(given.status)
                for name, value in {"Date": format_datetime(datetime.now(UTC), usegmt=True), **given.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())
                self.wfile.flush()

            do_GET = do_POST = do_PATCH = _handle

            def log_message(self, format: str, *args: object) -> None:
                """The tests read `asked`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api/v3"

    def __enter__(self) -> "Canned":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def of(self, method: str, part: str = "") -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method and part in asked.path]
