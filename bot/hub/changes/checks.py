"""Check runs: only Apps write them; buttons and re-runs go back to the App that owns them."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.hub.actor import Actor
from bot.hub.changes import queueing
from bot.hub.changes.refs import suite_for
from bot.hub.events import check_run, check_suite
from bot.hub.refusal import Refused, forbidden, invalid, unprocessable
from bot.hub.state.checks import Action, Annotation, CheckRun, CheckSuite, Output
from bot.hub.state.repositories import Repository
from bot.hub.world import World

TEXT_LIMIT = 65_535
"""Characters in `summary` and in `text`, each; the schema of the checks API says so."""

ANNOTATIONS_A_REQUEST = 50
"""Annotations in one request; more come by further updates, which append. From the schema of the checks API."""

ACTIONS_LIMIT = 3
"""Buttons on a run. From the schema of the checks API, as are the lengths below."""

LABEL_LIMIT, DESCRIPTION_LIMIT, IDENTIFIER_LIMIT = 20, 40, 20

ANNOTATION_BYTES = 64 * 1024
"""Bytes in an annotation's message and raw details, each."""

ANNOTATION_TITLE_LIMIT = 255
"""Characters in an annotation's title."""

CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
STATUSES = ("queued", "in_progress", "completed")


@dataclass(frozen=True, slots=True)
class RunChange:
    """What a request sets on a run; None leaves as it is."""

    name: str | None = None
    details_url: str | None = None
    external_id: str | None = None
    status: str | None = None
    conclusion: str | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    output: Output | None = None
    actions: tuple[Action, ...] | None = None


def check_limits(change: RunChange, adopted: bool) -> None:
    """Refuse what is too long, too many or contradictory. `adopted`: for an update, where a title may be missing."""
    output = change.output
    if output is not None:
        if output.summary is None or (output.title is None and not adopted):
            raise invalid("CheckRun", "output", "missing_field", "output needs a title and a summary")
        for field, text in (("summary", output.summary), ("text", output.text)):
            if text is not None and len(text) > TEXT_LIMIT:
                message = f"Only {TEXT_LIMIT} characters are allowed; {len(text)} were supplied."
                raise invalid("CheckRun", field, "custom", message)
        _check_annotations(output.annotations)
    _check_actions(change.actions or ())
    if change.status == "completed" and change.conclusion is None:
        raise unprocessable("Invalid request.\n\nMissing required parameter: conclusion")
    if change.conclusion is not None and change.status not in (None, "completed"):
        raise unprocessable("A conclusion needs the status completed")


def _check_annotations(annotations: tuple[Annotation, ...]) -> None:
    if len(annotations) > ANNOTATIONS_A_REQUEST:
        message = f"No more than {ANNOTATIONS_A_REQUEST} items are allowed; {len(annotations)} were supplied."
        raise unprocessable(f"Invalid request.\n\n{message}")
    for one in annotations:
        if one.end_line < one.start_line:
            raise invalid("CheckAnnotation", "end_line", "invalid", "end_line must not be before start_line")
        if one.start_line != one.end_line and (one.start_column is not None or one.end_column is not None):
            raise invalid(
                "CheckAnnotation", "start_column", "invalid", "columns need start_line and end_line to be equal"
            )
        for text in (one.message, one.raw_details or ""):
            if len(text.encode()) > ANNOTATION_BYTES:
                raise invalid("CheckAnnotation", "message", "custom", f"more than {ANNOTATION_BYTES} bytes")
        if len(one.title or "") > ANNOTATION_TITLE_LIMIT:
            raise invalid("CheckAnnotation", "title", "custom", f"more than {ANNOTATION_TITLE_LIMIT} characters")


def _check_actions(actions: tuple[Action, ...]) -> None:
    if len(actions) > ACTIONS_LIMIT:
        raise unprocessable(f"Invalid request.\n\nNo more than {ACTIONS_LIMIT} actions are allowed.")
    for one in actions:
        limits = (("label", LABEL_LIMIT), ("description", DESCRIPTION_LIMIT), ("identifier", IDENTIFIER_LIMIT))
        for (field, limit), text in zip(limits, (one.label, one.description, one.identifier), strict=True):
            if not 0 < len(text) <= limit:
                raise invalid("CheckRun", f"actions.{field}", "custom", f"{field} has 1 to {limit} characters")


