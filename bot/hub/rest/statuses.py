"""Commit statuses: reported by who may push, read by who may read them."""

from bot.hub.changes import statuses
from bot.hub.refusal import invalid
from bot.hub.render.statuses import combined_status, simple_status, status
from bot.hub.rest.call import Answer, Call, Route, created
from bot.hub.rest.commits import found_commit


def create(call: Call) -> Answer:
    """Report a status."""
    repo, fields = call.repository("statuses", "write", "write"), call.fields("Status")
    state = fields.one_of("state", statuses.STATES)
    if state is None:
        raise invalid("Status", "state", "missing_field", '"state" wasn\'t supplied.')
    report = statuses.Report(
        state,
        fields.optional_text("context") or statuses.CONTEXT,
        fields.optional_text("description"),
        fields.optional_text("target_url"),
    )
    made = statuses.create(call.world, call.actor, repo, call.args["sha"], report)
    return created(status(call.view, made))


def listed(call: Call) -> Answer:
    """Every status of a commit, newest first."""
    repo = call.repository("statuses")
    sha = found_commit(call.world.store.bare(repo), call.args["ref"])
    rows = call.world.store.statuses.where(lambda one: one.repository_id == repo.id and one.sha == sha)
    return call.listed(sorted(rows, key=lambda one: -one.id), lambda one: status(call.view, one))


def combined(call: Call) -> Answer:
    """The newest status of each context, and what they say together."""
    repo = call.repository("statuses")
    sha = found_commit(call.world.store.bare(repo), call.args["ref"])
    rows = statuses.latest(call.world, repo, sha)
    number, size = call.page()
    shown = [simple_status(call.view, one) for one in rows[(number - 1) * size : number * size]]
    return Answer(200, combined_status(call.view, repo, sha, statuses.combined(rows), shown, len(rows)))


ROUTES = (
    Route("POST", "/repos/<owner>/<repo>/statuses/<sha>", create),
    Route("GET", "/repos/<owner>/<repo>/commits/<path:ref>/status", combined),
    Route("GET", "/repos/<owner>/<repo>/commits/<path:ref>/statuses", listed),
)
