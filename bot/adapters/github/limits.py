"""What an answer that is no success means: a limit, a refusal, a missing thing, or trouble that may pass."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.adapters.github.answers import Reply
from bot.errors import GitHubLimited, NotThere, Refused, SpecbotError, Transient

UNKNOWN_LIMIT_SECONDS = 60.0
"""Where a limit names no time (GitHub docs, rate limits: wait at least one minute)."""

LONGEST_LIMIT_SECONDS = 3600.0
"""Primary limits reset every hour; a longer wait in an answer is not believed."""

RATE_LIMITED = "RATE_LIMITED"
"""The `type` of GraphQL's error for its limit."""

_LIMIT_WORDS = ("rate limit", "abuse detection", "secondary limit")


class Unprocessable(Refused):
    """422: GitHub understood and will not do it. Nothing was applied."""

    code = "unprocessable"


class Unclear(Transient):
    """A write whose fate is unknown: look before trying again."""

    code = "unclear"


def fault_of(reply: Reply, what: str, *, now: datetime) -> SpecbotError:
    """The error for an answer that is no success. `what` names the request for people; no secret is in it."""
    seconds = limit_seconds(reply, now=now)
    if seconds is not None:
        return limit_fault(seconds, what)
    if reply.status >= 500:
        return Unclear(f"GitHub is unwell ({what}: {reply.status})", hint="it is tried again later")
    return _refusal(reply, what)


def _refusal(reply: Reply, what: str) -> SpecbotError:
    """An answer that would be the same next time."""
    if reply.status in (404, 410):
        return NotThere(f"GitHub has no {what}", hint="was it removed, or the App's access to it?")
    if 300 <= reply.status < 400:
        return NotThere(f"{what} has moved", hint="the repository was renamed: read it afresh by its id")
    if reply.status == 401:
        return Refused(f"GitHub does not accept our credentials ({what})", hint="check APP_ID and PRIVATE_KEY")
    if reply.status == 422:
        return Unprocessable(f"GitHub refused {what}: {reply.message}", hint="")
    hint = "does the App have the permission, and did the owner accept it?" if reply.status == 403 else ""
    return Refused(f"GitHub refused {what} ({reply.status}): {reply.message}", hint=hint)


def limit_seconds(reply: Reply, *, now: datetime) -> float | None:
    """How long GitHub wants us to stay away; None when the answer is no limit.

    In GitHub's order: `Retry-After`; then, with nothing remaining, `x-ratelimit-reset`; then a minute. The reset is compared with
    the answer's own `Date`, so that a wrong clock here does not matter.
    """
    if reply.status not in (403, 429):
        return None
    named = _named(reply, now)
    if named is not None:
        return named
    words = f"{reply.message} {reply.text[:500]}".lower()
    if reply.status == 429 or any(word in words for word in _LIMIT_WORDS):
        return UNKNOWN_LIMIT_SECONDS
    return None


def graphql_limit_seconds(reply: Reply, *, now: datetime) -> float | None:
    """The same for GraphQL, which says it with status 200 and an error inside (docs, *Rate limits and query limits for the GraphQL API*).

    By the error's `type`; an error without one is a limit when it says so: in one with another type somebody's names may stand.
    """
    if reply.status != 200:
        return limit_seconds(reply, now=now)
    if not _is_limited(reply.data):
        return None
    named = _named(reply, now)
    return UNKNOWN_LIMIT_SECONDS if named is None else named


def _is_limited(data: object) -> bool:
    errors = data.get("errors") if isinstance(data, Mapping) else None
    for error in errors if isinstance(errors, list) else []:
        kind = error.get("type") if isinstance(error, Mapping) else "none"
        says = str(error.get("message", "")).lower() if not kind else ""
        if kind == RATE_LIMITED or any(word in says for word in _LIMIT_WORDS):
            return True
    return False


def _named(reply: Reply, now: datetime) -> float | None:
    """The time that the headers name."""
    waited = _seconds(reply.headers.get("retry-after", ""), reply, now)
    if waited is not None:
        return waited
    if reply.headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = _number(reply.headers.get("x-ratelimit-reset", ""))
        return UNKNOWN_LIMIT_SECONDS if reset is None else _bounded(reset - _date(reply, now).timestamp())
    return None


def limit_fault(seconds: float, what: str) -> GitHubLimited:
    hint = f"goes on in {seconds:.0f} s"
    return GitHubLimited(f"GitHub's rate limit is reached ({what})", hint=hint, retry_after=seconds)


def _seconds(header: str, reply: Reply, now: datetime) -> float | None:
    """`Retry-After` in either of its forms: seconds or a date."""
    if not header.strip():
        return None
    number = _number(header)
    if number is not None:
        return _bounded(number)
    try:
        return _bounded((parsedate_to_datetime(header) - _date(reply, now)).total_seconds())
    except (ValueError, TypeError):
        return UNKNOWN_LIMIT_SECONDS


def _date(reply: Reply, now: datetime) -> datetime:
    try:
        date = parsedate_to_datetime(reply.headers.get("date", ""))
    except (ValueError, TypeError):
        return now
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _number(header: str) -> float | None:
    try:
        number = float(header)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _bounded(seconds: float) -> float:
    """At least a second, so that a limit is never answered by asking again at once."""
    return min(max(seconds, 1.0), LONGEST_LIMIT_SECONDS)
