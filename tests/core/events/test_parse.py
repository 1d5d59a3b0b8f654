"""Every payload is an event or ignored with a reason; nothing raises."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.events.commands import understand
from bot.core.events.model import (
    ButtonPressed,
    ChecksReported,
    ChecksRequested,
    CommentCreated,
    Delivery,
    Event,
    Ignored,
    InstallationChanged,
    MergeGroupChanged,
    PullRequestChanged,
    RerunAsked,
)
from bot.core.events.parse import parse, parse_delivery
from bot.ids import DeliveryId
from tests.core.events.deliveries import (
    ANN,
    NOW,
    ROBOT,
    SHA,
    US,
    WHERE,
    check_run,
    check_suite,
    comment,
    delivery,
    pull_request,
)
from tests.official.examples import webhook_examples


def test_every_official_example_is_understood() -> None:
    official = webhook_examples()
    assert len(official) >= 329
    kinds = set()
    for number, (name, payload) in enumerate(official):
        installed = {**payload, "installation": payload.get("installation") or {"id": 5}}
        for body in (payload, installed):
            understood = understand(delivery(name, body, f"guid-{number}"), US)
            assert understood.outcome
            kinds.add(type(understood.event))
    assert kinds >= {
        MergeGroupChanged,
        PullRequestChanged,
        CommentCreated,
        ChecksRequested,
        RerunAsked,
        InstallationChanged,
        Ignored,
    }


def test_the_official_pull_requests_are_events_when_an_installation_is_named() -> None:
    actions = set()
    for name, payload in webhook_examples():
        event = parse(name, {**payload, "installation": {"id": 5}})
        if isinstance(event, PullRequestChanged):
            actions.add(event.action)
            assert event.head_sha == payload["pull_request"]["head"]["sha"]
            assert event.repo.repo_id == payload["repository"]["id"]
    assert {"opened", "reopened", "synchronize", "ready_for_review", "converted_to_draft", "closed"} <= actions


@pytest.mark.parametrize(
    ("name", "payload", "kind"),
    [
        ("pull_request", pull_request("opened"), PullRequestChanged),
        ("pull_request", pull_request("synchronize", ROBOT), PullRequestChanged),
        ("pull_request", pull_request("edited", changes={"base": {"ref": {"from": "main"}}}), PullRequestChanged),
        ("pull_request", pull_request("edited", changes={"title": {"from": "x"}}), Ignored),
        ("pull_request", pull_request("labeled"), Ignored),
        ("issue_comment", comment("hello"), CommentCreated),
        ("issue_comment", comment("hello", action="edited"), Ignored),
        ("issue_comment", comment("hello", action="deleted"), Ignored),
        ("check_run", check_run("requested_action", "retry"), ButtonPressed),
        ("check_run", check_run("rerequested"), RerunAsked),
        ("check_run", check_run("completed"), ChecksReported),
        ("check_suite", check_suite("requested"), ChecksRequested),
        ("check_suite", check_suite("rerequested"), RerunAsked),
        ("check_suite", check_suite("completed"), ChecksReported),
        ("installation", {**WHERE, "action": "suspend"}, InstallationChanged),
        ("installation", {**WHERE, "action": "created"}, Ignored),
        (
            "installation_repositories",
            {**WHERE, "action": "removed", "repositories_removed": [{"id": 1}]},
            InstallationChanged,
        ),
        ("installation_repositories", {**WHERE, "action": "added"}, Ignored),
        ("ping", {"zen": "Design for failure."}, Ignored),
        ("never_heard_of", {"action": "opened"}, Ignored),
    ],
)
def test_each_event_has_its_kind(name: str, payload: Any, kind: type[Event]) -> None:
    assert type(parse(name, payload)) is kind


def test_a_comment_brings_all_that_is_needed() -> None:
    event = parse("issue_comment", comment("/specbot stop"))
    assert isinstance(event, CommentCreated)
    assert (event.comment_id, event.number, event.on_pull_request, event.body) == (99, 3, True, "/specbot stop")
    assert event.created_at.isoformat() == "2026-11-22T08:59:00+00:00"
    assert (event.author.user_id, event.repo.full_name, event.repo.installation_id) == (11, "ann/text", 5)


def test_a_comment_sent_by_somebody_else_is_ignored() -> None:
    renamed = {"id": 12, "login": "ann", "type": "User"}
    assert isinstance(parse("issue_comment", comment("/specbot stop", sender=renamed)), Ignored)


def test_without_an_installation_nothing_can_be_done() -> None:
    event = parse("pull_request", {key: value for key, value in pull_request().items() if key != "installation"})
    assert isinstance(event, Ignored)
    assert "installation" in event.reason


@pytest.mark.parametrize("name", ["..", "a/b", "a b", "", "x" * 101, "a\n", "é"])
def test_a_name_that_would_change_a_url_is_no_repository(name: str) -> None:
    payload = pull_request(repository={"id": 6, "name": name, "owner": {"login": "ann"}})
    assert isinstance(parse("pull_request", payload), Ignored)


@pytest.mark.parametrize("number", [0, -1, True, "6", 6.0, 2**63, None, [6]])
def test_what_is_no_id_is_no_id(number: object) -> None:
    assert isinstance(parse("pull_request", pull_request(installation={"id": number})), Ignored)


@pytest.mark.parametrize("sha", ["", "abc", SHA.upper(), SHA + "\n", SHA + "0", "--upload-pack=x" + SHA[:25], None])
def test_what_is_no_sha_is_no_head(sha: object) -> None:
    assert isinstance(parse("pull_request", pull_request(pull_request={"number": 3, "head": {"sha": sha}})), Ignored)


@pytest.mark.parametrize("created", ["", "yesterday", "2026-11-22T08:59:00", "9999-12-31T23:59:59-12:00", 5])
def test_a_comment_without_a_time_is_ignored(created: object) -> None:
    body = comment("/specbot stop")
    body["comment"] = {**body["comment"], "created_at": created}
    assert isinstance(parse("issue_comment", body), Ignored)


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 200_000, b"null", b"[]", b'"x"'])
def test_a_body_that_is_no_object_is_ignored(body: bytes) -> None:
    assert isinstance(parse_delivery(Delivery(DeliveryId("g"), "pull_request", body, NOW)), Ignored)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WHOLE = {
    "pull_request": pull_request("opened"),
    "issue_comment": comment("/specbot stop"),
    "check_run": check_run("requested_action", "retry"),
    "check_suite": check_suite("rerequested"),
    "installation": {**WHERE, "action": "deleted"},
    "installation_repositories": {**WHERE, "action": "removed", "repositories_removed": [{"id": 1}]},
}


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [path for key in value for path in paths(value[key], (*prefix, key))]
    return [prefix, *inner] if prefix else inner


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_any_part_may_be_missing_or_rubbish(name: str, data: st.DataObject) -> None:
    payload = copy.deepcopy(WHOLE[name])
    path = data.draw(st.sampled_from(paths(payload)))
    parent = payload
    for key in path[:-1]:
        parent = parent[key]
    if data.draw(st.booleans()):
        del parent[path[-1]]
    else:
        parent[path[-1]] = data.draw(JUNK)
    understood = understand(delivery(name, payload), US)
    assert understood.outcome


@given(st.sampled_from([*sorted(WHOLE), "push"]), JUNK)
def test_any_json_is_understood(name: str, payload: object) -> None:
    assert isinstance(parse(name, payload), Ignored)


def test_the_author_is_not_taken_from_the_login() -> None:
    assert parse("issue_comment", comment("x", {**ANN, "login": ""})) == Ignored(
        "issue_comment without what we need of it"
    )
