"""`/orchestrate` where branches take only signed commits: GitHub makes ours, and what nobody can sign for somebody else is said."""

import pytest

from bot.hub.faults import Fault
from bot.hub.git import history
from tests.stories.moments import asked
from tests.stories.test_orchestrate import BRANCH, PATH, handing_in, open_issue, the_pull, waits, writing
from tests.support.stage import BASE, CONFIGURATION, GOOD, SPEC, SPEC_PATH, Stage, implementing, never

RULES = pytest.mark.parametrize(
    "ruleset",
    [
        pytest.param(True, id="a ruleset"),
        pytest.param(False, id="older protection, which an App cannot read", marks=pytest.mark.soak),
    ],
)
GRAPHQL = "/api/graphql"
SPEC_BRANCH = "specbot/spec-1-0001-greet"


def demand_signatures(stage: Stage, *branches: str, ruleset: bool = True) -> None:
    for branch in branches:
        stage.hub.rule(stage.repo, branch, signatures=True, ruleset=ruleset)


def ours_at(stage: Stage, head: str) -> list[str]:
    """The commits at a head that main does not have, newest first."""
    return stage._git("log", "--format=%H", f"main..{head}", "--").split()


@RULES
def test_the_spec_and_its_approval_are_signed_like_the_work(ruleset: bool) -> None:
    with Stage(writing(handing_in())) as stage, stage.worker():
        demand_signatures(stage, "main", BRANCH, ruleset=ruleset)
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        pull = the_pull(stage)
        waits(stage, issue, "waits for approval")
        stage.settled(pull)
        spec = stage.head(pull)
        assert ours_at(stage, spec) == [spec]
        assert "Co-authored-by: grace" in stage.message(spec)

        stage.say(pull, f"/specbot approve {spec[:7]}", "grace")
        stage.until(lambda: stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert "status: ready" in stage.file(stage.head(pull), PATH)
        commits = ours_at(stage, stage.head(pull))
        assert len(commits) == 3, "spec, approval, work"
        assert stage.hub.store.signed.issuperset(commits)
        stage.hub.merge(stage.repo, pull.number, "ada")


def test_a_base_that_demands_signatures_is_enough() -> None:
    base = {**BASE, SPEC_PATH: SPEC}
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=base) as stage, stage.worker():
        demand_signatures(stage, "main")
        stage.hub.faults.add(Fault("reset_after", method="POST", path=GRAPHQL))  # made, and the answer was lost
        issue = open_issue(stage)
        stage.say(issue, f"/orchestrate {SPEC_PATH}", "grace")
        pull = the_pull(stage, SPEC_BRANCH)
        stage.until(lambda: stage.model.requests and stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.hub.store.signed.issuperset(ours_at(stage, stage.head(pull)))
        assert len(ours_at(stage, stage.head(pull))) == 2, "what was made is found again and not made twice"
        stage.hub.set_draft(stage.repo, pull.number, "ada", draft=False)
        stage.hub.merge(stage.repo, pull.number, "ada")


def test_what_the_configuration_forbids_is_said_before_the_author_is_paid() -> None:
    base = {**BASE, ".github/specbot.yml": f"{CONFIGURATION}commits: push\n"}
    with Stage(never, base=base) as stage, stage.worker():
        demand_signatures(stage, "main")
        issue = open_issue(stage)
        stage.say(issue, "/orchestrate", "grace")
        waits(stage, issue, "`commits: push`")
        waits(stage, issue, "set `commits: auto`")
        assert asked(stage) == []
        assert set(stage.branches()) == {"main"}


@RULES
def test_a_forks_unsigned_commits_cannot_come_to_a_branch_that_takes_only_signed_ones(ruleset: bool) -> None:
    with Stage(never) as stage, stage.worker():
        fork = stage.hub.fork(stage.repo, "linus")
        theirs = stage.hub.commit(fork, "topic", {SPEC_PATH: SPEC}, "A spec", "linus")
        pull = stage.hub.open_pull_request(stage.repo, "linus:topic", "Greet people", "linus")
        branch = f"specbot/pull-{pull.number}-greet-people"
        demand_signatures(stage, "main", branch, ruleset=ruleset)
        stage.settled(pull)
        stage.say(pull, f"/orchestrate {theirs[:7]}", "grace")
        answer = stage.answer(pull, f"/orchestrate {theirs[:7]}")
        assert "takes only signed commits, and linus's are taken as they are: not all of them are signed" in answer
        assert set(stage.branches()) == {"main"}


@pytest.mark.soak
def test_a_fork_is_carried_on_and_the_answer_says_what_keeps_it_from_being_merged() -> None:
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage, stage.worker():
        demand_signatures(stage, "main")
        fork = stage.hub.fork(stage.repo, "linus")
        theirs = stage.hub.commit(fork, "topic", {SPEC_PATH: SPEC}, "A spec", "linus")
        pull = stage.hub.open_pull_request(stage.repo, "linus:topic", "Greet people", "linus")
        stage.settled(pull)
        # Between the new branch and the commit on it GitHub is unwell for longer than one try: the command comes back and goes on there.
        stage.hub.faults.add(Fault("error_before", method="POST", path=GRAPHQL, times=3))
        stage.say(pull, f"/orchestrate {theirs[:7]}", "grace")
        own = the_pull(stage, f"specbot/pull-{pull.number}-greet-people")
        answer = stage.answer(pull, f"/orchestrate {theirs[:7]}")
        assert "`main` takes only signed commits" in answer
        assert "`main` takes only signed commits" in (own.body or "")
        stage.until(lambda: stage.model.requests and stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(own)
        bare = stage.hub.store.bare(stage.repo)
        first = ours_at(stage, stage.head(own))[-2]
        assert history.commit(bare, first).parents == (theirs,)
        assert [one in stage.hub.store.signed for one in ours_at(stage, stage.head(own))] == [True, True, False]
