"""Every kind of write under every kind of trouble: afterwards there is exactly one of each."""

from collections import Counter
from collections.abc import Callable

import pytest

from bot.core.pulls import (
    Annotation,
    AnnotationLevel,
    CheckDraft,
    CheckStatus,
    Conclusion,
    InlineComment,
    ReactionTarget,
    ReviewDraft,
)
from bot.errors import RateLimited, Transient
from bot.hub import Fault
from bot.hub.faults import RequestKind
from tests.adapters.github.conftest import World

MARKER = "<!-- specbot:one -->"


def check(world: World, external_id: str = "run-1", conclusion: Conclusion | None = Conclusion.FAILURE) -> CheckDraft:
    return CheckDraft(
        name="Specbot / acceptance",
        head_sha=world.pull.head_sha,
        external_id=external_id,
        status=CheckStatus.COMPLETED if conclusion else CheckStatus.IN_PROGRESS,
        title="1 of 2 proven",
        summary="summary",
        text="text",
        conclusion=conclusion,
        annotations=tuple(Annotation("a.txt", n, n, AnnotationLevel.FAILURE, f"no {n}") for n in range(1, 121)),
    )


def put_check(world: World) -> int:
    return world.github.put_check(world.repo, check(world))


def update_check(world: World) -> int:
    return world.github.put_check(world.repo, check(world, conclusion=Conclusion.SUCCESS))


def put_comment(world: World) -> int:
    return world.github.put_comment(world.repo, world.pull.number, MARKER, f"{MARKER}\nfirst")


def edit_comment(world: World) -> int:
    return world.github.put_comment(world.repo, world.pull.number, MARKER, f"{MARKER}\nsecond")


def put_review(world: World) -> int:
    draft = ReviewDraft(MARKER, world.pull.head_sha, f"{MARKER}\nreview", (InlineComment("a.txt", 3, "here"),))
    return world.github.put_review(world.repo, world.pull.number, draft)


def refused_review(world: World) -> int:
    draft = ReviewDraft(MARKER, world.pull.head_sha, f"{MARKER}\nreview", (InlineComment("a.txt", 999, "there"),))
    return world.github.put_review(world.repo, world.pull.number, draft)


def react(world: World) -> None:
    world.github.react(world.repo, ReactionTarget.ISSUE, world.pull.number, "eyes")


def nothing(world: World) -> None:
    """No preparation."""


WRITES = [
    pytest.param(nothing, put_check, "POST", "/check-runs$", id="create check"),
    pytest.param(put_check, update_check, "PATCH", "/check-runs/", id="update check"),
    pytest.param(nothing, put_check, "PATCH", "/check-runs/", id="append annotations"),
    pytest.param(nothing, put_comment, "POST", "/comments$", id="create comment"),
    pytest.param(put_comment, edit_comment, "PATCH", "/comments/", id="edit comment"),
    pytest.param(nothing, put_review, "POST", "/reviews$", id="create review"),
    pytest.param(nothing, refused_review, "POST", "/reviews$", id="create review without its lines"),
    pytest.param(nothing, react, "POST", "/reactions$", id="react"),
]


def state(world: World) -> dict[str, object]:
    """Everything that stands on the pull request, without ids and times."""
    store = world.hub.store
    issue = world.hub.issue(world.repository, world.pull.number)
    runs = store.runs.where(lambda run: run.head_sha == world.pull.head_sha)
    return {
        "checks": sorted(
            (
                run.name,
                run.external_id,
                run.status,
                run.conclusion,
                Counter(run.output.annotations).most_common(1)[0][1],
                len(run.output.annotations),
            )
            for run in runs
        ),
        "comments": [comment.body for comment in store.comments.where(lambda one: one.issue_id == issue.id)],
        "reviews": [review.body for review in store.reviews.where(lambda one: one.issue_id == issue.id)],
        "inline": [comment.body for comment in store.review_comments.where(lambda one: one.issue_id == issue.id)],
        "reactions": len(store.reactions.where(lambda one: one.subject_id == issue.id)),
    }


