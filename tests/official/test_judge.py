"""The judge itself: it knows the descriptions, and it notices."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.hub import Event, Exchange, Hub
from tests.hub.site import make_site
from tests.official.judge import Judge, NotFoundHere, deviations, judge


@pytest.fixture
def official() -> Judge:
    """The judge, or a skip that says what is missing."""
    try:
        return judge()
    except NotFoundHere as missing:
        pytest.skip(str(missing))


@pytest.fixture
def story(hub: Hub) -> tuple[tuple[Exchange, ...], tuple[Event, ...]]:
    """Some ordinary traffic."""
    site = make_site(hub)
    bot = site.bot()
    bot.ok("GET", f"{site.path}/pulls/1")
    bot.ok("POST", f"{site.path}/issues/1/comments", {"body": "x"})
    bot.ok("POST", f"{site.path}/check-runs", {"name": "n", "head_sha": site.head})
    bot("POST", f"{site.path}/issues/1/comments", {})
    return hub.journal.requests, hub.journal.events


def paths(body: object, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of a JSON object, however deep."""
    if isinstance(body, dict):
        for key, inner in body.items():
            yield (*at, key)
            yield from paths(inner, (*at, key))


def without(body: object, path: tuple[str, ...]) -> object:
    assert isinstance(body, dict)
    key, rest = path[0], path[1:]
    if not rest:
        return {k: v for k, v in body.items() if k != key}
    return {k: (without(v, rest) if k == key else v) for k, v in body.items()}


def test_honest_traffic_passes(official: Judge, story: tuple[tuple[Exchange, ...], tuple[Event, ...]]) -> None:
    requests, events = story
    assert [problem for one in requests[:3] for problem in official.exchange(one)] == []
    assert [problem for one in events for problem in official.event(one)] == []


def test_missing_and_wrong_fields_are_noticed(
    official: Judge, story: tuple[tuple[Exchange, ...], tuple[Event, ...]]
) -> None:
    pull, comment, run, refused = story[0]
    for one in (pull, comment, run):
        noticed = [
            path
            for path in paths(one.response)
            if official.exchange(replace(one, response=without(one.response, path)))
        ]
        assert len(noticed) > 20, one.path
    assert official.exchange(replace(comment, request={"text": "x"})) != []
    assert official.exchange(replace(comment, response={**as_dict(comment.response), "id": "1"})) != []
    assert official.exchange(replace(run, request={"name": "n"})) != []
    assert official.exchange(replace(pull, status=299)) == ["status not documented (only 200, 304, 404, 406, 500, 503)"]
    assert official.exchange(replace(pull, path="/api/v3/nothing/like/this")) == ["no such operation"]
    assert official.exchange(replace(refused, response=None)) == []


def test_spoiled_webhooks_are_noticed(official: Judge, story: tuple[tuple[Exchange, ...], tuple[Event, ...]]) -> None:
    for one in story[1]:
        noticed = [
            path
            for path in paths(dict(one.payload))
            if official.event(replace(one, payload=as_dict(without(dict(one.payload), path))))
        ]
        assert len(noticed) > 20, one.event
    assert official.event(replace(story[1][0], event="nonsense")) == ["no such webhook"]


def test_deviations_are_few_and_have_reasons() -> None:
    assert len(deviations()) <= 12
    assert all(len(one.reason) > 30 for one in deviations())


def as_dict(body: object) -> dict[str, object]:
    assert isinstance(body, dict)
    return body
