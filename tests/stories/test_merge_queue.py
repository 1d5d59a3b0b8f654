"""A merge queue: what is green alone and broken together is not merged; the rest is, on proofs of the merged tree."""

import json

from bot.core.merge_groups import group_id
from bot.hub.state.issues import Issue
from bot.ids import PrNumber, RepoId, Sha
from bot.reporting.merge_queue import QUEUE_MARKER
from bot.reporting.names import ACCEPTANCE
from tests.support.stage import BASE, Stage, never

LOUD_SPEC = """\
---
title: Greet loudly
status: ready
---

# Greet loudly

## Acceptance criteria

- **AC-1** A loud greeting ends with an exclamation mark.

  ```sh verify
  python3 -c "from loud import loud; assert loud('Ada') == 'hello Ada!'"
  ```
"""
WORDS = 'HELLO = "hello"\n'
NAMED = 'import words\n\n\ndef greet(name):\n    return f"{words.HELLO} {name}".strip()\n'
LOUD = {"words.py": 'HELLO = "HELLO"\n', "loud.py": 'def loud(name):\n    return f"hello {name}!"\n'}
"""The first uses a word that the second changes: git merges the two, and the first one's criterion does not hold any more."""


def test_two_that_are_green_alone_and_broken_together_are_not_both_merged():
    with Stage(never, {**BASE, "words.py": WORDS}) as stage:
        with stage.worker():
            second = _both_in_the_queue(stage)
        _destroyed_before_it_was_proven(stage, second)


def _both_in_the_queue(stage: Stage) -> Issue:
    """Both are queued at once; the second, which is left."""
    stage.hub.protect(stage.repo, "main", [(ACCEPTANCE, stage.app.app_id)], merge_queue=True)
    first = stage.open(files={"greet.py": NAMED}, branch="named")
    second = stage.open(None, files={"specs/0002-loud.md": LOUD_SPEC, **LOUD}, branch="loud")
    for pull in (first, second):
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"

    for pull in (first, second):
        stage.hub.enqueue(stage.repo, pull.number, "grace")
    groups = stage.hub.merge_queue(stage.repo, "main")
    stage.until(lambda: not stage.hub.merge_queue(stage.repo, "main"), "the queue to be empty")
    stage.until(lambda: not stage.unsettled(), "everything to be settled")

    assert stage.hub.issue(stage.repo, first.number).as_pull.merged_at
    assert stage.hub.issue(stage.repo, second.number).state == "open"
    assert stage.branches()["main"] == groups[0].head_sha
    assert stage.told(groups[0].head_sha)[ACCEPTANCE] == ["success"]
    (broken,) = stage.checks(groups[1].head_sha)
    assert broken.conclusion == "failure"
    assert "AC-1" in (broken.output.title or "")
    said = [c.body for c in stage.comments(second) if c.body.startswith(QUEUE_MARKER)]
    assert len(said) == 1
    assert not [c for c in stage.comments(first) if c.body.startswith(QUEUE_MARKER)]

    repo = RepoId(stage.repo.id)
    record = json.loads(stage.store.ledger(repo, PrNumber(first.number))[-1][3])
    assert (record["kind"], record["run"]) == ("merge queue proof", group_id(repo, Sha(groups[0].head_sha)))
    assert {one["number"] for one in record["cited"]} == {first.number}
    assert "cited from the ledger" in (stage.checks(groups[0].head_sha)[0].output.summary or "")

    stage.hub.rerequest(broken.id, "linus")
    stage.hub.rerequest(broken.id, "grace")
    stage.until(
        lambda: stage.told(groups[1].head_sha)[ACCEPTANCE] == ["failure", "failure"], "the group to be proven again"
    )
    stage.until(lambda: not stage.unsettled(), "everything to be settled")
    assert len(stage.checks(groups[1].head_sha)) == 2, "who may only read has nothing run"
    return second


def _destroyed_before_it_was_proven(stage: Stage, pull: Issue) -> None:
    """No check stays open, and none becomes green, when the queue no longer waits for it."""
    entry = stage.hub.enqueue(stage.repo, pull.number, "grace")
    group = stage.hub.merge_queue(stage.repo, "main")[0]
    assert entry.issue_id == group.issue_id
    stage.hub.dequeue(stage.repo, pull.number, "grace")
    with stage.worker():
        stage.until(lambda: stage.hub.deliveries_idle(1), "the deliveries")
        stage.until(lambda: not (stage.store.pending_deliveries(1) or stage.store.pending_commands(1)), "the commands")
        stage.until(lambda: not stage.unsettled(), "everything to be settled")
    assert all(check.conclusion == "cancelled" for check in stage.checks(group.head_sha))
