"""Orchestration off the straight path: who may ask, by what, again, from a merged spec, from a fork, and stopped on the way."""

import pytest

from bot.core.events.commands import LABEL
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ISSUE_MARKER
from tests.stories.moments import asked, stalling
from tests.stories.test_orchestrate import (
    BODY,
    BRANCH,
    PATH,
    handing_in,
    on_issue,
    open_issue,
    the_pull,
    waits,
    writing,
)
from tests.support.scripted_model import call
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, Stage, implementing, never


def test_a_stranger_is_answered_once_and_nothing_is_written() -> None:
    with Stage(never) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "linus")
        stage.until(lambda: stage.comments(issue), "an answer")
        stage.say(issue, "/orchestrate --go", "linus")
        stage.until(lambda: "confused" in stage.reactions(), "the reaction to the second one")
        (answer,) = stage.comments(issue)
        assert "`orchestrate` needs write permission, and linus has read" in answer.body
        assert set(stage.branches()) == {"main"}
        assert not stage.store.recent_runs(5)


def test_slips_and_what_belongs_elsewhere_are_answered() -> None:
    with Stage(never) as stage, stage.worker():
        issue = open_issue(stage)
        said = stage.say(issue, "I like it.", "grace")
        stage.hub.edit_comment(said.id, "grace", "/orchestrate")
        assert "added by an edit does not count" in stage.answer(issue, "/orchestrate")
        stage.say(issue, "/orchestrate targett=main", "grace")
        assert "did you mean `target=`?" in stage.answer(issue, "/orchestrate targett=main")
        stage.say(issue, "/orchestrate model=gpt-best", "grace")
        assert "not one that this repository's owners have named" in stage.answer(issue, "/orchestrate model=gpt-best")
        stage.say(issue, "/orchestrate target=nowhere", "grace")
        assert "there is no branch nowhere" in stage.answer(issue, "/orchestrate target=nowhere")
        stage.say(issue, "/specbot retry", "grace")
        assert "is for pull requests" in stage.answer(issue, "/specbot retry")
        stage.say(issue, "/specbot status", "linus")
        assert "Nothing was asked for here yet" in stage.answer(issue, "/specbot status")
        stage.say(issue, "1b", "grace")
        stage.say(issue, "/specbot stop", "grace")
        assert "Nothing is running here" in stage.answer(issue, "/specbot stop")
        assert not any("> `1b`" in one.body for one in stage.comments(issue))


def test_the_label_asks_too_and_is_taken_off_again() -> None:
    with Stage(writing(handing_in())) as stage, stage.worker():
        issue = open_issue(stage)
        stage.hub.label(stage.repo, issue.number, "grace", [LABEL, "later"])
        pull = the_pull(stage)
        waits(stage, issue, "waits for approval")
        stage.settled(pull)
        assert "Asked for by grace" in on_issue(stage, issue)
        names = [stage.hub.store.labels[i].name for i in stage.hub.issue(stage.repo, issue.number).label_ids]
        assert names == ["later"]
        assert stage.reactions().count("eyes") == 2, "on the issue, and on the pull request"


@pytest.mark.soak
def test_a_second_order_goes_on_with_the_first_and_reads_what_was_said_since() -> None:
    more = BODY.replace("Titles and surnames.", "Surnames.")
    with Stage(writing(handing_in(), handing_in(more))) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        pull = the_pull(stage)
        waits(stage, issue, "waits for approval")
        stage.settled(pull)
        first = stage.head(pull)
        stage.push({PATH: stage.file(first, PATH).replace("wants to read", "likes to read")}, BRANCH, "ada")
        stage.settled(pull)
        stage.hub.comment(stage.repo, pull.number, "linus", "Titles are wanted after all.")
        stage.say(pull, "/orchestrate", "ada")
        stage.until(lambda: "Surnames." in stage.file(stage.head(pull), PATH), "the second spec")
        waits(stage, issue, "waits for approval")
        stage.settled(pull)

        told = stage.model.requests[1].body["messages"][1]["content"]
        assert "Titles are wanted after all." in told
        assert "likes to read" in told, "a person's push to the branch is what the author goes on from"
        assert [one.number for one in stage.hub.store.issues.where(lambda i: i.pull is not None)] == [pull.number]
        assert "AC-1" in (stage.hub.issue(stage.repo, pull.number).body or "")
        states = [r.state.value for r in stage.store.runs_of(RepoId(stage.repo.id), PrNumber(issue.number))]
        assert states == ["superseded", "waiting"]


