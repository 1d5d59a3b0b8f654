"""Answers to commands."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.events.comments import commands_in
from bot.core.events.model import OWN_VERBS, Command, Verb
from bot.core.policy.budgets import Extra
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.offers import Place, offers
from bot.core.pulls import Permission, Person
from bot.core.runs import Budget, RunState, Stage
from bot.errors import Refused
from bot.ids import CommandId, CommentId, PrNumber, UserId
from bot.reporting.replies import (
    VERBS,
    already_runs,
    granted_text,
    help_text,
    nothing_runs,
    refused,
    reply_body,
    reply_marker,
    status_line,
    unknown_verb,
)
from tests.reporting.reports import ADA, REDACTOR, REPO, run
from tests.reporting.snapshot import assert_snapshot

COMMAND = Command(
    command_id=CommandId("comment:77:3"),
    verb=Verb.RETRY,
    repo=REPO,
    number=PrNumber(3),
    head_sha=None,
    actor=ADA,
    given_at=datetime(2026, 11, 22, tzinfo=UTC),
    comment_id=CommentId(77),
    text="/specbot retry",
)
IDLE = Place(on_issue=False, live=False)
WRITER = offers(IDLE, ADA, Permission.WRITE, RepositoryConfig())
READER = offers(IDLE, Person(UserId(9), "linus"), Permission.READ, RepositoryConfig())
FAULT = Refused("this needs write permission, and @ada may read", hint="ask somebody with that right")


def test_a_refusal_says_why_and_what_helps() -> None:
    assert_snapshot("reply-refused", reply_body(reply_marker(COMMAND.command_id), COMMAND, refused(COMMAND, FAULT)))


def test_a_misspelt_verb_gets_the_nearest_and_the_list() -> None:
    asked = replace(COMMAND, verb=Verb.UNKNOWN, text="/specbot retyr `@all`")
    assert_snapshot(
        "reply-unknown", reply_body(reply_marker(COMMAND.command_id), asked, unknown_verb(asked.text, "retry", WRITER))
    )
    assert "Did you mean" not in unknown_verb("/specbot xyzzy", "", WRITER)
    assert "Did you mean" not in unknown_verb("/specbot x", "<img>", WRITER)


def test_help_names_every_verb_that_can_be_typed() -> None:
    assert set(VERBS) == set(Verb) - {*OWN_VERBS, Verb.UNKNOWN, Verb.EDITED}
    for offered in (WRITER, READER):
        said = help_text(offered)
        assert all(f"`/specbot {verb.value}`" in said for verb in set(VERBS) - {Verb.ORCHESTRATE})
        assert "| `/orchestrate` |" in said


def test_help_says_first_what_this_person_may_say_now_and_why_not_the_rest() -> None:
    now, _, rest = help_text(READER).partition("<details>")
    assert "`/specbot status`" in now
    assert "`/specbot retry`" not in now
    assert "`retry` needs write permission, and linus has read" in rest
    assert "<details>" in help_text(WRITER), "what is not for now is still listed"
    assert_snapshot("reply-help", help_text(READER))


def test_a_grant_says_what_it_adds_up_to() -> None:
    budget = Budget(usd=4.5, tokens=1_100_000, minutes=65, turns=60)
    said = granted_text(Extra(2.0, 500_000, 20), budget, at_work=False)
    assert said == (
        "The run has $2.00, 500,000 tokens and 20 minutes more. In all it may use $4.50, 1,100,000 tokens and 65 minutes."
        " It goes on where it stands."
    )
    said = granted_text(Extra(minutes=90), replace(budget, usd=None), at_work=True)
    assert said == (
        "The run has 90 minutes more. In all it may use 1,100,000 tokens and 65 minutes."
        " It is at work, and this counts from its next call on."
    )
    assert granted_text(Extra(usd=1), None, at_work=False) == "The run has $1.00 more. It goes on where it stands."


def test_no_answer_is_a_command_itself() -> None:
    answers = [help_text(WRITER), unknown_verb("/specbot stop", "", WRITER), nothing_runs(), refused(COMMAND, FAULT)]
    for answer in answers:
        assert commands_in(reply_body(reply_marker(COMMAND.command_id), COMMAND, answer)) == ()


def test_status_in_one_line() -> None:
    assert status_line(None, "") == "No run yet: there was no spec to work on."
    assert status_line(run(RunState.WORKING, Stage.VERIFY), "https://bot.example/r") == (
        "Attempt 1 at `a1a1a1a`: **working**, verifying the work · [its page](https://bot.example/r)"
    )
    assert status_line(run(RunState.STOPPED, reason="stopped by @ada"), "") == (
        "Attempt 1 at `a1a1a1a`: **stopped**: stopped by @&#8203;ada"
    )
    assert status_line(run(RunState.DONE, published=True), "").endswith("**done**, published as `c2c2c2c`")
    assert "verifying the work" in already_runs(run(RunState.WORKING, Stage.VERIFY))


def test_a_marker_cannot_be_broken_out_of() -> None:
    assert reply_marker(CommandId("comment:1:2 --> <img>")) == "<!-- specbot:reply:comment:1:2______img_ -->"


def test_a_secret_in_a_refusal_stays_out() -> None:
    fault = Refused("push failed: a-live-secret-value-0123456789")
    assert "a-live" not in reply_body("<!-- m -->", COMMAND, refused(COMMAND, fault), REDACTOR)
