"""Work that was kept off the branch, and pull requests that come back."""

import subprocess

import pytest

from tests.support.stage import GOOD, WRONG, Stage, implementing


@pytest.mark.soak
def test_kept_work_that_a_person_pushes_is_a_head_like_any_other():
    with Stage(implementing({"greet.py": WRONG})) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        (branch,) = [name for name in stage.branches() if name.startswith("specbot/")]

        subprocess.run(
            ["git", "-C", str(stage.repo.path), "update-ref", "refs/heads/topic", f"refs/heads/{branch}"], check=True
        )
        stage.hub.notice_pushes(stage.repo, "ada")

        stage.until(lambda: stage.acceptance(pull) == "failure", "a verdict on the kept commit")
        stage.settled(pull)
        assert len(stage.checks(stage.head(pull))) == 1


@pytest.mark.soak
def test_a_pull_request_that_was_closed_and_opened_again_begins_anew():
    with Stage(implementing({"greet.py": GOOD})) as stage:
        pull = stage.open()
        with stage.worker():
            stage.until(lambda: stage.runs(pull), "a run to begin")
            stage.hub.close(stage.repo, pull.number, "ada")
            stage.until(lambda: all("stopped" in run for run in stage.runs(pull)), "the run to be stopped")

            stage.hub.reopen(stage.repo, pull.number, "ada")

            stage.until(lambda: stage.acceptance(pull) == "success", "the new run's verdict")
            stage.settled(pull)


@pytest.mark.soak
def test_asking_for_verification_runs_the_proofs_again():
    with Stage(implementing({"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        asked = len(stage.model.requests)
        before = stage.executions()

        stage.next_second()
        stage.say(pull, "/specbot verify")
        stage.until(lambda: len(stage.runs(pull)) == 2, "the second run")
        stage.settled(pull)

        assert stage.executions() > before
        assert len(stage.model.requests) == asked
        assert stage.acceptance(pull) == "success"
