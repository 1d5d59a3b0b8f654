"""403 and 429 in all their forms: what is a limit, how long, and what is a refusal."""

from datetime import UTC, datetime

import pytest

from bot.adapters.github.answers import Reply
from bot.adapters.github.limits import Unclear, Unprocessable, fault_of, limit_seconds
from bot.errors import NotThere, RateLimited, Refused, Transient

NOW = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 07:00:00 GMT"
"""GitHub's clock in the answers: ours is an hour ahead, and it must not matter."""

THEIRS = datetime(2026, 11, 22, 7, 0, 0, tzinfo=UTC).timestamp()


def reply(status: int, message: str = "", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"date": DATE, **named}, {"message": message}, "")


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (reply(403, retry_after="17"), 17),
        (reply(429, retry_after="17"), 17),
        (reply(403, retry_after="Sun, 22 Nov 2026 07:02:00 GMT"), 120),
        (reply(429, retry_after="soon"), 60),
        (reply(403, retry_after="0"), 1),
        (reply(403, retry_after="-5"), 1),
        (reply(403, retry_after="999999"), 3600),
        (reply(403, retry_after="inf"), 60),
        (reply(403, x_ratelimit_remaining="0", x_ratelimit_reset=str(THEIRS + 90)), 90),
        (reply(429, x_ratelimit_remaining="0", x_ratelimit_reset=str(THEIRS - 90)), 1),
        (reply(403, x_ratelimit_remaining="0", x_ratelimit_reset="never"), 60),
        (reply(403, "You have exceeded a secondary rate limit.", x_ratelimit_remaining="4321"), 60),
        (reply(403, "You have triggered an abuse detection mechanism."), 60),
        (reply(403, "API rate limit exceeded for installation ID 7."), 60),
        (reply(429), 60),
        (Reply(429, {}, None, "<html>"), 60),
        (Reply(403, {"retry-after": "5"}, None, ""), 5),
    ],
)
def test_a_limit_is_a_pause_of_this_length(answer: Reply, seconds: float) -> None:
    assert limit_seconds(answer, now=NOW) == pytest.approx(seconds)
    fault = fault_of(answer, "x", now=NOW)
    assert isinstance(fault, RateLimited)
    assert fault.retry_after == pytest.approx(seconds)


@pytest.mark.parametrize(
    "answer",
    [
        reply(403, "Resource not accessible by integration"),
        reply(403, "Resource not accessible by integration", x_ratelimit_remaining="17", x_ratelimit_reset=str(THEIRS)),
        reply(403),
        Reply(403, {}, None, ""),
    ],
)
def test_a_403_that_is_no_limit_is_a_refusal(answer: Reply) -> None:
    assert limit_seconds(answer, now=NOW) is None
    fault = fault_of(answer, "x", now=NOW)
    assert isinstance(fault, Refused)
    assert "permission" in fault.hint


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NotThere),
        (307, NotThere),
        (400, Refused),
        (401, Refused),
        (404, NotThere),
        (409, Refused),
        (410, NotThere),
        (422, Unprocessable),
        (500, Unclear),
        (502, Transient),
        (503, Transient),
        (504, Unclear),
    ],
)
def test_every_other_status_has_its_error(status: int, kind: type[Exception]) -> None:
    assert isinstance(fault_of(reply(status), "x", now=NOW), kind)


def test_githubs_own_words_are_passed_on() -> None:
    answer = Reply(
        422, {}, {"message": "Unprocessable", "errors": ["line must be part of the diff", {"message": "b"}]}, ""
    )
    assert "Unprocessable; line must be part of the diff; b" in str(fault_of(answer, "a review", now=NOW))
