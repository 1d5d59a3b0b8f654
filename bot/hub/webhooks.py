"""Signed webhooks, sent in order by one thread. A failed delivery is recorded and never retried by itself."""

import hashlib
import hmac
import http.client
import itertools
import json
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from bot.hub.faults import Faults
from bot.hub.journal import Event, Journal
from bot.hub.state.apps import App
from bot.hub.state.deliveries import Delivery
from bot.hub.state.store import Store

DEADLINE = 10.0
"""Seconds within which a receiver must answer; GitHub's documentation says so."""

REORDER_HOLD = 1.0
"""Seconds that a reordered delivery waits for another to overtake it; then it goes anyway, so that it is not lost."""

USER_AGENT = "GitHub-Hookshot/7c1e5f2"
ENTERPRISE_VERSION = "3.19.0"


@dataclass(frozen=True, slots=True)
class _Parcel:
    delivery: Delivery
    serial: int
    due: float = 0.0


class Webhooks:
    """The outbox: queues events, sends them, records what became of them."""

    def __init__(self, store: Store, journal: Journal, faults: Faults) -> None:
        self._store = store
        self._journal = journal
        self._faults = faults
        self._queue: queue.SimpleQueue[_Parcel | None] = queue.SimpleQueue()
        self._held: list[_Parcel] = []
        self._open = 0
        self._serials = itertools.count(1)
        self._idle = threading.Condition()
        self._thread: threading.Thread | None = None
        self.host = ""

    def start(self, host: str) -> None:
        """Begin to send. `host` is the hub's own address, named in the headers."""
        self.host = host
        self._thread = threading.Thread(target=self._run, name="hub-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send what is queued or held back, then stop."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(DEADLINE + 1)
            self._thread = None

    def idle(self, timeout: float) -> bool:
        """Wait until nothing is queued, held back or in flight; False if it took longer than `timeout` seconds."""
        with self._idle:
            return self._idle.wait_for(lambda: self._open == 0, timeout)

    def send(
        self,
        app: App,
        event: str,
        payload: Mapping[str, object],
        installation_id: int | None = None,
        repository_id: int | None = None,
    ) -> None:
        """Queue an event for an App. Without a webhook address it is only noted in the journal."""
        action = payload.get("action")
        delivery = Delivery(
            id=self._store.new_id(),
            guid=str(uuid.uuid4()),
            app_id=app.id,
            event=event,
            action=action if isinstance(action, str) else None,
            installation_id=installation_id,
            repository_id=repository_id,
            payload=json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode(),
        )
        if app.webhook_url is None:
            self._note(delivery, sent=False)
        else:
            self._put(delivery)

    def redeliver(self, delivery: Delivery) -> None:
        """Send once more, under the same GUID."""
        fresh = replace(delivery, id=self._store.new_id(), redelivery=True, status="PENDING", status_code=0)
        self._put(fresh)

    def _put(self, delivery: Delivery) -> None:
        fault = self._faults.for_webhook(delivery.event, delivery.action)
        kind = "" if fault is None else fault.kind
        if kind == "drop":
            lost = self._finished(delivery, 0.0, 502, "failed to connect to host", {}, {}, "")
            self._note(lost, sent=False)
            return
        copies = 2 if kind == "double" else 1
        with self._idle:
            self._open += copies
            serial = next(self._serials)
            if kind == "reorder":
                self._held.append(_Parcel(delivery, serial, time.monotonic() + REORDER_HOLD))
                return
        due = time.monotonic() + fault.seconds if fault is not None and kind == "delay" else 0.0
        for copy in range(copies):
            one = delivery if copy == 0 else replace(delivery, id=self._store.new_id())
            self._queue.put(_Parcel(one, serial, due))

    def _run(self) -> None:
        waiting: list[_Parcel] = []
        while True:
            try:
                parcel = self._queue.get(timeout=self._patience(waiting))
                if parcel is None:
                    self._flush(waiting)
                    return
                if parcel.due > time.monotonic():
                    waiting.append(parcel)
                else:
                    self._deliver(parcel)
                    self._release(waiting, overtaker=parcel.serial)
            except queue.Empty:
                self._release(waiting, overtaker=0)

    def _flush(self, waiting: list[_Parcel]) -> None:
        with self._idle:
            left, self._held = [*self._held, *waiting], []
        for parcel in left:
            self._deliver(parcel)

    def _patience(self, waiting: list[_Parcel]) -> float | None:
        with self._idle:
            soonest = min((parcel.due for parcel in (*waiting, *self._held)), default=None)
        # A held delivery is put aside without waking this thread, hence the short look from time to time.
        return 0.1 if soonest is None else max(0.0, min(0.1, soonest - time.monotonic()))

    def _release(self, waiting: list[_Parcel], overtaker: int) -> None:
        """Deliver what is due, and what was held back until a later one (`overtaker`) had gone before it."""
        now = time.monotonic()
        with self._idle:
            ready = [parcel for parcel in self._held if parcel.serial < overtaker or parcel.due <= now]
            self._held = [parcel for parcel in self._held if parcel not in ready]
        ready += [parcel for parcel in waiting if parcel.due <= now]
        waiting[:] = [parcel for parcel in waiting if parcel not in ready]
        for parcel in ready:
            self._deliver(parcel)

    def _deliver(self, parcel: _Parcel) -> None:
        try:
            self._post(parcel.delivery)
        finally:
            with self._idle:
                self._open -= 1
                self._idle.notify_all()

    def _post(self, delivery: Delivery) -> None:
        app = self._store.apps[delivery.app_id]
        body = delivery.payload if app.content_type == "json" else b"payload=" + quote(delivery.payload).encode()
        headers, url = self._headers(app, delivery, body), urlsplit(app.webhook_url or "")
        began = time.monotonic()
        answer: dict[str, str] = {}
        status, code, text = "failed to connect to host", 502, ""
        connection = http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=DEADLINE)
        try:
            connection.request("POST", url.path or "/", body, headers)
            got = connection.getresponse()
            code, answer = got.status, dict(got.getheaders())
            text = got.read(65_536).decode(errors="replace")
            status = got.reason or str(code)
        except TimeoutError:
            status, code = "timed out", 504
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        done = self._finished(delivery, time.monotonic() - began, code, status, headers, answer, text)
        self._note(done, sent=True)

    def _finished(
        self,
        delivery: Delivery,
        seconds: float,
        code: int,
        status: str,
        headers: Mapping[str, str],
        answer: Mapping[str, str],
        text: str,
    ) -> Delivery:
        done = replace(
            delivery,
            delivered_at=self._journal.clock(),
            duration=round(seconds, 3),
            status=status,
            status_code=code,
            request_headers=headers,
            response_headers=answer,
            response_body=text,
        )
        return self._store.deliveries.put(done)

    def _headers(self, app: App, delivery: Delivery, body: bytes) -> dict[str, str]:
        form = "application/x-www-form-urlencoded"
        return {
            "Accept": "*/*",
            "Content-Type": "application/json" if app.content_type == "json" else form,
            "User-Agent": USER_AGENT,
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Event": delivery.event,
            "X-GitHub-Hook-ID": str(app.hook_id),
            "X-GitHub-Hook-Installation-Target-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-GitHub-Enterprise-Version": ENTERPRISE_VERSION,
            "X-GitHub-Enterprise-Host": self.host,
            "X-Hub-Signature": "sha1=" + hmac.new(app.webhook_secret.encode(), body, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(app.webhook_secret.encode(), body, hashlib.sha256).hexdigest(),
        }

    def _note(self, delivery: Delivery, sent: bool) -> None:
        self._journal.note_event(
            Event(
                number=self._journal.number(),
                at=self._journal.clock(),
                guid=delivery.guid,
                app_id=delivery.app_id,
                event=delivery.event,
                action=delivery.action,
                payload=json.loads(delivery.payload),
                status_code=delivery.status_code,
                sent=sent,
            )
        )
