"""Values for the store's tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.chat import ModelReply, Usage
from bot.core.events.model import Command, Delivery, Verb
from bot.core.proofs.model import Executed, StoppedBy, TestOutcome, TestResult
from bot.core.pulls import Person, RepoRef
from bot.core.runs import Run, RunState, Stage
from bot.ids import (
    CommandId,
    CommentId,
    DeliveryId,
    Digest,
    InstallationId,
    PrNumber,
    RepoId,
    Sha,
    UserId,
    run_id,
)

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
REPO = RepoRef(InstallationId(5), RepoId(4_000_000_001), "octo", "lib")
PR = PrNumber(7)
ANN = Person(UserId(11), "ann")
A, B, C = (Sha(letter * 40) for letter in "abc")


class TickingClock:
    """Time that moves by a second, or another step, each time somebody looks."""

    def __init__(self) -> None:
        self.moment = START
        self.step = timedelta(seconds=1)

    def now(self) -> datetime:
        self.moment += self.step
        return self.moment


def delivery(guid: str = "g-1", event: str = "push", at: datetime = START, body: bytes = b'{"a": 1}') -> Delivery:
    return Delivery(DeliveryId(guid), event, body, at)


def command(key: str = "delivery:g-1", text: str = "") -> Command:
    return Command(
        command_id=CommandId(key),
        verb=Verb.RETRY,
        repo=REPO,
        number=PR,
        head_sha=A,
        actor=ANN,
        given_at=START,
        arguments=("AC-1", "because"),
        comment_id=CommentId(99),
        text=text,
    )


def run(head: Sha = A, attempt: int = 1, branch: str = "feature", state: RunState = RunState.WORKING) -> Run:
    return Run(
        run_id=run_id(REPO.repo_id, PR, head, attempt),
        repo=REPO,
        number=PR,
        start_head=head,
        attempt=attempt,
        head_repo_id=REPO.repo_id,
        head_ref=branch,
        base_ref="main",
        state=state,
        stage=Stage.ADMISSION,
        reason="",
        requester=ANN,
        created_at=START,
    )


def of_pull_request(made: Run, number: int) -> Run:
    """The same run for another pull request of the same branch."""
    pr = PrNumber(number)
    return replace(made, number=pr, run_id=run_id(made.repo.repo_id, pr, made.start_head, made.attempt))


def reply(prompt: int = 100, cost: float | None = 0.25) -> ModelReply:
    return ModelReply(
        text="done",
        calls=(),
        finish_reason="stop",
        usage=Usage(prompt=prompt, cached=10, completion=5),
        cost_usd=cost,
        seconds=1.5,
        model="m",
    )


def executed(key: str = "k", exit_code: int = 0) -> Executed:
    return Executed(
        key=Digest(key),
        exit_code=exit_code,
        stopped_by=StoppedBy.NOTHING,
        output="hello \ud800 \x00 world",
        output_digest=Digest("d" * 64),
        seconds=0.5,
        tests=(TestResult("tests/t.py::test_a", TestOutcome.PASSED),),
        python_started=1,
    )
