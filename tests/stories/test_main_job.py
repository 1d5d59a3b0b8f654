"""The main job as people see it: a pull request with a spec, and what becomes of it."""

from bot.reporting.names import ACCEPTANCE, SPEC, STATUS_MARKER
from tests.stories.moments import asked
from tests.support.stage import GOOD, SPEC_PATH, Stage, implementing


def test_a_spec_becomes_a_proven_commit_on_the_branch():
    with Stage(implementing({"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open(login="grace")
        start = stage.head(pull)
        assert stage.blockers(pull), "the required check is missing, so the merge button is shut"
        stage.settled(pull)
        head = stage.head(pull)

        assert head != start
        assert stage.file(head, "greet.py").strip() == GOOD.strip()
        grace = stage.hub.user("grace")
        run = stage.runs_at(pull)[0]
        assert stage.message(head).strip().split("\n") == [
            "Greet people by name",
            "",
            "Done as asked.",
            "",
            f"Spec: {SPEC_PATH}",
            "Task: T-1",
            f"Specbot-Run: {run.run_id}",
            f"Co-authored-by: grace <{grace.id}+grace@users.noreply.github.com>",
        ]
        assert set(stage.branches()) == {"main", "topic"}

        assert stage.told(start) == {SPEC: ["success"], ACCEPTANCE: ["cancelled"]}
        assert stage.told(head) == {SPEC: ["success"], ACCEPTANCE: ["success"]}
        assert stage.checks(head)[0].output.title == "2 of 2 criteria done: 1 proven, 1 kept"
        assert "work went on" in (stage.checks(start)[0].output.title or "")
        assert stage.blockers(pull) == []

        assert len(stage.comments(pull)) == 1
        assert stage.status(pull).startswith(STATUS_MARKER)
        assert "- [x] **T-1** Greet people by name (AC-1)" in stage.status(pull)
        (review,) = stage.hub.reviews(stage.repo, pull.number)
        assert (review.state, review.commit_id) == ("COMMENTED", head)
        (remark,) = stage.hub.review_comments(stage.repo, pull.number)
        assert (remark.place.path, remark.place.line) == ("greet.py", 2)
        assert "names with blanks" in remark.body
        assert "1 remark, in the review" in stage.status(pull)
        assert "Reads well." not in stage.status(pull), "the reviewer's words stand in the review alone"
        assert stage.reactions() == ["eyes"]

        # The bot's own push came back as a webhook and was known as the run's own: nothing began anew.
        assert [r.state.value for r in stage.runs_at(pull)] == ["done"]
        assert asked(stage) == ["implementer/T-1/1", "implementer/T-1/2", "reviewer/candidate/1"]
        assert stage.model.prefix_faults() == []

        stage.hub.merge(stage.repo, pull.number, "ada")
        assert stage.hub.issue(stage.repo, pull.number).as_pull.merged_at is not None