def owning_app(actor: Actor) -> int:
    """The App that writes; checks are closed to everybody else."""
    if actor.kind != "installation" or actor.app is None:
        raise forbidden("You must authenticate via a GitHub App.")
    return actor.app.id


def create(world: World, actor: Actor, repo: Repository, name: str, head_sha: str, change: RunChange) -> CheckRun:
    """Report a new run on a commit of the repository."""
    app_id = owning_app(actor)
    check_limits(change, adopted=False)
    if not name.strip():
        raise invalid("CheckRun", "name", "missing_field", "name can't be blank")
    if len(head_sha) != 40 or world.store.bare(repo).commit_id(head_sha) != head_sha:
        raise unprocessable(f"No commit found for SHA: {head_sha}")
    now, store = world.now(), world.store
    suite = suite_for(world, repo, app_id, head_sha, _branch_at(world, repo, head_sha))
    status = "completed" if change.conclusion else change.status or "queued"
    made = store.runs.put(
        CheckRun(
            id=store.new_id(),
            repository_id=repo.id,
            suite_id=suite.id,
            app_id=app_id,
            name=name,
            head_sha=head_sha,
            status=status,
            conclusion=change.conclusion,
            external_id=change.external_id,
            details_url=change.details_url,
            started_at=change.started_at or now,
            completed_at=(change.completed_at or now) if status == "completed" else None,
            output=change.output or Output(),
            actions=change.actions or (),
        )
    )
    store.suites.put(replace(suite, updated_at=now))
    check_run.announce(world, actor, "created", made)
    if status == "completed":
        check_run.announce(world, actor, "completed", made)
        queueing.reported(world, made)
    return made


def _branch_at(world: World, repo: Repository, sha: str) -> str | None:
    refs = world.store.bare(repo).refs()
    return next((ref.removeprefix("refs/heads/") for ref, at in refs.items() if at == sha and "/heads/" in ref), None)


def update(world: World, actor: Actor, run: CheckRun, change: RunChange) -> CheckRun:
    """Change a run of one's own App. Annotations are appended; a status without a conclusion takes the conclusion back."""
    if owning_app(actor) != run.app_id:
        raise forbidden("Invalid app_id - check run can only be modified by the GitHub App that created it.")
    check_limits(change, adopted=True)
    now = world.now()
    status = "completed" if change.conclusion else change.status or run.status
    conclusion = change.conclusion if change.conclusion or change.status else run.conclusion
    done = status == "completed"
    changed = replace(
        run,
        name=change.name or run.name,
        details_url=change.details_url or run.details_url,
        external_id=change.external_id if change.external_id is not None else run.external_id,
        status=status,
        conclusion=conclusion,
        started_at=change.started_at or run.started_at,
        completed_at=(change.completed_at or run.completed_at or now) if done else None,
        output=merged_output(run.output, change.output),
        actions=run.actions if change.actions is None else change.actions,
    )
    world.store.runs.put(changed)
    world.store.suites.put(replace(world.store.suites[run.suite_id], updated_at=now))
    if done and (run.status != "completed" or change.conclusion):
        check_run.announce(world, actor, "completed", changed)
        queueing.reported(world, changed)
    return changed


def merged_output(old: Output, new: Output | None) -> Output:
    """The output after an update: texts replace, annotations append."""
    if new is None:
        return old
    return Output(
        new.title if new.title is not None else old.title,
        new.summary,
        new.text if new.text is not None else old.text,
        old.annotations + new.annotations,
    )


def rerequest(world: World, actor: Actor, run: CheckRun) -> None:
    """Ask the App to run again. The run itself stays as it is: resetting is the App's business."""
    check_run.announce(world, actor, "rerequested", run)


def rerequest_suite(world: World, actor: Actor, suite: CheckSuite) -> None:
    """Ask the App to run all its checks again."""
    check_suite.announce(world, actor, "rerequested", suite)


def press(world: World, actor: Actor, run: CheckRun, identifier: str) -> None:
    """Press a button of a run."""
    if identifier not in [action.identifier for action in run.actions]:
        raise Refused(422, f"The check run has no action {identifier!r}")
    check_run.announce(world, actor, "requested_action", run, identifier)
