"""A check belongs to a commit. When two pull requests have one head, the verdict on one must not unlock the other."""

import subprocess

import pytest

from tests.support.stage import SPEC, SPEC_PATH, WRONG, Stage, implementing


def test_a_verdict_without_a_spec_does_not_unlock_the_red_one():
    with Stage(implementing({"greet.py": WRONG})) as stage, stage.worker():
        _topic_and_elsewhere(stage)
        red = stage.hub.open_pull_request(stage.repo, "topic", "Greet people by name", "ada")
        stage.settled(red)
        assert stage.acceptance(red) == "failure"

        twin = stage.hub.open_pull_request(stage.repo, "topic", "The same, elsewhere", "ada", base="elsewhere")
        stage.settled(twin)

        assert stage.head(twin) == stage.head(red)
        assert stage.acceptance(twin) == "failure"
        assert f"#{red.number}" in stage.title(twin)
        assert stage.hub.merge_blockers(stage.repo, red.number)


@pytest.mark.soak
def test_closing_one_of_them_frees_the_other():
    with Stage(implementing({"greet.py": WRONG})) as stage, stage.worker():
        _topic_and_elsewhere(stage)
        red = stage.hub.open_pull_request(stage.repo, "topic", "Greet people by name", "ada")
        stage.settled(red)
        twin = stage.hub.open_pull_request(stage.repo, "topic", "The same, elsewhere", "ada", base="elsewhere")
        stage.settled(twin)
        assert stage.acceptance(twin) == "failure"

        stage.hub.close(stage.repo, red.number, "ada")

        stage.until(lambda: stage.acceptance(twin) == "success", "the twin to be judged by itself")
        stage.settled(twin)


@pytest.mark.soak
def test_away_to_another_base_and_back_does_not_leave_the_other_bases_verdict():
    with Stage(implementing({"greet.py": WRONG})) as stage, stage.worker():
        _topic_and_elsewhere(stage)
        pull = stage.hub.open_pull_request(stage.repo, "topic", "Greet people by name", "ada")
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        stage.hub.edit_pull_request(stage.repo, pull.number, "ada", base="elsewhere")
        stage.until(lambda: stage.acceptance(pull) == "success", "the verdict against the other base")
        stage.settled(pull)

        stage.hub.edit_pull_request(stage.repo, pull.number, "ada", base="main")

        stage.until(lambda: stage.acceptance(pull) == "failure", "the verdict against the first base")
        stage.settled(pull)
        assert stage.hub.merge_blockers(stage.repo, pull.number)


def _topic_and_elsewhere(stage: Stage) -> None:
    """`topic` brings the spec and goes on by a commit; the branch `elsewhere` has the spec already."""
    spec = stage.push({SPEC_PATH: SPEC})
    subprocess.run(["git", "-C", str(stage.repo.path), "update-ref", "refs/heads/elsewhere", spec], check=True)
    stage.hub.notice_pushes(stage.repo, "ada")
    stage.push({"notes.txt": "not yet implemented"})
