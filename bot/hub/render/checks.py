"""Check suites, check runs and annotations."""

from bot.hub.fields import Json
from bot.hub.git import history
from bot.hub.render.accounts import maybe_app
from bot.hub.render.git_objects import simple_commit
from bot.hub.render.pulls import minimal_pulls
from bot.hub.render.repositories import repository
from bot.hub.render.view import View, in_path, maybe_stamp, stamp
from bot.hub.state.checks import Annotation, CheckRun, CheckSuite
from bot.hub.state.store import node_id

WORST_FIRST = ("action_required", "timed_out", "cancelled", "failure", "neutral", "skipped", "success")
"""The conclusion of a suite is the first of these that one of its runs has."""


def check_run(view: View, one: CheckRun) -> Json:
    """A check run."""
    repo = view.store.repositories[one.repository_id]
    api = f"{view.repo(repo)}/check-runs/{one.id}"
    page = f"{view.page(repo)}/runs/{one.id}"
    return {
        "id": one.id,
        "name": one.name,
        "node_id": node_id("CR", one.id),
        "head_sha": one.head_sha,
        "external_id": one.external_id or "",
        "url": api,
        "html_url": page,
        "details_url": one.details_url or page,
        "status": one.status,
        "conclusion": one.conclusion,
        "started_at": maybe_stamp(one.started_at),
        "completed_at": maybe_stamp(one.completed_at),
        "output": {
            "title": one.output.title,
            "summary": one.output.summary,
            "text": one.output.text,
            "annotations_count": len(one.output.annotations),
            "annotations_url": f"{api}/annotations",
        },
        "check_suite": {"id": one.suite_id},
        "app": maybe_app(view, one.app_id),
        "pull_requests": minimal_pulls(view, repo, one.head_sha),
    }


def suite_state(view: View, one: CheckSuite) -> tuple[str, str | None]:
    """Status and conclusion of a suite, from the latest run of each name."""
    latest = {run.name: run for run in view.store.runs.where(lambda run: run.suite_id == one.id)}
    if not latest:
        return "queued", None
    if all(run.status == "completed" for run in latest.values()):
        found = {run.conclusion for run in latest.values()}
        return "completed", next(name for name in WORST_FIRST if name in found)
    return "in_progress" if any(run.status != "queued" for run in latest.values()) else "queued", None


def suite_core(view: View, one: CheckSuite) -> Json:
    """A check suite without its repository, as webhooks carry it."""
    repo = view.store.repositories[one.repository_id]
    status, conclusion = suite_state(view, one)
    api = f"{view.repo(repo)}/check-suites/{one.id}"
    return {
        "id": one.id,
        "node_id": node_id("CS", one.id),
        "head_branch": one.head_branch,
        "head_sha": one.head_sha,
        "status": status,
        "conclusion": conclusion,
        "url": api,
        "before": one.before,
        "after": one.head_sha,
        "pull_requests": minimal_pulls(view, repo, one.head_sha),
        "app": maybe_app(view, one.app_id),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "rerequestable": True,
        "runs_rerequestable": True,
        "latest_check_runs_count": len({run.name for run in view.store.runs if run.suite_id == one.id}),
        "check_runs_url": f"{api}/check-runs",
        "head_commit": simple_commit(history.commit(view.store.bare(repo), one.head_sha)),
    }


def check_suite(view: View, one: CheckSuite) -> Json:
    """A check suite."""
    return suite_core(view, one) | {"repository": repository(view, view.store.repositories[one.repository_id])}


def annotation(view: View, run: CheckRun, one: Annotation) -> Json:
    """An annotation of a run."""
    repo = view.store.repositories[run.repository_id]
    return {
        "path": one.path,
        "blob_href": f"{view.repo(repo)}/contents/{in_path(one.path)}?ref={run.head_sha}",
        "start_line": one.start_line,
        "start_column": one.start_column,
        "end_line": one.end_line,
        "end_column": one.end_column,
        "annotation_level": one.level,
        "title": one.title,
        "message": one.message,
        "raw_details": one.raw_details,
    }
