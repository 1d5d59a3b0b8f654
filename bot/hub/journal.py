"""What came in and what went out, in order, and observers of the moments around each outside write."""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.hub.actor import Actor
from bot.hub.changes.refs import RefMove
from bot.hub.world import Clock

Moment = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. JSON is None when there was none; `fault` names what was done to the answer."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    token_kind: str
    login: str
    request: object
    status: int
    response: object
    content_type: str
    duration: float
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One webhook as it left (or would have left: `status_code` 0 and `sent` False without a receiver)."""

    number: int
    at: datetime
    guid: str
    app_id: int
    event: str
    action: str | None
    payload: Mapping[str, object]
    status_code: int
    sent: bool


@dataclass(frozen=True, slots=True)
class Write:
    """A write by an App: a REST request that is not a GET, or a git push (then with the refs it asked to move).

    `applied` is set once it took effect. The number counts attempts, so that "before" and "after" can be matched.
    """

    number: int
    kind: Literal["rest", "git"]
    method: str
    path: str
    login: str
    request: object = None
    moves: tuple[RefMove, ...] = ()
    applied: bool = False
    status: int = 0


Observer = Callable[[Moment, Write], None]
"""Called in the request's thread. It may block; it may raise Drop to close the connection without an answer."""


class Journal:
    """Everything that crossed the hub's door, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._exchanges: list[Exchange] = []
        self._events: list[Event] = []
        self._writes: list[Write] = []
        self._observers: list[Observer] = []

    @property
    def requests(self) -> tuple[Exchange, ...]:
        """All requests, in the order in which they were answered."""
        with self._lock:
            return tuple(self._exchanges)

    @property
    def events(self) -> tuple[Event, ...]:
        """All webhooks, in the order in which they were sent."""
        with self._lock:
            return tuple(self._events)

    def writes(self) -> tuple[Write, ...]:
        """The outside writes of Apps that took effect, in order: REST and git pushes; not the minting of tokens."""
        with self._lock:
            return tuple(self._writes)

    def on_write(self, observer: Observer) -> Callable[[], None]:
        """Have an observer called before and after each write of an App; the answer takes it away again."""
        with self._lock:
            self._observers.append(observer)

        def stop() -> None:
            with self._lock:
                self._observers.remove(observer)

        return stop

    def number(self) -> int:
        """The next serial number."""
        return next(self._numbers)

    def note(self, exchange: Exchange) -> None:
        """Keep a request and its answer."""
        with self._lock:
            self._exchanges.append(exchange)

    def note_event(self, event: Event) -> None:
        """Keep a webhook."""
        with self._lock:
            self._events.append(event)

    def before(self, write: Write) -> None:
        """Tell the observers that a write is about to be carried out (it may still be refused)."""
        self._tell("before", write)

    def after(self, write: Write, status: int) -> None:
        """Keep a write that took effect and tell the observers, while its answer is still held back."""
        done = replace(write, applied=True, status=status)
        with self._lock:
            self._writes.append(done)
        self._tell("after", done)

    def _tell(self, moment: Moment, write: Write) -> None:
        with self._lock:
            observers = tuple(self._observers)
        for observer in observers:
            observer(moment, write)


def is_outside_write(actor: Actor, method: str, path: str) -> bool:
    """Whether a request is a write by an App on an installation (by JWT it only manages itself; so does revoking)."""
    reads = method in ("GET", "HEAD", "OPTIONS") or path.endswith("/installation/token")
    return actor.kind == "installation" and not reads
