"""Check suites."""

from bot.hub.changes import checks
from bot.hub.changes.refs import suite_for
from bot.hub.refusal import not_found, unprocessable
from bot.hub.render.checks import check_suite
from bot.hub.rest import check_runs
from bot.hub.rest.call import Answer, Call, Route, created
from bot.hub.rest.commits import found_commit
from bot.hub.state.checks import CheckSuite
from bot.hub.state.repositories import Repository


def create(call: Call) -> Answer:
    """Make the App's suite on a commit; 200 if it was there."""
    repo, sha = call.repository("checks", "write"), call.fields("CheckSuite").text("head_sha")
    app_id = checks.owning_app(call.actor)
    if call.world.store.bare(repo).commit_id(sha) != sha:
        raise unprocessable(f"No commit found for SHA: {sha}")
    before = len(call.world.store.suites)
    suite = suite_for(call.world, repo, app_id, sha, None)
    return Answer(201 if len(call.world.store.suites) > before else 200, check_suite(call.view, suite))


def one(call: Call) -> Answer:
    """A suite by its id."""
    return Answer(200, check_suite(call.view, _found(call, call.repository("checks"))))


def runs(call: Call) -> Answer:
    """The runs of a suite."""
    suite = _found(call, call.repository("checks"))
    return check_runs.listed(call, call.world.store.runs.where(lambda run: run.suite_id == suite.id))


def rerequest(call: Call) -> Answer:
    """Ask the owning App to run everything again."""
    suite = _found(call, call.repository("checks", "write", "write"))
    checks.rerequest_suite(call.world, call.actor, suite)
    return created({})


def at_commit(call: Call) -> Answer:
    """The suites on a commit."""
    repo, app_id = call.repository("checks"), call.query.get("app_id")
    sha = found_commit(call.world.store.bare(repo), call.args["ref"])
    rows = call.world.store.suites.where(
        lambda row: row.repository_id == repo.id and row.head_sha == sha and app_id in (None, str(row.app_id))
    )
    return call.listed(rows, lambda row: check_suite(call.view, row), wrap="check_suites")


def _found(call: Call, repo: Repository) -> CheckSuite:
    found = call.world.store.suites.get(call.number("check_suite_id"))
    if found is None or found.repository_id != repo.id:
        raise not_found()
    return found


ROUTES = (
    Route("POST", "/repos/<owner>/<repo>/check-suites", create),
    Route("GET", "/repos/<owner>/<repo>/check-suites/<check_suite_id>", one),
    Route("GET", "/repos/<owner>/<repo>/check-suites/<check_suite_id>/check-runs", runs),
    Route("POST", "/repos/<owner>/<repo>/check-suites/<check_suite_id>/rerequest", rerequest),
    Route("GET", "/repos/<owner>/<repo>/commits/<path:ref>/check-suites", at_commit),
)
