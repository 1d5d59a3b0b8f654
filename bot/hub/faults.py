"""Faults on request: what networks, proxies and GitHub itself sometimes do."""

import itertools
import re
import threading
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from bot.hub.fields import Fields, Json
from bot.hub.refusal import unprocessable

RequestKind = Literal[
    "error_before", "error_after", "reset_before", "reset_after", "rate_limit", "secondary_limit", "latency"
]
WebhookKind = Literal["drop", "double", "reorder", "delay"]
Kind = RequestKind | WebhookKind

WEBHOOK_KINDS = get_args(WebhookKind)
KINDS = (*get_args(RequestKind), *WEBHOOK_KINDS)


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule. It strikes the next `times` matching requests or webhooks (None: for ever) after letting `skip` pass.

    - `error_before`, `error_after`: answer `status` (502), before or after the request was carried out
    - `reset_before`, `reset_after`: close the connection without an answer, before or after
    - `rate_limit`, `secondary_limit`: answer `status` (403 or 429; 200 as GraphQL does, with an error inside) as GitHub does,
      with `Retry-After` when `retry_after` is given; the primary limit resets in `seconds`
    - `latency`: wait `seconds` first
    - `drop`, `double`, `reorder`, `delay` (of `seconds`): for webhooks, matched by `event` and `action`

    `method` and `path` match requests; `path` is a regular expression searched in the path without `/api/v3`.
    """

    kind: Kind
    method: str = "*"
    path: str = ""
    times: int | None = 1
    skip: int = 0
    status: int = 0
    retry_after: int | None = None
    seconds: float = 0.0
    event: str = "*"
    action: str = "*"
    id: int = 0


class Faults:
    """The rules in force, the oldest first; the first that matches strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a rule in force; it comes back with its id."""
        with self._lock:
            kept = replace(fault, id=next(self._ids))
            self._rules.append(kept)
            return kept

    def clear(self) -> None:
        """Take all rules away."""
        with self._lock:
            self._rules.clear()

    def rules(self) -> tuple[Fault, ...]:
        """What is still in force."""
        with self._lock:
            return tuple(self._rules)

    def for_request(self, method: str, path: str) -> Fault | None:
        """The rule that strikes this request; it counts as used."""
        inner = path.removeprefix("/api/v3")
        with self._lock:
            for rule in self._rules:
                fits = rule.kind not in WEBHOOK_KINDS and rule.method in ("*", method) and re.search(rule.path, inner)
                if fits and self._use(rule):
                    return rule
        return None

    def for_webhook(self, event: str, action: str | None) -> Fault | None:
        """The rule that strikes this webhook; it counts as used."""
        with self._lock:
            for rule in self._rules:
                fits = rule.kind in WEBHOOK_KINDS and rule.event in ("*", event) and rule.action in ("*", action)
                if fits and self._use(rule):
                    return rule
        return None

    def _use(self, rule: Fault) -> bool:
        at = self._rules.index(rule)
        if rule.skip > 0:
            self._rules[at] = replace(rule, skip=rule.skip - 1)
            return False
        if rule.times is not None:
            if rule.times <= 1:
                del self._rules[at]
            else:
                self._rules[at] = replace(rule, times=rule.times - 1)
        return True


def from_json(fields: Fields) -> Fault:
    """A rule as posted to `/_hub/faults`; the names are those of Fault."""
    kind = fields.one_of("kind", KINDS)
    if kind is None:
        raise unprocessable(f"kind must be one of {', '.join(KINDS)}")
    seconds = fields.values.get("seconds", 0)
    if not isinstance(seconds, int | float):
        raise unprocessable("seconds must be a number")
    path = fields.optional_text("path") or ""
    try:
        re.compile(path)
    except re.error as wrong:
        raise unprocessable(f"path is not a regular expression: {wrong}") from wrong
    return Fault(
        kind=cast(Kind, kind),
        method=fields.optional_text("method") or "*",
        path=path,
        times=None if fields.values.get("times", 1) is None else (fields.optional_number("times") or 1),
        skip=fields.optional_number("skip") or 0,
        status=fields.optional_number("status") or 0,
        retry_after=fields.optional_number("retry_after"),
        seconds=float(seconds),
        event=fields.optional_text("event") or "*",
        action=fields.optional_text("action") or "*",
    )


def to_json(fault: Fault) -> Json:
    """A rule as `/_hub/faults` lists it."""
    return {name: getattr(fault, name) for name in Fault.__slots__}
