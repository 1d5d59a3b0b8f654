"""A model endpoint over real HTTP whose answers a test writes as a function of the request, with the faults real ones show.

Every request is kept, so that a test can say what the model saw and that each conversation only ever grew.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from bot.core.chat import Message, ModelReply, ModelRequest, ToolCall, Usage
from bot.core.policy.model import Price

STALL_ENDS = 30.0
"""Seconds after which a stalled answer lets go although nobody closed the server: no test may hang on it."""


@dataclass(frozen=True)
class Answer:
    """What the model says. `calls` are (tool, arguments); arguments given as text are sent as they are, also when malformed."""

    text: str = ""
    calls: Sequence[tuple[str, Mapping[str, Any] | str]] = ()
    finish_reason: str | None = ""
    usage: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """An HTTP error, or a broken answer: `truncate` cuts the body, `drop` closes without one, `stall` sends nothing until closed."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    truncate: bool = False
    drop: bool = False
    stall: bool = False


def call(name: str, **arguments: Any) -> Answer:
    return Answer(calls=[(name, arguments)])


@dataclass(frozen=True)
class Seen:
    label: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def turn(self) -> int:
        return int(self.label.rsplit("/", 1)[-1])

    @property
    def new(self) -> list[dict[str, Any]]:
        """What came after the model's last answer."""
        messages = self.body["messages"]
        last = max((i for i, m in enumerate(messages) if m["role"] == "assistant"), default=-1)
        return list(messages[last + 1 :])


Script = Callable[[Seen], Answer | Fault]


def in_order(*answers: Answer | Fault) -> Script:
    """The answers one after the other, whatever is asked; more requests than answers is an error the client sees."""
    left = list(answers)
    return lambda seen: left.pop(0) if left else Fault(400, {"error": {"message": "the script has ended"}})


def by_turn(*answers: Answer) -> Script:
    """The n-th answer to the n-th turn, however often it is asked: what a resumed agent needs."""
    return lambda seen: answers[seen.turn - 1]


class ScriptedModel:
    """`with ScriptedModel(script) as model:` serves at `model.base_url`. `before` is called in each request's own thread, to hold it up."""

    def __init__(self, script: Script, before: Callable[[Seen], object] = lambda seen: None) -> None:
        self.requests: list[Seen] = []
        self.models: Any = None  # what `GET /models` says; nothing unless a test writes it
        self.arrived = threading.Event()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet for an answer: two would wait for each other (Nagle, 40 ms a call)

            def do_GET(self) -> None:
                known = self.path == "/v1/models" and outer.models is not None
                self.reply(200 if known else 404, outer.models if known else {"error": {"message": "none"}}, {})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen = Seen(unquote(self.headers.get("X-Specbot-Agent", "")), body, dict(self.headers.items()))
                before(seen)
                with outer._lock:
                    outer.requests.append(seen)
                    what = script(seen)
                outer.arrived.set()
                if isinstance(what, Fault):
                    self.fail(what)
                else:
                    self.reply(200, completion(what, len(outer.requests), body), {})

            def fail(self, fault: Fault) -> None:
                if fault.stall:
                    outer._closing.wait(STALL_ENDS)
                if fault.stall or fault.drop:
                    self.close_connection = True
                elif fault.truncate:
                    whole = json.dumps(completion(Answer("never whole"), 1, {})).encode()
                    self.send(200, whole[: len(whole) // 2], {})
                else:
                    self.reply(
                        fault.status, fault.body or {"error": {"message": f"status {fault.status}"}}, fault.headers
                    )

            def reply(self, status: int, body: Any, headers: Mapping[str, str]) -> None:
                self.send(status, body.encode() if isinstance(body, str) else json.dumps(body).encode(), headers)

            def send(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in {
                    "Content-Type": "application/json",
                    "Content-Length": str(len(data)),
                    **headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False
            request_queue_size = (
                512  # hundreds of agents may begin at once; a refused connection is tried again a second later
            )

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that hung up is part of the tests

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "ScriptedModel":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def prefix_faults(self) -> list[str]:
        return prefix_faults(self.requests)


class DirectModel:
    """The same scripts as the port `Model` itself, without HTTP: for tests that need hundreds of conversations. Knows no faults."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.requests: list[Seen] = []

    def knows_price(self, model: str) -> bool:
        return True

    def price(self, model: str) -> Price | None:
        return Price(1.0, 0.1, 5.0)

    def close(self) -> None:
        """Nothing is held."""

    async def complete(self, request: ModelRequest) -> ModelReply:
        seen = Seen(request.label, {"messages": [_plain(m) for m in request.messages], "tools": request.tools}, {})
        self.requests.append(seen)
        answer = self._script(seen)
        assert isinstance(answer, Answer)
        calls = tuple(
            ToolCall(f"call_{seen.turn}_{i}", name, a if isinstance(a, str) else json.dumps(a))
            for i, (name, a) in enumerate(answer.calls)
        )
        return ModelReply(answer.text, calls, "stop", Usage(100, 40, 10), 0.001, 0.0, request.model)

    def prefix_faults(self) -> list[str]:
        return prefix_faults(self.requests)


def _plain(message: Message) -> dict[str, Any]:
    return {
        "role": message.speaker.value,
        "content": message.text,
        "calls": message.calls,
        "tool_call_id": message.call_id,
    }


def prefix_faults(requests: Sequence[Seen]) -> list[str]:
    """Where a conversation did something else than grow: [] means every request began with all of the one before it."""
    faults: list[str] = []
    last: dict[str, Seen] = {}
    for seen in requests:
        agent = seen.label.rsplit("/", 1)[0]
        before = last.get(agent)
        if before is not None:
            grown, shorter = seen.body["messages"], before.body["messages"]
            if grown[: len(shorter)] != shorter:
                faults.append(f"{seen.label} does not begin with {before.label}")
            if seen.body.get("tools") != before.body.get("tools"):
                faults.append(f"{seen.label} has other tools than {before.label}")
        last[agent] = seen
    return faults


def completion(answer: Answer, number: int, body: Mapping[str, Any]) -> dict[str, Any]:
    calls = [
        {
            "id": f"call_{number}_{i}",
            "type": "function",
            "function": {"name": name, "arguments": a if isinstance(a, str) else json.dumps(a)},
        }
        for i, (name, a) in enumerate(answer.calls, start=1)
    ]
    message = {"role": "assistant", "content": answer.text or None, **({"tool_calls": calls} if calls else {})}
    usage = (
        answer.usage
        if answer.usage is not None
        else {"prompt_tokens": 100, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 40}}
    )
    reason = ("tool_calls" if calls else "stop") if answer.finish_reason == "" else answer.finish_reason
    return {
        "id": f"chatcmpl-{number}", "object": "chat.completion", "created": 1, "model": body.get("model", "scripted"),
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}], "usage": usage,
    }  # fmt: skip
