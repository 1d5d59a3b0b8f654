"""A recorded model: a small OpenAI-compatible endpoint on loopback that says what somebody once said, and only where it fits.

It plays a model, not a result. Each answer is given only when the tools have shown the model the same as when it was recorded, but for
times and the like; else the answer is an error with the difference, and the run fails.
"""

import difflib
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from bot.adapters.model.openai_chat import LABEL_HEADER
from bot.adapters.model.prices import RECORDED
from bot.adapters.model.recording import (
    RecordedResult,
    RecordedTurn,
    Turn,
    seen_results,
    steadied,
    turn_of_label,
)
from bot.adapters.model.wire import CHARACTERS_PER_TOKEN

LARGEST_REQUEST = 32 << 20
"""Bytes. Far above any context window; the endpoint is on loopback, but a wrong length must not fill the memory."""

CACHE_STEP = 128
"""Tokens: prompt caches serve prefixes in steps of this size (OpenAI's documentation)."""

DIFFERENCE_LINES = 60
"""Lines of a difference that are shown: enough to see what changed, and it passes whole through the client's cap on words."""


class RecordedModel:
    """`with RecordedModel("honest", turns) as model:` serves at `model.base_url` as `model.model`, on loopback, on a free port.

    `GET /stats` (beside `/v1`) tells how often each turn was asked. The same request always gets the same answer, also after a crash
    and from another process. Nothing is kept between requests but those counts.
    """

    def __init__(self, name: str, turns: Mapping[Turn, RecordedTurn]) -> None:
        self.model = RECORDED + name
        self._turns = dict(turns)
        self._lock = threading.Lock()
        self._asked: Counter[Turn] = Counter()
        self._answered: Counter[Turn] = Counter()
        self._mismatches: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="recorded-model"
        )

    @property
    def base_url(self) -> str:
        return f"{self._root}/v1"

    @property
    def stats_url(self) -> str:
        return f"{self._root}/stats"

    @property
    def _root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "RecordedModel":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def stats(self) -> dict[str, Any]:
        """`calls`: role, task, turn, how often it was asked and answered; `total`; `mismatches`: what did not fit."""
        with self._lock:
            calls = [
                {"role": t.role, "task": t.task, "turn": t.number, "count": n, "answered": self._answered[t]}
                for t, n in sorted(self._asked.items(), key=lambda item: str(item[0]))
            ]
            return {"calls": calls, "total": sum(self._asked.values()), "mismatches": list(self._mismatches)}

    def answer(self, label: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body for one chat completions request."""
        messages = body.get("messages")
        turn = turn_of_label(label)
        if turn is None or not isinstance(messages, list):
            return _error(
                HTTPStatus.BAD_REQUEST,
                "no_label",
                f"a recorded model needs messages and the header {LABEL_HEADER}: role/task/turn",
            )
        with self._lock:
            self._asked[turn] += 1
        fault = self._fault(turn, messages)
        with self._lock:
            if fault:
                self._mismatches.append(fault)
                return _error(HTTPStatus.UNPROCESSABLE_ENTITY, "recording_mismatch", fault)
            self._answered[turn] += 1
        return HTTPStatus.OK, _completion(str(body.get("model", self.model)), turn, self._turns[turn], body)

    def _fault(self, turn: Turn, messages: Sequence[Mapping[str, Any]]) -> str:
        """Why the recording has no answer here; "" when it has."""
        if turn not in self._turns:
            recorded = sorted({f"{t.role}/{t.task}" for t in self._turns})
            count = sum(1 for t in self._turns if (t.role, t.task) == (turn.role, turn.task))
            of = f"{turn.role}/{turn.task} has {count} turns" if count else f"it has {', '.join(recorded)}"
            return f"the recording has no turn {turn}: {of}"
        expected, seen = steadied(self._turns[turn].after), seen_results(messages)
        if expected == seen:
            return ""
        difference = list(difflib.unified_diff(_lines(expected), _lines(seen), "recorded", "this run", lineterm=""))
        rest = len(difference) - DIFFERENCE_LINES
        shown = [*difference[:DIFFERENCE_LINES], *([f"[{rest} more lines]"] if rest > 0 else [])]
        return f"before turn {turn} the tools showed something else than when it was recorded:\n" + "\n".join(shown)


def _lines(results: Sequence[RecordedResult]) -> list[str]:
    return [
        line
        for number, r in enumerate(results, start=1)
        for line in (f"result {number} of {r.tool}:", *r.result.split("\n"))
    ]


def _completion(model: str, turn: Turn, recorded: RecordedTurn, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as a chat completion; the ids are made from the turn, so that it is the same each time."""
    calls = [
        {
            "id": f"call_{turn.number}_{number}",
            "type": "function",
            "function": {
                "name": c.name,
                "arguments": c.arguments if isinstance(c.arguments, str) else json.dumps(c.arguments),
            },
        }
        for number, c in enumerate(recorded.answer.calls, start=1)
    ]
    message: dict[str, Any] = {"role": "assistant", "content": recorded.answer.text or None}
    if calls:
        message["tool_calls"] = calls
    return {
        "id": f"chatcmpl-{turn}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop", "logprobs": None}
        ],
        "usage": _usage(body, message),
    }


def _usage(body: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """An estimate: what the tokens would be, and what a prompt cache that saw the turn before could have served."""
    messages = body["messages"]
    last = max((i for i, m in enumerate(messages) if m.get("role") == "assistant"), default=None)
    prompt = _tokens(body.get("tools")) + _tokens(messages)
    cached = 0 if last is None else (_tokens(body.get("tools")) + _tokens(messages[:last])) // CACHE_STEP * CACHE_STEP
    completion = _tokens(message)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


def _tokens(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False)) // CHARACTERS_PER_TOKEN


def _error(status: HTTPStatus, code: str, words: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": words, "type": "recorded_model", "code": code, "param": None}}


def _handler(model: RecordedModel) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60  # an idle connection lets its thread go
        wbufsize = -1  # one packet for an answer: two would wait for each other (Nagle, 40 ms a call)

        def do_GET(self) -> None:
            if self.path == "/stats":
                self._send(HTTPStatus.OK, model.stats())
            elif self.path == "/v1/models":
                self._send(
                    HTTPStatus.OK,
                    {"object": "list", "data": [{"id": model.model, "object": "model", "owned_by": "recorded"}]},
                )
            else:
                self._send(*_error(HTTPStatus.NOT_FOUND, "not_found", "no such page"))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != "/v1/chat/completions" or not 0 < length <= LARGEST_REQUEST:
                self.close_connection = True
                self._send(*_error(HTTPStatus.NOT_FOUND, "not_found", "only /v1/chat/completions, with a body"))
                return
            try:
                body = json.loads(self.rfile.read(length))
            except (ValueError, RecursionError):
                body = None
            if not isinstance(body, dict):
                self._send(*_error(HTTPStatus.BAD_REQUEST, "bad_request", "the body is no JSON object"))
                return
            self._send(*model.answer(unquote(self.headers.get(LABEL_HEADER, "")), body))

        def _send(self, status: int, value: Mapping[str, Any]) -> None:
            data = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: the client logs its calls."""

    return Handler
