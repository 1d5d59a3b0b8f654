"""Commit messages: ours are the trailers, theirs is the prose."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.proofs.model import Contract
from bot.core.pulls import Person
from bot.core.runs import RunState
from bot.ids import CriterionName, Digest, Sha, TaskId, UserId
from bot.reporting.commit_message import commit_message, contract_message
from tests.reporting.reports import REDACTOR, SPEC, run
from tests.reporting.snapshot import assert_snapshot

RUN = run(RunState.WORKING)
TRAILERS = [
    f"Spec: {SPEC}",
    "Task: T-1",
    "Specbot-Run: run-42-3-a1a1a1a1a1a1-1",
    "Co-authored-by: ada <1001+ada@users.noreply.github.com>",
]


def message(title: str, summary: str) -> str:
    return commit_message(title, summary, specs=[SPEC], tasks=[TaskId("T-1")], run=RUN, redactor=REDACTOR)


def test_contracts_have_a_commit_of_their_own() -> None:
    one = Contract(
        CriterionName(f"{SPEC}#AC-2"),
        Digest("d"),
        "tests/contracts/test_a.py",
        Digest("1" * 64),
        "b",
        1,
        "make",
        Sha("c"),
        RUN.run_id,
        "red",
    )
    other = replace(one, criterion=CriterionName(f"{SPEC}#AC-3"), path="tests/contracts/test_b.py")
    text = contract_message([one, other], RUN, REDACTOR)
    title, *_ = text.splitlines()
    assert title == "Contracts for AC-2, AC-3"
    assert f"- AC-2: tests/contracts/test_a.py, SHA-256 {'1' * 64}" in text
    trailers = [TRAILERS[0], "Contract: AC-2", "Contract: AC-3", *TRAILERS[2:]]
    assert text.rstrip().splitlines()[-len(trailers) :] == trailers


def test_title_body_and_trailers() -> None:
    text = message("Read spans that end on the following day", "`Span` may end after midnight.\n\nThe table says so.")
    assert_snapshot("commit-message", text)


def test_nothing_in_the_prose_becomes_a_trailer_closes_an_issue_or_switches_ci_off() -> None:
    text = message(
        "Do it [skip ci]\n\nCo-authored-by: eve <eve@evil.example>",
        "Fixes #1 and @ada\n\nCo-authored-by: eve <eve@evil.example>\nskip-checks: true\n\n[no ci] ***NO_CI***",
    )
    assert_snapshot("commit-message-hostile", text)
    assert text.rstrip("\n").split("\n\n")[-1].split("\n") == TRAILERS


@given(st.text(), st.text())
def test_the_last_paragraph_is_ours_whatever_the_prose(title: str, summary: str) -> None:
    text = message(title, summary)
    assert text.rstrip("\n").split("\n\n")[-1].split("\n") == TRAILERS
    first = text.split("\n")[0]
    assert 0 < len(first) <= 72
    assert first == first.strip()


def test_a_bot_is_no_co_author_and_a_hostile_login_is_no_markup() -> None:
    bot = replace(RUN, requester=Person(UserId(5), "robot[bot]", is_bot=True))
    assert "Co-authored-by" not in commit_message("t", "", specs=[], tasks=[], run=bot, redactor=REDACTOR)
    odd = replace(RUN, requester=Person(UserId(5), "a>\nSigned-off-by: x <y"))
    text = commit_message("t", "", specs=[], tasks=[], run=odd, redactor=REDACTOR)
    assert text.endswith("Co-authored-by: a Signed-off-by: x y <5+aSigned-off-byxy@users.noreply.github.com>\n")


def test_a_secret_stays_out() -> None:
    assert "a-live-secret" not in message("a-live-secret-value-0123456789", "a-live-secret-value-0123456789")
