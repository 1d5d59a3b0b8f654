"""A branch that takes only signed commits: GitHub makes ours, and what it cannot make is asked about before money is spent."""

import pytest

from bot.hub import Refused
from bot.hub.faults import Fault
from bot.hub.git import history, trees
from bot.hub.git.history import Signature
from bot.hub.rest.api import PREFIX
from bot.hub.state.repositories import ALL
from tests.stories.moments import asked
from tests.support.stage import BASE, CONFIGURATION, GOOD, WRONG, Stage, implementing

GRAPHQL = "/api/graphql"


def protected(stage, *, ruleset=True):
    for branch in ("main", "topic"):
        stage.hub.rule(stage.repo, branch, signatures=True, linear=True, ruleset=ruleset)


def signed_by_ada(stage, pull):
    """Ada has signed what she pushed; the hub cannot check a signature of hers."""
    stage.hub.store.signed.add(stage.head(pull))


@pytest.mark.parametrize(
    "ruleset",
    [
        pytest.param(True, id="a ruleset"),
        pytest.param(False, id="older protection, which an App cannot read", marks=pytest.mark.soak),
    ],
)
def test_our_commit_is_signed_and_lands(ruleset):
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage:
        protected(stage, ruleset=ruleset)
        pull = stage.open()
        start = stage.head(pull)
        signed_by_ada(stage, pull)
        with stage.worker():
            stage.settled(pull)
        head, (run,) = stage.head(pull), stage.runs_at(pull)
        assert stage.acceptance(pull) == "success"
        assert head in stage.hub.store.signed
        assert run.candidate == head
        assert run.published
        bare = stage.hub.store.bare(stage.repo)
        assert history.commit(bare, head).parents == (start,)
        assert f"Specbot-Run: {run.run_id}" in stage.message(head)
        assert "Co-authored-by: ada" in stage.message(head)
        assert stage.statuses(pull) == 1
        assert stage.blockers(pull) == []
        with pytest.raises(Refused, match="must not contain merge commits"):
            stage.hub.merge(stage.repo, pull.number, "ada")
        stage.hub.merge(stage.repo, pull.number, "ada", "squash")


def test_an_answer_that_was_lost_makes_no_second_commit():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage:
        protected(stage)
        stage.hub.faults.add(Fault("reset_after", method="POST", path=GRAPHQL))
        pull = stage.open()
        start = stage.head(pull)
        signed_by_ada(stage, pull)
        with stage.worker():
            stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        head = stage.head(pull)
        assert history.commit(stage.hub.store.bare(stage.repo), head).parents == (start,)
        assert [run.candidate for run in stage.runs_at(pull)] == [head]


@pytest.mark.soak
def test_the_webhook_of_our_own_commit_comes_before_its_answer():
    """The pump sees a head that nobody has noted yet: it is the run's, and no second run begins."""
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage:
        protected(stage)

        def hold(moment, write):
            if moment == "after" and write.path == GRAPHQL:
                settled = lambda: not stage.store.pending_deliveries(1) and not stage.store.pending_commands(1)  # noqa: E731
                stage.until(lambda: stage.hub.deliveries_idle(1) and settled(), "the webhooks to have their effect")

        stage.hub.on_write(hold)
        pull = stage.open()
        signed_by_ada(stage, pull)
        with stage.worker():
            stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert [run.state.value for run in stage.runs_at(pull)] == ["done"]


def test_what_github_cannot_make_is_asked_before_money_is_spent():
    with Stage(implementing({"greet.py": GOOD}, finding=False)) as stage, stage.worker():
        protected(stage)
        stage.push({"notes.md": "x\n"})
        make_executable(stage, "greet.py")
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert asked(stage) == [], "no model was called"
        assert "`greet.py` is an executable file" in stage.status(pull)
        start = stage.head(pull)

        stage.say(pull, f"/specbot approve {start[:7]}")
        stage.until(lambda: stage.runs_at(pull)[-1].segment == 2, "the run to go on")
        stage.settled(pull)
        assert asked(stage) != []
        assert stage.head(pull) == start, "nothing unsigned was pushed"
        assert stage.acceptance(pull) == "action_required"
        (kept,) = [branch for branch in stage.branches() if branch.startswith("specbot/")]
        assert stage.file(kept, "greet.py") == GOOD
        assert "only signed commits" in stage.status(pull)


def test_a_configuration_against_the_rules_is_said_before_money_is_spent():
    base = {**BASE, ".github/specbot.yml": f"{CONFIGURATION}commits: push\n"}
    with Stage(implementing({"greet.py": GOOD}), base=base) as stage, stage.worker():
        protected(stage)
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert asked(stage) == []
        assert "`commits: push`" in stage.status(pull)


def test_commits_by_api_where_nothing_demands_it():
    base = {**BASE, ".github/specbot.yml": f"{CONFIGURATION}commits: api\n"}
    with Stage(implementing({"greet.py": GOOD}, finding=False), base=base) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.head(pull) in stage.hub.store.signed
        pushed = [write for write in stage.hub.journal.writes() if write.kind == "git"]
        assert pushed == []
        assert not any(
            e.path.startswith(f"{PREFIX}/repos") and "git/refs" in e.path for e in stage.hub.journal.requests
        )


def make_executable(stage, path):
    """Somebody has pushed the file with the bit for executing it."""
    bare, tip = stage.hub.store.bare(stage.repo), stage.hub.store.tip(stage.repo, "topic")
    entry = trees.entry_at(bare, tip, path)
    tree = trees.write_tree(bare, tip, [trees.Entry(path, "100755", "blob", entry.sha)])
    ada = Signature("ada", "1000001+ada@users.noreply.github.com", stage.hub.world.now())
    bare.set_ref("refs/heads/topic", trees.write_commit(bare, tree, [tip], "Executable\n", ada, ada))
    stage.hub.notice_pushes(stage.repo, "ada")


@pytest.mark.soak
def test_work_that_is_only_kept_is_signed_too_where_all_branches_demand_it():
    with Stage(implementing({"greet.py": WRONG}, finding=False)) as stage:
        pull = stage.open()
        for branch in ("main", "topic", ALL):
            stage.hub.rule(stage.repo, branch, signatures=True)
        signed_by_ada(stage, pull)
        with stage.worker():
            stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        (kept,) = [branch for branch in stage.branches() if branch.startswith("specbot/")]
        assert stage.file(kept, "greet.py") == WRONG
        assert stage.branches()[kept] in stage.hub.store.signed
        assert kept in stage.status(pull)
