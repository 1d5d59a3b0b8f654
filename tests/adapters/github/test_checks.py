"""Check runs: ours alone, whole when they show as completed, never reopened."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.core.pulls import (
    Annotation,
    AnnotationLevel,
    CheckAction,
    CheckDraft,
    CheckStatus,
    Conclusion,
)
from bot.errors import Refused
from bot.hub.state.checks import CheckRun
from bot.ids import CheckRunId, InstallationId, Sha
from tests.adapters.github.conftest import PERMISSIONS, World, client_of

NAME = "Specbot / acceptance"


def draft(world: World, external_id: str = "run-1", **changes: object) -> CheckDraft:
    made = CheckDraft(NAME, world.pull.head_sha, external_id, CheckStatus.IN_PROGRESS, "working", "it works")
    return replace(made, **changes)  # type: ignore[arg-type]


def done(world: World, external_id: str = "run-1", **changes: object) -> CheckDraft:
    finished = {"status": CheckStatus.COMPLETED, "conclusion": Conclusion.FAILURE, "title": "failed"}
    return draft(world, external_id, **{**finished, **changes})


def notes(count: int) -> tuple[Annotation, ...]:
    return tuple(
        Annotation("a.txt", n, n, AnnotationLevel.WARNING, f"no {n}", "title", "raw") for n in range(1, count + 1)
    )


def runs(world: World) -> list[CheckRun]:
    return world.hub.store.runs.where(lambda run: run.head_sha == world.pull.head_sha)


def patches(world: World, check: int) -> int:
    return sum(w.method == "PATCH" and w.path.endswith(str(check)) for w in world.hub.journal.writes())


def test_a_check_is_made_and_then_completed_in_place(world: World) -> None:
    action = CheckAction("Re-run", "Prove it again", "verify")
    first = world.github.put_check(world.repo, draft(world))
    again = world.github.put_check(
        world.repo, done(world, actions=(action,), details_url="https://bot.example/r"), first
    )
    assert again == first
    [run] = runs(world)
    assert (run.status, run.conclusion, run.external_id) == ("completed", "failure", "run-1")
    assert (run.output.title, run.output.summary, run.output.text) == ("failed", "it works", None)
    assert [one.identifier for one in run.actions] == ["verify"]
    assert run.details_url == "https://bot.example/r"


def test_the_same_draft_again_writes_nothing(world: World) -> None:
    check = world.github.put_check(world.repo, done(world))
    writes = len(world.hub.journal.writes())
    assert world.github.put_check(world.repo, done(world)) == check
    assert world.github.put_check(world.repo, done(world), check) == check
    assert len(world.hub.journal.writes()) == writes


def test_a_completed_run_is_never_reopened(world: World) -> None:
    check = world.github.put_check(world.repo, done(world))
    assert world.github.put_check(world.repo, draft(world), check) == check
    assert world.github.put_check(world.repo, draft(world)) == check
    assert [run.status for run in runs(world)] == ["completed"]


def test_another_external_id_makes_another_run(world: World) -> None:
    first = world.github.put_check(world.repo, done(world))
    second = world.github.put_check(world.repo, draft(world, "run-2"), first)
    assert second != first
    seen = world.github.checks(world.repo, world.pull.head_sha, NAME)
    assert [one.external_id for one in seen] == ["run-2", "run-1"]
    assert [one.status for one in seen] == [CheckStatus.IN_PROGRESS, CheckStatus.COMPLETED]
    assert seen[1].conclusion == "failure"


def test_a_completed_run_may_be_corrected(world: World) -> None:
    """Two pull requests with one head get the worst of both."""
    check = world.github.put_check(world.repo, done(world, conclusion=Conclusion.SUCCESS))
    assert world.github.put_check(world.repo, done(world, conclusion=Conclusion.FAILURE), check) == check
    assert [run.conclusion for run in runs(world)] == ["failure"]


@pytest.mark.parametrize(("count", "appended"), [(0, 0), (1, 0), (50, 0), (51, 1), (100, 1), (120, 2)])
def test_annotations_go_in_batches_and_completion_comes_last(world: World, count: int, appended: int) -> None:
    moments: list[str] = []

    def watch(moment: str, write: object) -> None:
        if moment == "after":
            moments.append(runs(world)[0].status)

    stop = world.hub.on_write(watch)
    check = world.github.put_check(world.repo, done(world, annotations=notes(count)))
    stop()
    [run] = runs(world)
    assert [(one.start_line, one.message, one.title, one.raw_details) for one in run.output.annotations] == [
        (n, f"no {n}", "title", "raw") for n in range(1, count + 1)
    ]
    assert patches(world, check) == appended
    assert moments == ["in_progress"] * appended + ["completed"]


def test_a_run_cut_off_between_two_batches_is_continued(world: World) -> None:
    """The worker died after 70 of 120: the first 70 are not sent again."""
    world.github.put_check(world.repo, draft(world, annotations=notes(70)))
    world.github.put_check(world.repo, done(world, annotations=notes(120)))
    [run] = runs(world)
    assert [one.start_line for one in run.output.annotations] == list(range(1, 121))
    assert run.status == "completed"


def test_equal_annotations_are_kept_as_often_as_they_are_meant(world: World) -> None:
    twice = notes(1) * 2
    for _ in range(2):
        world.github.put_check(world.repo, done(world, annotations=twice))
    assert len(runs(world)[0].output.annotations) == 2


def test_another_apps_check_of_the_same_name_is_not_ours(world: World) -> None:
    """Same name, same external id, same commit: only the App's id tells them apart."""
    other = world.hub.register_app("impostor", "Impostor", PERMISSIONS, [])
    theirs = InstallationId(world.hub.install(other, "ada", [world.repository]))
    impostor = client_of(world.hub, other)
    their_repo = replace(world.repo, installation_id=theirs)
    their_check = impostor.put_check(their_repo, done(world, conclusion=Conclusion.SUCCESS))
    assert world.github.checks(world.repo, world.pull.head_sha, NAME) == ()
    ours = world.github.put_check(world.repo, draft(world), known=their_check)
    assert ours != their_check
    assert [one.check_run_id for one in world.github.checks(world.repo, world.pull.head_sha, NAME)] == [ours]
    assert [one.check_run_id for one in impostor.checks(their_repo, world.pull.head_sha, NAME)] == [their_check]
    impostor.close()