@pytest.mark.parametrize(("prepare", "write", "method", "path"), WRITES)
@pytest.mark.parametrize("kind", ["error_after", "error_before", "reset_after", "reset_before"])
@pytest.mark.parametrize("times", [1, 2])
def test_an_unclear_answer_leaves_one_of_each(
    world: World,
    prepare: Callable[[World], None],
    write: Callable[[World], int | None],
    method: str,
    path: str,
    kind: RequestKind,
    times: int,
) -> None:
    prepare(world)
    rule = world.hub.faults.add(Fault(kind, method=method, path=path, times=times))
    made = write(world)
    assert rule not in world.hub.faults.rules(), "the trouble never struck"
    world.hub.faults.clear()
    assert state(world) == undisturbed(write)
    assert write(world) == made
    assert state(world) == undisturbed(write)


def undisturbed(write: Callable[[World], int | None]) -> dict[str, object]:
    """What must stand there, by the kind of write."""
    name = write.__name__
    expected: dict[str, object] = {"checks": [], "comments": [], "reviews": [], "inline": [], "reactions": 0}
    if name in ("put_check", "update_check"):
        conclusion = "failure" if name == "put_check" else "success"
        expected["checks"] = [("Specbot / acceptance", "run-1", "completed", conclusion, 1, 120)]
    elif name in ("put_comment", "edit_comment"):
        expected["comments"] = [f"{MARKER}\n{'first' if name == 'put_comment' else 'second'}"]
    elif name == "put_review":
        expected |= {"reviews": [f"{MARKER}\nreview"], "inline": ["here"]}
    elif name == "refused_review":
        expected["reviews"] = [f"{MARKER}\nreview\n\n**`a.txt:999`**\n\nthere"]
    else:
        expected["reactions"] = 1
    return expected


@pytest.mark.parametrize(("prepare", "write", "method", "path"), WRITES)
@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("rate_limit", status=403, seconds=90), 90),
        (Fault("rate_limit", status=429, retry_after=7), 7),
        (Fault("secondary_limit", status=403), 60),
        (Fault("secondary_limit", status=403, retry_after=11), 11),
        (Fault("secondary_limit", status=429), 60),
    ],
    ids=["403 reset", "429 retry-after", "403 secondary", "403 secondary retry-after", "429 bare"],
)
def test_a_limit_is_raised_with_its_seconds_and_the_write_done_later_is_done_once(
    world: World,
    prepare: Callable[[World], None],
    write: Callable[[World], int | None],
    method: str,
    path: str,
    fault: Fault,
    seconds: float,
) -> None:
    prepare(world)
    asked = len(world.hub.journal.requests)
    world.hub.faults.add(
        Fault(fault.kind, method, path, status=fault.status, retry_after=fault.retry_after, seconds=fault.seconds)
    )
    with pytest.raises(RateLimited) as caught:
        write(world)
    assert caught.value.retry_after == pytest.approx(seconds, abs=3)
    struck = [one for one in world.hub.journal.requests[asked:] if one.status in (403, 429)]
    assert len(struck) == 1, "a limit is never answered by asking again"
    write(world)
    assert state(world) == undisturbed(write)


@pytest.mark.parametrize(("prepare", "write", "method", "path"), WRITES)
def test_lasting_trouble_is_transient_after_a_bounded_number_of_tries(
    world: World, prepare: Callable[[World], None], write: Callable[[World], int | None], method: str, path: str
) -> None:
    prepare(world)
    asked = len(world.hub.journal.requests)
    world.hub.faults.add(Fault("error_before", method, path, times=None))
    with pytest.raises(Transient):
        write(world)
    assert sum(one.status == 502 for one in world.hub.journal.requests[asked:]) == 3
    world.hub.faults.clear()
    write(world)
    assert state(world) == undisturbed(write)
