"""How fast we write to GitHub: which write may go now, which waits and how long, and how often progress is shown.

GitHub lets an App create content at most 80 times a minute and 500 times an hour in each installation (docs, rate limits for the REST API,
secondary limits; they cannot be queried and may change), and may ban one that goes on while limited. We stay a tenth below, and the last
rooms are kept for what matters most: when all the room of progress is used up, checks still complete at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import count

SLOT_SECONDS = 10
"""Writes are counted in slots of this length; a window counts every slot that it touches, so it never counts too little."""


class Importance(IntEnum):
    """What a write is for; the smaller goes first."""

    END = 0
    """A check completes: it opens or shuts somebody's merge."""

    WORD = 1
    """A person waits for it: an answer, a review, a first sign of life, the last state of the sticky comment."""

    SIGN = 2
    """Progress, which the next one replaces."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, and how many writes of all kinds may have gone in it when another of each importance goes."""

    seconds: int
    most: Mapping[Importance, int]


WINDOWS = (
    Window(60, {Importance.END: 70, Importance.WORD: 60, Importance.SIGN: 40}),
    Window(3600, {Importance.END: 450, Importance.WORD: 400, Importance.SIGN: 250}),
)
"""END: nine tenths of GitHub's numbers, for people's own writes count too. SIGN: a run needs about ten writes that are no progress, so 200
rooms in an hour are kept for twenty runs that end in it. WORD lies between, so that a busy conversation never holds up a merge."""

WINDOW_SLOTS = WINDOWS[-1].seconds // SLOT_SECONDS + 1
"""How many slots are worth keeping."""


def slot_of(now: float) -> int:
    """The slot of a time (seconds since the epoch)."""
    return int(now // SLOT_SECONDS)


def seconds_until_room(counts: Mapping[int, int], now: float, importance: Importance, ahead: int = 0) -> float:
    """0.0 when one more write may go now; else seconds until it may, if nothing else goes but the `ahead` that wait before it.

    `counts` are the writes of each slot, of every importance; slots that are too old do not matter.
    """
    return max(_until(window, counts, now, window.most[importance] - ahead) for window in WINDOWS)


def _until(window: Window, counts: Mapping[int, int], now: float, most: int) -> float:
    if most <= 0:  # more wait than the window has room for: a whole one passes, then it is looked at again
        return float(window.seconds)
    begin, present = now - window.seconds, slot_of(now)  # what lies ahead was counted by a clock that went wrong
    touched = sorted(slot for slot in counts if (slot + 1) * SLOT_SECONDS > begin and slot <= present)
    there, wait = sum(counts[slot] for slot in touched), 0.0
    for slot in touched:
        if there < most:
            break
        there -= counts[slot]
        wait = (slot + 1) * SLOT_SECONDS + window.seconds - now
    return max(0.0, wait)


@dataclass(frozen=True, slots=True)
class _Waiting:
    importance: Importance
    number: int
    until: float

    @property
    def rank(self) -> tuple[Importance, int]:
        return (self.importance, self.number)


COMES_BACK_WITHIN = 30.0
"""Seconds after its time within which whoever waited asks again; then it has ended or died, and holds up nobody any more. A durable pause ends
within a second or two; a worker that was restarted meanwhile takes some more."""


class Line:
    """Who waits for room in one installation, in one process: the most important first, then whoever came first.

    Whoever waits keeps its place by asking again under the same ticket. Holds nothing that a crash could lose: the one who waits holds its
    write itself.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._numbers = count()

    def ahead(self, ticket: str, importance: Importance, now: float) -> int:
        """How many go before this one."""
        self._waiting = {name: one for name, one in self._waiting.items() if now <= one.until + COMES_BACK_WITHIN}
        mine = self._mine(ticket, importance, now)
        return sum(one.rank < mine.rank for name, one in self._waiting.items() if name != ticket)

    def wait(self, ticket: str, importance: Importance, now: float, seconds: float) -> None:
        """It was told to come back after so many seconds."""
        self._waiting[ticket] = replace(self._mine(ticket, importance, now), until=now + seconds)

    def leave(self, ticket: str) -> None:
        """It goes."""
        self._waiting.pop(ticket, None)

    def _mine(self, ticket: str, importance: Importance, now: float) -> _Waiting:
        known = self._waiting.get(ticket)
        return _Waiting(importance, known.number if known else next(self._numbers), now)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the progress of one thing is shown, in seconds: every `first` while it is younger than `young`, then every `later`."""

    first: float = 10.0
    later: float = 60.0
    young: float = 600.0


@dataclass(slots=True)
class _Shown:
    begun: float
    last: float


class Board:
    """Whose progress waits to be shown. What is wanted twice is shown once, and always as it is by then: only names wait here, no texts."""

    def __init__(self, rhythm: Rhythm) -> None:
        self._rhythm = rhythm
        self._shown: dict[str, _Shown] = {}
        self._wanted: dict[str, float] = {}

    def want(self, name: str, now: float) -> bool:
        """True: show it now, and it counts as shown. False: it is kept until its turn."""
        due = max(self._due(name, now), self._wanted.get(name, 0.0))
        if due <= now:
            self.shown(name, now)
            return True
        self._wanted[name] = due
        return False

    def shown(self, name: str, now: float) -> None:
        """It was shown just now; what waited for it has been seen."""
        before = self._shown.get(name)
        self._shown[name] = _Shown(before.begun if before else now, now)
        self._wanted.pop(name, None)

    def put_off(self, name: str, until: float) -> None:
        """It could not be shown; its turn comes then."""
        self._wanted[name] = until

    def take_due(self, now: float) -> tuple[str, ...]:
        """Whose turn it is, the one that waited longest first; they wait no more."""
        due = tuple(name for name, at in sorted(self._wanted.items(), key=lambda one: one[1]) if at <= now)
        for name in due:
            del self._wanted[name]
        return due

    def forget(self, name: str) -> None:
        """It has ended."""
        self._wanted.pop(name, None)
        self._shown.pop(name, None)

    def _due(self, name: str, now: float) -> float:
        shown = self._shown.get(name)
        if shown is None:
            return now
        young = now - shown.begun < self._rhythm.young
        return shown.last + (self._rhythm.first if young else self._rhythm.later)
