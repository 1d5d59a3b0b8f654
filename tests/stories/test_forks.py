"""A pull request from a fork is proven and never written to: its commits are not brought into our repository."""

from tests.support.stage import SPEC, SPEC_PATH, Stage, never


def test_a_writer_may_have_a_fork_proven_and_nothing_is_pushed_anywhere():
    with Stage(never) as stage, stage.worker():
        fork = stage.hub.fork(stage.repo.full_name, "mallory")
        stage.hub.commit(fork, "topic", {SPEC_PATH: SPEC}, "A spec", "mallory")
        pull = stage.hub.open_pull_request(stage.repo, "mallory:topic", "Greet people by name", "mallory")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        branches = stage.branches()

        stage.next_second()
        stage.say(pull, "/specbot retry", "grace")
        stage.until(lambda: stage.acceptance(pull) == "failure", "the fork to be proven")
        stage.settled(pull)

        assert stage.branches() == branches
        assert "AC-1" in stage.title(pull)
