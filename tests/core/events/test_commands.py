"""What a delivery asks of us: who may ask at all, which head it is bound to, and the same id for the same wish."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.events.commands import Understood, bind_head, understand
from bot.core.events.model import Verb
from bot.core.ports.store import HeadSeen
from bot.ids import Sha
from tests.core.events.deliveries import (
    ANN,
    NOW,
    OURSELVES,
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


def asked(understood: Understood) -> list[tuple[str, Verb]]:
    return [(command.command_id, command.verb) for command in understood.commands]


@pytest.mark.parametrize("sender", [OURSELVES, ROBOT, {"id": 11, "login": "ann", "type": "User"}])
def test_every_head_counts_whoever_pushed_it(sender: dict[str, object]) -> None:
    understood = understand(delivery("pull_request", pull_request("synchronize", sender)), US)
    assert asked(understood) == [("delivery:guid-1", Verb.RECONCILE)]
    assert understood.heads == ((6, 3, SHA),)
    assert understood.commands[0].head_sha == SHA


def test_a_commit_alone_is_reconciled_by_its_head() -> None:
    understood = understand(delivery("check_suite", check_suite("requested", app_id=999)), US)
    assert asked(understood) == [("delivery:guid-1", Verb.RECONCILE)]
    assert understood.commands[0].number is None
    assert understood.heads == ()


def test_a_comment_gives_its_commands_with_ids_by_line() -> None:
    understood = understand(delivery("issue_comment", comment("Hm.\n\n/specbot stop\n/specbot retry AC-1")), US)
    assert asked(understood) == [("comment:99:3", Verb.STOP), ("comment:99:4", Verb.RETRY)]
    stop, retry = understood.commands
    assert stop.head_sha is None
    assert stop.given_at.isoformat() == "2026-11-22T08:59:00+00:00"
    assert (retry.arguments, retry.text, retry.comment_id, retry.actor.login) == (
        ("AC-1",),
        "/specbot retry AC-1",
        99,
        "ann",
    )
    assert understood.outcome == "asked: stop, retry"


def test_an_unknown_verb_is_asked_with_its_nearest() -> None:
    (command,) = understand(delivery("issue_comment", comment("/specbot verfy AC-1")), US).commands
    assert (command.verb, command.arguments, command.text) == (Verb.UNKNOWN, ("verify",), "/specbot verfy AC-1")
    (command,) = understand(delivery("issue_comment", comment("/specbot xyzzy AC-1")), US).commands
    assert (command.verb, command.arguments) == (Verb.UNKNOWN, ())


@pytest.mark.parametrize(
    "payload",
    [
        comment("/specbot stop", OURSELVES),
        comment("/specbot stop", ROBOT),
        comment("/specbot stop", {"id": 13, "login": "sneaky[bot]", "type": "User"}),
        comment("/specbot stop", {"id": 13, "login": "some-app", "type": "Bot"}),
        comment("/specbot stop", {"id": 13, "login": "odd"}),
        comment("/specbot stop", action="edited"),
    ],
)
def test_the_loop_filter_lets_only_people_command(payload: dict[str, object]) -> None:
    understood = understand(delivery("issue_comment", payload), US)
    assert understood.commands == ()
    assert understood.outcome.startswith("ignored: ")


def test_a_command_says_whether_it_stands_on_an_issue() -> None:
    (there,) = understand(delivery("issue_comment", comment("/orchestrate --go", issue={"number": 3})), US).commands
    (here,) = understand(delivery("issue_comment", comment("/orchestrate")), US).commands
    assert (there.verb, there.on_issue, there.arguments) == (Verb.ORCHESTRATE, True, ("--go",))
    assert (here.verb, here.on_issue) == (Verb.ORCHESTRATE, False)


def labelled(label: str, sender: dict[str, object], action: str = "labeled") -> dict[str, object]:
    return {**WHERE, "action": action, "issue": {"number": 3}, "label": {"name": label}, "sender": sender}


def test_our_label_on_an_issue_asks_for_what_orchestrate_asks_for() -> None:
    (command,) = understand(delivery("issues", labelled("Specbot", ANN)), US).commands
    assert (command.command_id, command.verb, command.on_issue) == ("label:guid-1", Verb.ORCHESTRATE, True)
    assert (command.number, command.comment_id, command.actor.login) == (3, None, "ann")


@pytest.mark.parametrize(
    "payload",
    [
        labelled("specbot", ROBOT),
        labelled("specbot", OURSELVES),
        labelled("bug", ANN),
        labelled("specbot", ANN, "unlabeled"),
    ],
)
def test_other_labels_and_bots_ask_for_nothing(payload: dict[str, object]) -> None:
    assert understand(delivery("issues", payload), US).commands == ()


def test_answers_are_one_command_of_plain_lines() -> None:
    (command,) = understand(delivery("issue_comment", comment("I think so.\n\n1b 2: A\n3=c")), US).commands
    assert (command.command_id, command.verb) == ("comment:99:3", Verb.ANSWER)
    assert (command.arguments, command.text) == (("1b", "2:a", "3=c"), "1b 2: A 3=c")
    for body in ("1b is what I meant", "> 1b", "`1b`", "    1b", "- 1b", "7z", "", "0a"):
        assert understand(delivery("issue_comment", comment(body)), US).commands == ()


def test_a_comment_that_we_wrote_for_somebody_commands_nothing() -> None:
    payload = comment("/specbot stop")
    payload["comment"]["performed_via_github_app"] = {"id": US.app_id}
    assert understand(delivery("issue_comment", payload), US).commands == ()
    payload["comment"]["performed_via_github_app"] = {"id": US.app_id + 1}
    assert len(understand(delivery("issue_comment", payload), US).commands) == 1


@pytest.mark.parametrize(
    ("identifier", "verb"),
    [("retry", Verb.RETRY), ("verify", Verb.VERIFY), ("stop", Verb.STOP), ("approve", Verb.APPROVE)],
)
def test_a_button_is_bound_to_the_commit_of_its_check(identifier: str, verb: Verb) -> None:
    (command,) = understand(delivery("check_run", check_run("requested_action", identifier)), US).commands
    assert (command.verb, command.head_sha, command.command_id) == (verb, SHA, "action:guid-1")
    assert command.arguments == ("run-6-3-abc-1",)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("check_run", check_run("requested_action", "merge")),
        ("check_run", check_run("requested_action", "retry", app_id=8)),
        ("check_run", check_run("requested_action", "retry", sender=ROBOT)),
        ("check_run", check_run("rerequested", app_id=8)),
        ("check_run", check_run("rerequested", sender=OURSELVES)),
        ("check_suite", check_suite("rerequested", app_id=8)),
    ],
)
def test_foreign_checks_foreign_buttons_and_bots_ask_nothing(event: str, payload: dict[str, object]) -> None:
    assert understand(delivery(event, payload), US).commands == ()


def test_a_rerun_is_a_retry_of_the_commit() -> None:
    (command,) = understand(delivery("check_run", check_run("rerequested")), US).commands
    assert (command.verb, command.head_sha, command.arguments) == (Verb.RETRY, SHA, ("run-6-3-abc-1",))
    (command,) = understand(delivery("check_suite", check_suite("rerequested")), US).commands
    assert (command.verb, command.head_sha, command.arguments) == (Verb.RETRY, SHA, ())


def test_a_lost_installation_is_told_without_a_command() -> None:
    understood = understand(delivery("installation", {**WHERE, "action": "suspend"}), US)
    assert understood.commands == ()
    assert understood.outcome == "installation 5: suspend"


HISTORY = [
    delivery("pull_request", pull_request("opened"), "g1"),
    delivery("issue_comment", comment("/specbot retry\n/specbot status"), "g2"),
    delivery("pull_request", pull_request("synchronize"), "g3"),
    delivery("check_suite", check_suite("requested"), "g4"),
    delivery("check_run", check_run("requested_action", "stop"), "g5"),
    delivery("issue_comment", comment("/specbot stop", ROBOT), "g6"),
    delivery("pull_request", pull_request("closed"), "g7"),
]


@given(st.lists(st.sampled_from(HISTORY), max_size=20), st.randoms(use_true_random=False))
def test_order_and_doubles_of_deliveries_do_not_matter(extra: list[object], shuffle: random.Random) -> None:
    expected = {command for one in HISTORY for command in understand(one, US).commands}
    deliveries = [*HISTORY, *extra]
    shuffle.shuffle(deliveries)
    assert {command for one in deliveries for command in understand(one, US).commands} == expected
    assert len({command.command_id for command in expected}) == len(expected)


def heads(*minutes: int) -> list[HeadSeen]:
    return [HeadSeen(Sha(f"{minute:040d}"), NOW + timedelta(minutes=minute)) for minute in minutes]


def test_a_comment_is_bound_to_the_head_that_stood_when_it_was_written() -> None:
    seen = heads(0, 10, 20)
    assert bind_head(seen, NOW + timedelta(minutes=15)) == f"{10:040d}"
    assert bind_head(seen, NOW + timedelta(minutes=20)) == f"{20:040d}"
    assert bind_head(list(reversed(seen)), NOW + timedelta(minutes=99)) == f"{20:040d}"
    assert bind_head(seen, NOW - timedelta(seconds=1)) is None
    assert bind_head([], NOW) is None


def merge_group(action: str = "checks_requested", **more: object) -> dict[str, object]:
    group = {
        "head_sha": SHA,
        "head_ref": f"refs/heads/gh-readonly-queue/release/2.x/pr-104-{SHA}",
        "base_sha": "f" * 40,
        "base_ref": "refs/heads/release/2.x",
        **more,
    }
    return {**WHERE, "action": action, "merge_group": group, "sender": ROBOT}


@pytest.mark.parametrize("action", ["checks_requested", "destroyed"])
def test_a_merge_queue_is_heard_although_it_is_a_bot(action: str) -> None:
    (command,) = understand(delivery("merge_group", merge_group(action)), US).commands
    assert (command.command_id, command.verb, command.head_sha) == ("delivery:guid-1", Verb.MERGE_GROUP, SHA)
    branch = f"gh-readonly-queue/release/2.x/pr-104-{SHA}"
    assert command.arguments == (action, branch, "f" * 40, "release/2.x")
    assert command.number is None


@pytest.mark.parametrize(
    "payload",
    [
        merge_group("renamed"),
        merge_group(head_sha="x"),
        merge_group(base_ref="release/2.x"),
        merge_group(head_ref="refs/tags/v1"),
    ],
)
def test_half_a_merge_group_asks_nothing(payload: dict[str, object]) -> None:
    assert understand(delivery("merge_group", payload), US).commands == ()


def test_nobody_types_a_merge_group() -> None:
    understood = understand(delivery("issue_comment", comment("/specbot merge group")), US)
    assert [command.verb for command in understood.commands] == [Verb.UNKNOWN]


def test_an_edit_that_adds_a_command_is_answered_once_and_never_obeyed() -> None:
    edited = comment("Fine.\n\n/specbot stop", action="edited", changes={"body": {"from": "Fine."}})
    edited["comment"]["updated_at"] = edited["comment"]["created_at"]
    (command,) = understand(delivery("issue_comment", edited), US).commands
    assert (command.verb, command.text, command.comment_id) == (Verb.EDITED, "/specbot stop", None)
    (again,) = understand(delivery("issue_comment", edited, "another delivery"), US).commands
    assert again.command_id == command.command_id, "one note for a comment"
    kept = {**edited, "changes": {"body": {"from": "Well.\n\n/specbot stop"}}}
    assert understand(delivery("issue_comment", kept), US).commands == ()


def test_what_others_report_is_listened_to_and_what_we_report_is_not() -> None:
    theirs = check_run("completed")
    theirs["check_run"]["app"]["id"] = US.app_id + 1
    assert [one.verb for one in understand(delivery("check_run", theirs), US).commands] == [Verb.LISTEN]
    ours = check_run("completed")
    ours["check_run"]["app"]["id"] = US.app_id
    assert understand(delivery("check_run", ours), US).commands == ()
