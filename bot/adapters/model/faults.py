"""What went wrong with a model call, sorted by what helps: waiting, another parameter, or a person.

Measured behaviour of the library and of endpoints: only 408, 425, 429 and 5xx are worth a repetition; a quota that is used up
comes as 429 and is not.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.errors import ModelFault, RateLimited, SpecbotError, Transient

if TYPE_CHECKING:
    from datetime import datetime

UNKNOWN_PAUSE = 30.0
"""Seconds to suggest when an endpoint limits us and does not say for how long: half of the usual per-minute window."""

SHOWN = 4_000
"""Characters of an endpoint's own words that are passed on: enough for a recorded model's diff, too few to flood a log."""


class Remedy(StrEnum):
    """What helps. WAIT: the same call later. PAUSE: the same, but the endpoint asked for it. PARAMETER: without that parameter.
    NOTHING: only a person can mend it."""

    WAIT = "wait"
    PAUSE = "pause"
    PARAMETER = "parameter"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed attempt. `seconds` is how long the endpoint asked us to wait, None when it did not say."""

    remedy: Remedy
    message: str
    hint: str = ""
    seconds: float | None = None
    parameter: str = ""

    def as_error(self) -> SpecbotError:
        """The error for the caller, once we have given up."""
        if self.remedy is Remedy.PAUSE:
            return RateLimited(self.message, hint=self.hint, retry_after=self.seconds or UNKNOWN_PAUSE)
        if self.remedy is Remedy.WAIT:
            return Transient(self.message, hint=self.hint, retry_after=self.seconds)
        return ModelFault(self.message, hint=self.hint)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an endpoint is configured, in the words of a hint: its key and its address."""

    key: str = "OPENAI_API_KEY"
    address: str = "OPENAI_BASE_URL"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP answer that is no success, as far as it matters."""

    status: int
    headers: Mapping[str, str]
    body: object
    words: str


def classify(refusal: Refusal, optional: frozenset[str], now: "datetime", origin: Origin) -> Fault:
    """What helps against an HTTP error. `optional` are parameters that we can do without."""
    status, words = refusal.status, refusal.words[:SHOWN]
    said = f"the model endpoint answered {status}: {words}" if words else f"the model endpoint answered {status}"
    code = _code(refusal.body)
    if status == 429:
        if code in ("insufficient_quota", "billing_hard_limit_reached"):
            return Fault(Remedy.NOTHING, said, "the provider's quota is used up: raise it there, then retry")
        return Fault(
            Remedy.PAUSE,
            said,
            "the provider limits the rate; the run goes on by itself",
            retry_after(refusal.headers, now),
        )
    if status in (408, 425) or status >= 500:
        return Fault(Remedy.WAIT, said, "the provider is unwell; try again later", retry_after(refusal.headers, now))
    if status in (400, 422) and (named := _named_parameter(refusal, optional)):
        return Fault(Remedy.PARAMETER, said, parameter=named)
    return Fault(Remedy.NOTHING, said, _hint(status, code, words, origin))


def retry_after(headers: Mapping[str, str], now: "datetime") -> float | None:
    """Seconds in `retry-after-ms` or `Retry-After` (a number or an HTTP date, RFC 9110 10.2.3); None when there is none to read."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(float(milliseconds) / 1000, 0.0)
        value = headers.get("retry-after")
        if value is None:
            return None
        if value.strip().replace(".", "", 1).isdigit():
            return float(value)
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _code(body: object) -> str:
    error = _error(body)
    return str(error.get("code") or error.get("type") or "")


def _error(body: object) -> dict[str, Any]:
    if isinstance(body, dict):
        inner = body.get("error", body)
        return inner if isinstance(inner, dict) else {}
    return {}


def _named_parameter(refusal: Refusal, optional: frozenset[str]) -> str:
    param = str(_error(refusal.body).get("param") or "")
    if param in optional:
        return param
    text = refusal.words + json.dumps(refusal.body, default=str)
    return next((name for name in sorted(optional) if name in text), "")


def _hint(status: int, code: str, words: str, origin: Origin) -> str:
    if status in (401, 403):
        return f"check {origin.key} and what it may use"
    if status == 404:
        return f"check {origin.address} and the model's name"
    if code == "context_length_exceeded" or "context length" in words.lower():
        return "the conversation is longer than this model reads: make the task smaller or use a model with a longer context"
    if code == "recording_mismatch":
        return "the run went another way than the recorded one: record anew, or find what changed"
    return "the endpoint refuses this request; see its words"
