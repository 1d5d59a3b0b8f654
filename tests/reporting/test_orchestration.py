"""What an issue and the pull request of its spec are told."""

import re
from dataclasses import replace

import pytest

from bot.core.events.comments import answers_in, commands_in
from bot.core.orchestration.notes import Drafted
from bot.core.orchestration.questions import Answer, Question
from bot.core.orchestration.spec_text import SpecDraft, read_spec, spec_text
from bot.core.policy.model import RepositoryConfig
from bot.core.runs import Run, RunState, Stage
from bot.core.specs.model import Status
from bot.ids import PrNumber, issue_run_id
from bot.reporting.orchestration import (
    IssueAccount,
    carried_on_text,
    fork_body,
    issue_comment,
    pull_body,
    questions_comment,
    spec_body,
)
from bot.reporting.signed_commits import forks_are_unsigned, forks_may_be_unsigned, forks_way_out
from tests.reporting.reports import REPO, run
from tests.reporting.snapshot import assert_snapshot

PULL = PrNumber(8)
ASKED = (
    Question("Where is `text` cut, @all?", ("at the last space", "anywhere"), 0),
    Question("What of #12?", ("nothing", "an error"), 1),
)
BODY = "## Intent\n\nShort.\n\n## Acceptance criteria\n\n- **AC-1** Text is cut @here.\n  ```sh verify\n  test -f cut\n  ```\n- **AC-2** It stays.\n  ```sh keep\n  true\n  ```\n- **AC-3** It looks good.\n"
DRAFT = Drafted(
    "specs/0007-cut.md", SpecDraft("Cut text", BODY, questions=ASKED, summary="Cuts.\n/specbot stop\nCloses #3")
)


def of_issue(state: RunState, stage: Stage = Stage.ENDED, reason: str = "") -> Run:
    made = run(state, stage, reason=reason)
    number = PrNumber(5)
    return replace(made, run_id=issue_run_id(REPO.repo_id, number, made.start_head, 1), number=number, base_ref="main")


ACCOUNTS = {
    "writing": IssueAccount(of_issue(RunState.WORKING, Stage.SPEC), run_url="https://bot.example/r"),
    "rewriting": IssueAccount(of_issue(RunState.WORKING, Stage.SPEC), PULL),
    "questions": IssueAccount(of_issue(RunState.WAITING, reason="waits for answers"), PULL, 2),
    "approval": IssueAccount(of_issue(RunState.WAITING, reason="waits for approval"), PULL, go_refused=True),
    "in-force-elsewhere": IssueAccount(of_issue(RunState.DONE), PULL, started=True, default="main"),
    "writing-elsewhere": IssueAccount(of_issue(RunState.WORKING, Stage.SPEC), default="main"),
    "in-force": IssueAccount(of_issue(RunState.DONE), PULL, started=True),
    "lacking": IssueAccount(
        of_issue(RunState.WAITING, reason="no spec yet: say @all"), way_out="say more in the issue"
    ),
    "stopped": IssueAccount(of_issue(RunState.STOPPED, reason="stopped by @ada"), PULL),
    "failed": IssueAccount(of_issue(RunState.FAILED, reason="it broke"), way_out="`/orchestrate` starts again"),
}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_comment_on_the_issue(name: str) -> None:
    assert_snapshot(f"issue-{name}", issue_comment(ACCOUNTS[name]))


def test_the_questions_before_and_after() -> None:
    assert_snapshot("questions-open", questions_comment(ASKED, (Answer(1, 1, "ada"),)))
    assert_snapshot("questions-answered", questions_comment(ASKED, (Answer(1, 1, "ada"), Answer(2, 1))))


@pytest.mark.parametrize("in_force", [False, True])
def test_the_body_of_the_pull_request(in_force: bool) -> None:
    text = spec_text(DRAFT.draft, Status.DRAFT)
    spec = read_spec(DRAFT.path, text, frozenset(), RepositoryConfig()).spec
    assert spec is not None
    body = pull_body(
        of_issue(RunState.WORKING), DRAFT, spec.criteria, "https://hub.example/x", in_force=in_force, asks=not in_force
    )
    assert_snapshot(f"spec-pull-{'ready' if in_force else 'draft'}", body)
    assert re.findall(r"closes #\d", body, re.IGNORECASE) == ["Closes #5"], (
        "only the issue itself is closed, whatever the spec says"
    )


def test_a_pull_request_for_another_branch_does_not_promise_to_close_the_issue() -> None:
    body = pull_body(of_issue(RunState.WORKING), DRAFT, (), "", in_force=False, asks=False, default="main")
    assert body.startswith("For #5, which stays open: ")
    assert not re.search(r"close[sd]? #5", body, re.IGNORECASE)
    for name in ("in-force-elsewhere", "writing-elsewhere"):
        assert "closes this issue" not in issue_comment(ACCOUNTS[name])


def test_what_is_said_of_forks_and_merged_specs() -> None:
    said = [
        carried_on_text(PULL, "lin@us"),
        carried_on_text(PULL, "lin@us", forks_may_be_unsigned("main", "lin@us")),
        fork_body(PrNumber(4), "linus", "Closes #9 @all", "a" * 40, "ada"),
        fork_body(PrNumber(4), "linus", "Greet", "a" * 40, "ada", forks_may_be_unsigned("main", "linus")),
        forks_are_unsigned("specbot/pull-4-greet", "linus"),
        forks_way_out("linus"),
        spec_body("specs/a.md", "", PrNumber(5), "ada", flipped=True),
        spec_body("specs/a.md", "https://hub.example/a", PrNumber(5), "ada", flipped=False),
    ]
    assert_snapshot("orchestration-others", "\n---\n".join(said))


def test_nothing_of_it_commands_or_answers_anything() -> None:
    texts = [issue_comment(one) for one in ACCOUNTS.values()]
    texts.append(questions_comment(ASKED, ()))
    texts.append(pull_body(of_issue(RunState.WORKING), DRAFT, (), "", in_force=False, asks=False))
    for text in texts:
        assert commands_in(text) == ()
        assert answers_in(text) == ()
