"""Makes a recording: a small endpoint on loopback that passes every call on to another one and keeps what was answered to whom.

    python -m bot.adapters.model.recorder URL OUT

Point `OPENAI_BASE_URL` at the address that it prints, let the session happen, and stop it with ctrl-c. Keys pass through and are not kept.
"""

import http.client
import json
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.adapters.model.openai_chat import LABEL_HEADER
from bot.adapters.model.recorded import LARGEST_REQUEST
from bot.adapters.model.recording import (
    RecordedAnswer,
    RecordedCall,
    RecordedTurn,
    Turn,
    seen_results,
    turn_of_label,
    write_recording,
)
from bot.adapters.model.wire import Malformed, read_answer

PATIENCE = 3_600.0
"""Seconds: an answer may be written by hand."""

_PASSED_ON = ("content-type", "retry-after", "retry-after-ms")


class Recorder:
    """`with Recorder(url) as recorder:` serves at `recorder.base_url`. `keep` is called with the whole recording after each answer."""

    def __init__(self, url: str, keep: Callable[[str], object] = str) -> None:
        self._to = urlsplit(url.rstrip("/"))
        self._keep = keep
        self._turns: dict[Turn, RecordedTurn] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "Recorder":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def recording(self) -> str:
        with self._lock:
            return write_recording(self._turns.values())

    def pass_on(self, path: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        """The other endpoint's status, headers and body."""
        secure = self._to.scheme == "https"
        there = (http.client.HTTPSConnection if secure else http.client.HTTPConnection)(
            self._to.netloc, timeout=PATIENCE
        )
        try:
            there.request("POST", self._to.path + path.removeprefix("/v1"), data, dict(headers))
            answer = there.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, {name: said[name] for name in _PASSED_ON if name in said}, answer.read()
        finally:
            there.close()

    def listen(self, label: str, request: bytes, answer: bytes) -> None:
        """Keep an answer. What was asked again (after a crash) and answered otherwise counts as it was answered last: so the run went on."""
        turn = turn_of_label(label)
        if turn is None:
            return
        try:
            messages = json.loads(request)["messages"]
            said = read_answer(answer.decode())
        except (ValueError, KeyError, TypeError, Malformed):
            return
        calls = tuple(
            RecordedCall(name=call.name, arguments=_plain(call.arguments)) for call in said.calls(turn.number)
        )
        recorded = RecordedTurn(
            role=turn.role,
            task=turn.task,
            turn=turn.number,
            after=seen_results(messages),
            answer=RecordedAnswer(text=said.text, calls=calls),
        )
        with self._lock:
            self._turns[turn] = recorded
            self._keep(write_recording(self._turns.values()))


def _plain(arguments: str) -> dict[str, Any] | str:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    return value if isinstance(value, dict) else arguments


def _handler(recorder: Recorder) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for an answer: two would wait for each other (Nagle, 40 ms a call)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 < length <= LARGEST_REQUEST:
                self.close_connection = True
                self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            data = self.rfile.read(length)
            wanted = ("Authorization", "Content-Type", LABEL_HEADER)
            headers = {name: self.headers[name] for name in wanted if self.headers[name]}
            try:
                status, said, body = recorder.pass_on(self.path, data, headers)
            except (OSError, http.client.HTTPException):
                self.send_error(HTTPStatus.BAD_GATEWAY)
                return
            if status == HTTPStatus.OK:
                recorder.listen(unquote(self.headers.get(LABEL_HEADER, "")), data, body)
            self.send_response(status)
            for name, value in {**said, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: the client logs its calls."""

    return Handler


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m bot.adapters.model.recorder URL OUT\n")
        return 2
    with Recorder(arguments[0], Path(arguments[1]).write_text) as recorder:
        sys.stdout.write(f"OPENAI_BASE_URL={recorder.base_url}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
