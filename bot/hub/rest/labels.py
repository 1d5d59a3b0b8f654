"""Labels of repositories and of issues."""

from bot.hub.changes import comments
from bot.hub.refusal import not_found
from bot.hub.render.issues import label as label_body
from bot.hub.render.issues import labels as labels_body
from bot.hub.rest.call import Answer, Call, Route, created
from bot.hub.state.issues import Issue


def of_repository(call: Call) -> Answer:
    """The repository's labels."""
    repo = call.repository(("issues", "pull_requests"))
    rows = call.world.store.labels.where(lambda one: one.repository_id == repo.id)
    return call.listed(rows, lambda row: label_body(call.view, row))


def create(call: Call) -> Answer:
    """Add a label to the repository."""
    repo, fields = call.repository(("issues", "pull_requests"), "write", "write"), call.fields("Label")
    color = fields.optional_text("color") or "ededed"
    made = comments.create_label(call.world, repo, fields.text("name"), color, fields.optional_text("description"))
    return created(label_body(call.view, made))


def one(call: Call) -> Answer:
    """A label by its name."""
    repo = call.repository(("issues", "pull_requests"))
    found = comments.label_named(call.world, repo, call.args["name"])
    if found is None:
        raise not_found()
    return Answer(200, label_body(call.view, found))


def of_issue(call: Call) -> Answer:
    """The labels of an issue or a pull request."""
    return _shown(call, call.issue())


def add(call: Call) -> Answer:
    """Add labels."""
    issue = call.issue("write", "triage")
    names = [call.world.store.labels[i].name for i in issue.label_ids] + call.names("labels")
    return _shown(call, comments.set_labels(call.world, call.actor, issue, names))


def replace(call: Call) -> Answer:
    """Give exactly these labels."""
    issue = call.issue("write", "triage")
    return _shown(call, comments.set_labels(call.world, call.actor, issue, call.names("labels")))


def remove(call: Call) -> Answer:
    """Take one label away."""
    issue = call.issue("write", "triage")
    names = [call.world.store.labels[i].name for i in issue.label_ids]
    left = [name for name in names if name.lower() != call.args["name"].lower()]
    if len(left) == len(names):
        raise not_found()
    return _shown(call, comments.set_labels(call.world, call.actor, issue, left))


def _shown(call: Call, issue: Issue) -> Answer:
    return Answer(200, labels_body(call.view, issue))


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/labels", of_repository),
    Route("POST", "/repos/<owner>/<repo>/labels", create),
    Route("GET", "/repos/<owner>/<repo>/labels/<name>", one),
    Route("GET", "/repos/<owner>/<repo>/issues/<number>/labels", of_issue),
    Route("POST", "/repos/<owner>/<repo>/issues/<number>/labels", add),
    Route("PUT", "/repos/<owner>/<repo>/issues/<number>/labels", replace),
    Route("DELETE", "/repos/<owner>/<repo>/issues/<number>/labels/<name>", remove),
)
