"""The least that a web application can do: read the request and answer 202. What the door is compared with."""

from collections.abc import Callable, Iterable
from typing import Any


def answer_at_once(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("202 Accepted", [("Content-Type", "text/plain"), ("Content-Length", "7")])
    return [b"stored\n"]
