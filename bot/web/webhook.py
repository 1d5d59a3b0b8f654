"""`POST /webhooks/github`: verify, store, 202. Nothing else happens in the request.

The order of the checks is the order of their cost, and nothing about the content is looked at before the signature holds.
"""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import ClientDisconnected

from bot.core.events.model import Delivery
from bot.core.ports import Clock, DeliveryStore
from bot.core.pulls import Secret
from bot.errors import Transient
from bot.ids import DeliveryId
from bot.web.metrics import WebMetrics
from bot.web.signature import matching_secret

MAX_BODY = 25 * 1024 * 1024
"""GitHub never sends a larger payload (docs, webhook events and payloads: 25 MB)."""

TARGET_TYPE = "integration"
"""What `X-GitHub-Hook-Installation-Target-Type` says on an App's own webhook."""

_GUID = re.compile(r"[A-Za-z0-9-]{1,64}")
_EVENT = re.compile(r"[a-z0-9_]{1,64}")

_log = structlog.get_logger("specbot.webhook")


class Outcome(StrEnum):
    """What became of a request; the label of the metric."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    NO_LENGTH = "no_length"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    INCOMPLETE = "incomplete"
    UNSIGNED = "unsigned"
    FOREIGN = "foreign"
    MALFORMED = "malformed"
    UNAVAILABLE = "unavailable"


STATUS = {
    Outcome.STORED: 202,
    Outcome.DUPLICATE: 202,
    Outcome.NO_LENGTH: 411,
    Outcome.TOO_LARGE: 413,
    Outcome.WRONG_TYPE: 415,
    Outcome.INCOMPLETE: 400,
    Outcome.UNSIGNED: 401,
    Outcome.FOREIGN: 403,
    Outcome.MALFORMED: 400,
    Outcome.UNAVAILABLE: 503,
}
"""503 while the database is down: GitHub records a failure, and the catch-up asks for the delivery again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome and a sentence for whoever reads GitHub's list of deliveries."""

    outcome: Outcome
    message: str


class Webhook:
    """The door itself, apart from Flask's routing. `secrets` may be several while one replaces the other."""

    def __init__(
        self,
        deliveries: DeliveryStore,
        *,
        app_id: int,
        secrets: Sequence[Secret],
        clock: Clock,
        metrics: WebMetrics,
    ) -> None:
        self._deliveries = deliveries
        self._app_id = app_id
        self._secrets = tuple(secrets)
        self._clock = clock
        self._metrics = metrics

    def blueprint(self) -> Blueprint:
        routes = Blueprint("webhook", __name__)
        routes.add_url_rule("/webhooks/github", "receive", self.receive, methods=["POST"])
        return routes

    def receive(self) -> Response:
        """Answer the request at hand. Counts it, and logs it unless it was stored for the first time."""
        started = time.perf_counter()
        try:
            answer = self._store(self._verified())
        except _Rejected as rejected:
            answer = rejected.answer
        self._metrics.deliveries.labels(answer.outcome.value).inc()
        self._metrics.seconds.observe(time.perf_counter() - started)
        if answer.outcome is not Outcome.STORED:
            guid = request.headers.get("X-GitHub-Delivery", "")[:64]
            _log.warning("delivery not stored", outcome=answer.outcome.value, why=answer.message, delivery=guid)
        return Response(answer.message + "\n", STATUS[answer.outcome], mimetype="text/plain")

    def _verified(self) -> Delivery:
        """The request as a delivery that is certainly GitHub's and certainly for our App. Raises `_Rejected`."""
        _check_size_and_type()
        guid = request.headers.get("X-GitHub-Delivery", "")
        event = request.headers.get("X-GitHub-Event", "")
        signature = request.headers.get("X-Hub-Signature-256", "")
        if not _GUID.fullmatch(guid) or not _EVENT.fullmatch(event) or not signature:
            raise _Rejected(Outcome.INCOMPLETE, "X-GitHub-Delivery, X-GitHub-Event or X-Hub-Signature-256 is missing")
        body = _read_body()
        position = matching_secret(body, signature, self._secrets)
        if position is None:
            raise _Rejected(Outcome.UNSIGNED, "the signature does not fit any webhook secret of ours")
        self._metrics.secrets.labels(str(position)).inc()
        self._check_target()
        if not _is_object(body):
            raise _Rejected(Outcome.MALFORMED, "the body is no JSON object")
        return Delivery(DeliveryId(guid), event, body, self._clock.now())

    def _check_target(self) -> None:
        """A validly signed delivery of another hook that happens to share the secret is not ours."""
        kind = request.headers.get("X-GitHub-Hook-Installation-Target-Type", "")
        target = request.headers.get("X-GitHub-Hook-Installation-Target-ID", "")
        if not kind or not target:
            raise _Rejected(Outcome.INCOMPLETE, "the X-GitHub-Hook-Installation-Target headers are missing")
        if kind != TARGET_TYPE or target != str(self._app_id):
            raise _Rejected(Outcome.FOREIGN, "this delivery is meant for another hook than our App's")

    def _store(self, delivery: Delivery) -> Answer:
        try:
            new = self._deliveries.add_delivery(delivery)
        except Transient as error:
            _log.error("delivery lost for now", error=str(error), delivery=delivery.delivery_id)
            return Answer(Outcome.UNAVAILABLE, "the database is not available; the delivery will be asked for again")
        return Answer(Outcome.STORED, "stored") if new else Answer(Outcome.DUPLICATE, "stored before")


class _Rejected(Exception):
    """A request that is not stored, and why."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(outcome, message)


def _check_size_and_type() -> None:
    """What can be refused without reading the body."""
    length = request.content_length
    if length is None:
        raise _Rejected(Outcome.NO_LENGTH, "Content-Length is missing")
    if length > MAX_BODY:
        raise _Rejected(Outcome.TOO_LARGE, f"more than {MAX_BODY} bytes")
    if request.mimetype != "application/json":
        raise _Rejected(Outcome.WRONG_TYPE, "set the webhook's content type to application/json")


def _read_body() -> bytes:
    """The whole body. A cut-off one shows as an error or merely as short, depending on the server."""
    try:
        body = request.get_data(cache=False)
    except ClientDisconnected:
        body = b""
    if len(body) != request.content_length:
        raise _Rejected(Outcome.INCOMPLETE, "the body ended early")
    return body


def _is_object(body: bytes) -> bool:
    """Whether the body is a JSON object that Python can hold. Nesting and numbers may be made to break a parser."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False
