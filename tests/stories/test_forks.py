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
        stage.say(pull, f"/specbot verify {stage.head(pull)[:7]}", "grace")
        stage.until(lambda: stage.acceptance(pull) == "failure", "the fork to be proven")
        stage.settled(pull)

        assert stage.branches() == branches
        assert "AC-1" in stage.title(pull)


def test_a_fork_of_somebody_who_may_write_waits_for_a_word_too_and_a_button_gives_it():
    """Whoever opens it need not be who pushed it, so who opened it is no word for what it holds."""
    with Stage(never) as stage, stage.worker():
        fork = stage.hub.fork(stage.repo.full_name, "mallory")
        stage.hub.commit(fork, "topic", {SPEC_PATH: SPEC}, "A spec", "mallory")
        pull = stage.hub.open_pull_request(stage.repo, "mallory:topic", "Greet people by name", "grace")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert stage.executions() == 0

        stage.hub.rerequest(stage.checks(stage.head(pull))[-1].id, "grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the run that was asked for")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required", "to run the checks again is no word"
        assert stage.executions() == 0

        stage.hub.press_button(stage.checks(stage.head(pull))[-1].id, "verify", "grace")
        stage.until(lambda: stage.acceptance(pull) == "failure", "the fork to be proven")
        stage.settled(pull)


def test_a_bot_without_rights_is_green_without_a_spec_and_waits_for_a_person_with_one():
    with Stage(never) as stage, stage.worker():
        stage.hub.add_user("upgrades[bot]", "Bot")
        plain = stage.open(None, {"README.md": "# greet 2\n"}, login="upgrades[bot]", branch="upgrade")
        stage.settled(plain)
        assert stage.acceptance(plain) == "success"
        pull = stage.open(login="upgrades[bot]")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert "the bot that pushed this" in stage.title(pull).lower()
        assert stage.executions() == 0
