"""A limit inside of a successful answer: GraphQL says it so, and it shuts the gate like any other."""

import pytest

from bot.adapters.github.answers import Reply
from bot.adapters.github.limits import graphql_limit_seconds
from bot.adapters.github.tokens import Purpose
from bot.errors import GitHubLimited
from bot.hub import Fault
from tests.adapters.github.conftest import World
from tests.adapters.github.test_graphql import VIEWER, graphql
from tests.adapters.github.test_limits import DATE, NOW, THEIRS
from tests.adapters.github.test_pace import HandClock, clock, paced

__all__ = ["clock", "paced"]


def answer(*errors: dict[str, object], data: object = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, {"date": DATE, **named}, {"data": data, "errors": list(errors)}, "")


def sent(world: World) -> int:
    """Requests of the installation, which is what is limited."""
    return sum(one.token_kind == "installation" for one in world.hub.journal.requests)


LIMITED: dict[str, object] = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for installation ID 7."}
SECONDARY: dict[str, object] = {"message": "You have exceeded a secondary rate limit. Please wait."}


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (answer(LIMITED), 60),
        (answer(LIMITED, x_ratelimit_remaining="0", x_ratelimit_reset=str(THEIRS + 90)), 90),
        (answer({"message": "other"}, LIMITED, retry_after="17"), 17),
        (answer(SECONDARY, retry_after="9"), 9),
        (answer(SECONDARY), 60),
        (Reply(403, {"date": DATE, "retry-after": "5"}, None, ""), 5),
    ],
)
def test_how_long(reply: Reply, seconds: float) -> None:
    assert graphql_limit_seconds(reply, now=NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "reply",
    [
        answer(data={"viewer": {"login": "RATE_LIMITED"}}),
        answer({"type": "NOT_FOUND", "message": "Could not resolve to a Ref with the name 'secondary rate limit'."}),
        answer({"type": "NOT_FOUND", "message": "gone"}, x_ratelimit_remaining="0", x_ratelimit_reset=str(THEIRS)),
        Reply(200, {}, {"errors": "RATE_LIMITED"}, ""),
        Reply(200, {}, ["RATE_LIMITED"], ""),
        Reply(200, {}, None, ""),
    ],
)
def test_what_is_no_limit(reply: Reply) -> None:
    """What people call their branches is nobody's limit."""
    assert graphql_limit_seconds(reply, now=NOW) is None


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("rate_limit", "POST", "graphql", status=200, retry_after=90), 90),
        (Fault("secondary_limit", "POST", "graphql", status=200), 60),
    ],
    ids=["primary", "secondary"],
)
def test_nothing_goes_to_github_before_the_time_has_come(
    paced: World, clock: HandClock, fault: Fault, seconds: int
) -> None:
    paced.hub.faults.add(fault)
    with pytest.raises(GitHubLimited) as caught:
        graphql(paced).ask(paced.repo, VIEWER, {}, purpose=Purpose.READ)
    assert caught.value.retry_after == pytest.approx(seconds, abs=2)
    asked = sent(paced)
    with pytest.raises(GitHubLimited):
        paced.github.put_comment(paced.repo, paced.pull.number, "<!-- status -->", "At work.")
    with pytest.raises(GitHubLimited):
        paced.github.pull_request(paced.repo, paced.pull.number)
    assert sent(paced) == asked, "an App that goes on while it is limited may be banned"
    clock.sleep(seconds + 1)
    data = graphql(paced).ask(paced.repo, VIEWER, {}, purpose=Purpose.READ)
    assert data.object("viewer").text("login") == paced.app.slug
