"""The catch-up: GitHub never repeats a delivery that failed, so we ask for those that never arrived."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.adapters.github.answers import Body, Reply, bodies
from bot.adapters.github.client import MOST_PAGES, PAGE, Client
from bot.adapters.github.limits import Unprocessable
from bot.core.ports import Clock
from bot.errors import NotThere
from bot.ids import DeliveryId

WINDOW = timedelta(days=3)
"""How long github.com redelivers (docs, webhooks); GitHub Enterprise Server allows 7 days."""

WINDOW_ENTERPRISE = timedelta(days=7)

OVERLAP = timedelta(minutes=10)
"""How far before the watermark the look begins: deliveries are listed late and clocks differ."""

_CURSOR = re.compile(r'[?&]cursor=([A-Za-z0-9_.%=-]+)[^>]*>;\s*rel="next"')


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What one pass did. `refused` were redelivered before and answered 4xx again: asking once more would change nothing.

    `seen_until` is the watermark for the next pass.
    """

    looked_at: int
    redelivered: tuple[DeliveryId, ...]
    refused: tuple[DeliveryId, ...]
    seen_until: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver, as GitHub lists it."""

    attempt_id: int
    guid: DeliveryId
    at: datetime
    status_code: int
    redelivery: bool

    @property
    def ok(self) -> bool:
        return 200 <= self.status_code < 300

    @property
    def refused_again(self) -> bool:
        return self.redelivery and 400 <= self.status_code < 500


def redeliver_lost(client: Client, clock: Clock, since: datetime | None, window: timedelta = WINDOW) -> CatchUp:
    """Ask for every delivery since the watermark that never arrived, each once.

    `since` is the `seen_until` of the last pass, None for the first: then the whole window is looked through. A pass that was
    cut off is simply done again: what arrived meanwhile shows as arrived. Raises as reads and writes do.
    """
    now = clock.now()
    begin = max(now - window, (since or now - window) - OVERLAP)
    attempts = _attempts(client, begin)
    by_guid: dict[DeliveryId, list[Attempt]] = {}
    for attempt in attempts:
        by_guid.setdefault(attempt.guid, []).append(attempt)
    redelivered, refused = [], []
    for guid, tries in by_guid.items():
        newest = max(tries, key=lambda attempt: (attempt.at, attempt.attempt_id))
        if any(attempt.ok for attempt in tries):
            continue
        if newest.refused_again:
            refused.append(guid)
        elif _ask_again(client, newest):
            redelivered.append(guid)
    return CatchUp(len(attempts), tuple(redelivered), tuple(refused), now)


def _attempts(client: Client, begin: datetime) -> list[Attempt]:
    """All attempts since `begin`, oldest first."""
    found: list[Attempt] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        asked = {"per_page": str(PAGE)} | ({"cursor": cursor} if cursor else {})
        reply = client.read_as_app("/app/hook/deliveries", parameters=asked)
        page = [_attempt(body) for body in bodies(reply.data)]
        found += [attempt for attempt in page if attempt.at >= begin]
        cursor = _next_cursor(reply)
        if not cursor or not page or page[-1].at < begin:
            break
    return found[::-1]


def _attempt(body: Body) -> Attempt:
    return Attempt(
        attempt_id=body.number("id"),
        guid=DeliveryId(body.text("guid")),
        at=body.time("delivered_at"),
        status_code=body.number("status_code"),
        redelivery=body.flag("redelivery"),
    )


def _next_cursor(reply: Reply) -> str:
    """The cursor out of the Link header; its address is never followed."""
    found = _CURSOR.search(reply.headers.get("link", ""))
    return found[1].replace("%3D", "=") if found else ""


def _ask_again(client: Client, attempt: Attempt) -> bool:
    """A doubled asking does no harm: the delivery keeps its GUID. False when GitHub no longer has it."""
    path = f"/app/hook/deliveries/{attempt.attempt_id}/attempts"
    try:
        client.until_clear(lambda: client.write_as_app(path))
    except (NotThere, Unprocessable):
        return False
    return True