@pytest.mark.soak
def test_the_linter_sends_a_spec_back_and_ready_for_review_approves_it() -> None:
    broken = BODY.replace("- **AC-1** WHEN", "- **AC-1** Fine.\n- **AC-1** WHEN")
    with Stage(writing(handing_in(broken), handing_in())) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        pull = the_pull(stage)
        waits(stage, issue, "waits for approval")
        stage.settled(pull)
        assert asked(stage) == ["spec_author/spec/1", "spec_author/spec/2"]
        assert "AC-1" in stage.model.requests[1].body["messages"][-1]["content"]
        head = stage.head(pull)
        stage.hub.set_draft(stage.repo, pull.number, "grace", draft=False)
        stage.until(lambda: stage.head(pull) != head, "the approval")
        stage.until(lambda: stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.blockers(pull) == []


@pytest.mark.soak
def test_an_author_that_lacks_something_says_so_on_the_issue() -> None:
    with Stage(lambda seen: call("blocked", reason="Which greeting is meant?")) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        waits(stage, issue, "No spec can be written of this yet: Which greeting is meant?")
        assert "```\n/orchestrate\n```" in on_issue(stage, issue)
        assert set(stage.branches()) == {"main"}


@pytest.mark.soak
def test_a_spec_for_another_branch_leaves_its_issue_open() -> None:
    with Stage(writing(handing_in())) as stage, stage.worker():
        stage.push({"notes.md": "x\n"}, "release")
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate target=release", "grace")
        pull = the_pull(stage)
        waits(stage, issue, "waits for approval")
        stage.settled(pull)
        assert pull.as_pull.base_ref == "release"
        assert (pull.body or "").startswith("For #1, which stays open: this is meant for `release`")
        head = stage.head(pull)
        stage.say(pull, f"/specbot approve {head[:7]}", "grace")
        waits(stage, issue, "Merging it does not close this issue")
        stage.until(lambda: stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        stage.hub.merge(stage.repo, pull.number, "ada")
        assert stage.hub.issue(stage.repo, issue.number).state == "open"


def test_stop_ends_the_writing() -> None:
    with Stage(stalling("spec_author", never)) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        stage.until(lambda: stage.model.requests, "the author")
        stage.say(issue, "/specbot stop", "grace")
        waits(stage, issue, "topped by @")
        assert set(stage.branches()) == {"main"}


def test_a_worker_that_died_is_taken_over_and_says_everything_once() -> None:
    with Stage(writing(handing_in())) as stage:
        with stage.worker():
            issue = open_issue(stage)
            stage.say(issue, "/orchestrate", "grace")
            stage.until(lambda: stage.model.requests, "the author")
        with stage.worker():
            pull = the_pull(stage)
            waits(stage, issue, "waits for approval")
            stage.settled(pull)
        assert asked(stage) == ["spec_author/spec/1"]
        assert sum(one.body.startswith(ISSUE_MARKER) for one in stage.comments(issue)) == 1


@pytest.mark.soak
def test_a_merged_spec_in_force_is_worked_on() -> None:
    base = {**BASE, SPEC_PATH: SPEC}
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=base) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, f"/orchestrate {SPEC_PATH}", "grace")
        assert "goes on in #2" in stage.answer(issue, f"/orchestrate {SPEC_PATH}")
        pull = the_pull(stage, "specbot/spec-1-0001-greet")
        stage.until(lambda: stage.model.requests and stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), "greet.py").strip() == GOOD.strip()
        assert stage.checks(stage.head(pull))[-1].output.title == "2 of 2 criteria done: 1 proven, 1 kept"
        assert stage.runs_at(pull)[-1].requester.login == "grace"


@pytest.mark.soak
def test_a_merged_draft_is_brought_into_force_and_worked_on() -> None:
    base = {**BASE, SPEC_PATH: SPEC.replace("status: ready", "status: draft")}
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=base) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate specs/0009-none.md", "grace")
        assert "there is no spec specs/0009-none.md on main" in stage.answer(issue, "/orchestrate specs/0009-none.md")
        stage.say(issue, f"/orchestrate {SPEC_PATH}", "grace")
        pull = the_pull(stage, "specbot/spec-1-0001-greet")
        stage.until(lambda: stage.model.requests and stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert "status: ready" in stage.file(stage.head(pull), SPEC_PATH)


def test_a_fork_is_carried_on_with_its_commits_as_they_are() -> None:
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage, stage.worker():
        fork = stage.hub.fork(stage.repo, "linus")
        theirs = stage.hub.commit(fork, "topic", {SPEC_PATH: SPEC}, "A spec", "linus")
        pull = stage.hub.open_pull_request(stage.repo, "linus:topic", "Greet people", "linus")
        stage.settled(pull)
        stage.say(pull, "/orchestrate", "grace")
        assert f"/orchestrate {theirs[:7]}" in stage.answer(pull, "/orchestrate")
        assert set(stage.branches()) == {"main"}
        stage.say(pull, f"/orchestrate {theirs[:7]}", "grace")
        own = the_pull(stage, f"specbot/pull-{pull.number}-greet-people")
        assert f"Carried on in #{own.number}" in stage.answer(pull, f"/orchestrate {theirs[:7]}")
        stage.until(lambda: stage.model.requests and stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(own)
        assert stage.acceptance(own) == "success"
        log = stage._git("log", "--format=%H %an", stage.head(own), "--")
        assert f"{theirs} linus" in log
        assert f"Carries on with #{pull.number} by linus" in (own.body or "")
        assert stage.runs_at(own)[-1].requester.login == "grace"