def test_a_known_id_of_another_commit_or_of_nothing_is_not_used(world: World, shared: World) -> None:
    elsewhere = world.github.put_check(world.repo, draft(shared, "elsewhere"))
    ours = world.github.put_check(world.repo, draft(world), known=elsewhere)
    assert ours != elsewhere
    assert world.github.put_check(world.repo, draft(world), known=CheckRunId(999)) == ours


def test_no_checks_on_a_commit_that_has_none(world: World) -> None:
    assert world.github.checks(world.repo, world.pull.head_sha, NAME) == ()
    with pytest.raises(Refused):
        world.github.put_check(world.repo, replace(draft(world), head_sha=Sha("0" * 40)))


def test_the_largest_texts_are_accepted_and_larger_ones_are_a_refusal(world: World) -> None:
    """Cutting is the renderer's work; here it is only seen that nothing is lost or half written."""
    world.github.put_check(world.repo, done(world, summary="s" * 65_535, text="t" * 65_535))
    with pytest.raises(Refused, match="65535"):
        world.github.put_check(world.repo, done(world, "run-2", summary="s" * 65_536))
    assert len(runs(world)) == 1


def test_it_began_when_its_work_began(world: World) -> None:
    began = datetime(2026, 11, 22, 9, 0, 5, 999, tzinfo=timezone(timedelta(hours=1)))
    check = world.github.put_check(world.repo, draft(world, started_at=began, annotations=notes(60)))
    [run] = runs(world)
    assert run.started_at == datetime(2026, 11, 22, 8, 0, 5, tzinfo=UTC)
    world.github.put_check(world.repo, done(world, started_at=began), check)
    [run] = runs(world)
    assert (run.started_at, run.status) == (datetime(2026, 11, 22, 8, 0, 5, tzinfo=UTC), "completed")
    assert run.completed_at is not None
    assert run.completed_at > run.started_at
