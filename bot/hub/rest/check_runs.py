"""Check runs: read by many, written only by the App that owns them."""

from datetime import datetime

from bot.hub.changes import checks
from bot.hub.fields import Fields
from bot.hub.refusal import invalid, not_found
from bot.hub.render.checks import annotation, check_run
from bot.hub.rest.call import Answer, Call, Route, created
from bot.hub.rest.commits import found_commit
from bot.hub.state.checks import Action, Annotation, CheckRun, Output
from bot.hub.state.repositories import Repository

LEVELS = ("notice", "warning", "failure")


def create(call: Call) -> Answer:
    """Report a run."""
    repo, fields = _writable(call), call.fields("CheckRun")
    made = checks.create(call.world, call.actor, repo, fields.text("name"), fields.text("head_sha"), _change(fields))
    return created(check_run(call.view, made))


def update(call: Call) -> Answer:
    """Change a run; annotations are appended."""
    repo, fields = _writable(call), call.fields("CheckRun")
    run = _found(call, repo)
    return Answer(200, check_run(call.view, checks.update(call.world, call.actor, run, _change(fields))))


def _writable(call: Call) -> Repository:
    call.repository("metadata")
    checks.owning_app(call.actor)
    return call.repository("checks", "write")


def _found(call: Call, repo: Repository) -> CheckRun:
    found = call.world.store.runs.get(call.number("check_run_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    return found


def _change(fields: Fields) -> checks.RunChange:
    actions = tuple(
        Action(one.text("label"), one.text("description"), one.text("identifier")) for one in fields.objects("actions")
    )
    return checks.RunChange(
        name=fields.optional_text("name"),
        details_url=fields.optional_text("details_url"),
        external_id=fields.optional_text("external_id"),
        status=fields.one_of("status", checks.STATUSES),
        conclusion=fields.one_of("conclusion", checks.CONCLUSIONS),
        started_at=_time(fields, "started_at"),
        completed_at=_time(fields, "completed_at"),
        output=_output(fields.part("output")),
        actions=actions if "actions" in fields else None,
    )


def _time(fields: Fields, name: str) -> datetime | None:
    text = fields.optional_text(name)
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise invalid("CheckRun", name, "invalid", f"{name} is not an ISO 8601 time") from wrong


def _output(given: Fields | None) -> Output | None:
    if given is None:
        return None
    annotations = tuple(_annotation(one) for one in given.objects("annotations"))
    title, summary, text = (given.optional_text(name) for name in ("title", "summary", "text"))
    return Output(title, summary, text, annotations)


def _annotation(one: Fields) -> Annotation:
    level = one.one_of("annotation_level", LEVELS)
    if level is None:
        raise invalid("CheckAnnotation", "annotation_level", "missing_field", '"annotation_level" wasn\'t supplied.')
    return Annotation(
        path=one.text("path"),
        start_line=one.number("start_line"),
        end_line=one.number("end_line"),
        level=level,
        message=one.text("message"),
        title=one.optional_text("title"),
        raw_details=one.optional_text("raw_details"),
        start_column=one.optional_number("start_column"),
        end_column=one.optional_number("end_column"),
    )


def one(call: Call) -> Answer:
    """A run by its id."""
    return Answer(200, check_run(call.view, _found(call, call.repository("checks"))))


def annotations(call: Call) -> Answer:
    """A run's annotations in the order in which they were sent."""
    run = _found(call, call.repository("checks"))
    return call.listed(run.output.annotations, lambda row: annotation(call.view, run, row))


def rerequest(call: Call) -> Answer:
    """Ask the owning App to run again."""
    run = _found(call, call.repository("checks", "write", "write"))
    checks.rerequest(call.world, call.actor, run)
    return created({})


def at_commit(call: Call) -> Answer:
    """The runs on a commit, by name, App and status; only the latest of each name unless `filter=all`."""
    repo = call.repository("checks")
    sha = found_commit(call.world.store.bare(repo), call.args["ref"])
    rows = call.world.store.runs.where(lambda run: run.repository_id == repo.id and run.head_sha == sha)
    return listed(call, rows)


def listed(call: Call, rows: list[CheckRun]) -> Answer:
    """Runs filtered as the query wants, newest first."""
    name, status, app_id = (call.query.get(key) for key in ("check_name", "status", "app_id"))
    rows = [
        run
        for run in rows
        if name in (None, run.name) and status in (None, run.status) and app_id in (None, str(run.app_id))
    ]
    if call.query.get("filter", "latest") == "latest":
        rows = list({(run.app_id, run.name): run for run in rows}.values())
    rows.sort(key=lambda run: -run.id)
    return call.listed(rows, lambda run: check_run(call.view, run), wrap="check_runs")


ROUTES = (
    Route("POST", "/repos/<owner>/<repo>/check-runs", create),
    Route("GET", "/repos/<owner>/<repo>/check-runs/<check_run_id>", one),
    Route("PATCH", "/repos/<owner>/<repo>/check-runs/<check_run_id>", update),
    Route("GET", "/repos/<owner>/<repo>/check-runs/<check_run_id>/annotations", annotations),
    Route("POST", "/repos/<owner>/<repo>/check-runs/<check_run_id>/rerequest", rerequest),
    Route("GET", "/repos/<owner>/<repo>/commits/<path:ref>/check-runs", at_commit),
)
