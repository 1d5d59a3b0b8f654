"""The main job as people see it: a pull request with a spec, and what becomes of it."""

from tests.support.stage import GOOD, Stage, implementing


def test_a_spec_becomes_a_proven_commit_on_the_branch():
    with Stage(implementing({"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open()
        asked = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != asked
        assert stage.file(head, "greet.py").strip() == GOOD.strip()
        assert stage.acceptance(pull) == "success"
        assert stage.acceptance(pull, asked) == "cancelled"
        assert len(stage.comments(pull)) == 1
        assert len(stage.hub.reviews(stage.repo, pull.number)) == 1
        assert [c.path for c in stage.hub.review_comments(stage.repo, pull.number)] == ["greet.py"]
        assert stage.model.prefix_faults() == []
