"""Agents that say they are done. Nothing is called done that was not shown red before and green after."""

import pytest

from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked, role
from tests.support.scripted_model import Answer, Fault, Seen
from tests.support.stage import GOOD, Stage, implementing

LAZY = 'def greet(name):\n    return "hello"  # greets everybody by name\n'
"""It keeps what was there and does nothing of what was asked."""


def test_work_that_is_claimed_and_not_done_stays_off_the_branch():
    with Stage(implementing({"greet.py": LAZY})) as stage, stage.worker():
        pull = stage.open()
        head = stage.head(pull)
        stage.settled(pull)
        assert stage.head(pull) == head, "the branch is as it was pushed"
        assert stage.told(head)[ACCEPTANCE] == ["failure"]
        assert stage.blockers(pull)
        (check,) = stage.checks(head)
        assert (check.output.title or "").startswith("AC-1 failed; 1 of 2 done")
        assert "AssertionError" in (check.output.text or ""), "the output is there to read"
        (annotation,) = check.output.annotations
        assert (annotation.path, annotation.level) == ("specs/0001-greet.md", "failure")

        (run,) = stage.runs_at(pull)
        work = f"specbot/{run.run_id}"
        assert set(stage.branches()) == {"main", "topic", work}
        assert stage.file(stage.branches()[work], "greet.py").strip() == LAZY.strip()
        assert f"/{stage.repo.full_name}/tree/{work})" in stage.status(pull), "a link to the kept work"
        assert "`/specbot retry`" in stage.status(pull)
        first = [f"implementer/T-1/{turn}" for turn in (1, 2, 3, 4)]
        fresh = [f"implementer/T-1~3/{turn}" for turn in (1, 2)]
        assert asked(stage) == [*first, *fresh], "one try, one repair, one agent with a clean context, no review"
        assert stage.hub.reviews(stage.repo, pull.number) == []


@pytest.mark.soak
def test_a_repair_that_succeeds_is_green():
    with Stage(implementing({"greet.py": LAZY}, repair={"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.file(stage.head(pull), "greet.py").strip() == GOOD.strip()
        implementer = [seen for seen in stage.model.requests if seen.label.startswith("implementer/")]
        assert [seen.turn for seen in implementer] == [1, 2, 3, 4], "the repair goes on in the same conversation"
        told = [m["content"] for m in implementer[-1].body["messages"] if m["role"] == "user"]
        assert len(told) == 2
        assert "AC-1" in told[1], "it was told what did not hold"
        assert stage.model.prefix_faults() == []
        assert set(stage.branches()) == {"main", "topic"}


def test_what_it_had_no_business_to_write_is_put_back_and_people_are_told():
    good = implementing({"greet.py": GOOD}, finding=False)

    def beyond_its_scope(seen: Seen) -> Answer | Fault:
        if role(seen) == "implementer" and seen.turn == 1:
            script = "echo more >> README.md; echo done >> specs/0001-greet.md; echo x > NOTES.md; echo x > specs/0002-more.md"
            also = ("bash", {"script": script})
            return Answer(calls=[("create", {"path": "greet.py", "content": GOOD, "overwrite": True}), also])
        return good(seen)

    with Stage(beyond_its_scope) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.file(head, "README.md").strip() == "# greet"
        summary = stage.checks(head)[0].output.summary or ""
        for said in (summary, stage.status(pull)):
            assert "2 paths of the agent" in said
            assert "- `NOTES.md`: No spec's scope allows this path." in said
            assert "- `specs/0002-more.md`: A spec says what is wanted" in said
        (result,) = [
            m["content"] for m in stage.model.requests[1].body["messages"] if "put back" in (m["content"] or "")
        ]
        assert (
            "[put back, for you may not write there: README.md (No spec's scope allows this path.); specs/0001"
            in result
        )
        assert "not be part of your work: NOTES.md (" in result
