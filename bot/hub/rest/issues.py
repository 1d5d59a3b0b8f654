"""Issues; pull requests are issues too."""

from bot.hub.changes import comments, issues, pulls
from bot.hub.render.issues import issue as issue_body
from bot.hub.rest.call import Answer, Call, Route, created
from bot.hub.state.issues import Issue


def all_issues(call: Call) -> Answer:
    """Issues and pull requests by state and labels, newest first."""
    repo, state = call.repository(("issues", "pull_requests")), call.query.get("state", "open")
    names = {name for name in call.query.get("labels", "").lower().split(",") if name}

    def wanted(issue: Issue) -> bool:
        has = {call.world.store.labels[i].name.lower() for i in issue.label_ids}
        return issue.repository_id == repo.id and state in ("all", issue.state) and names <= has

    rows = sorted(call.world.store.issues.where(wanted), key=lambda issue: -issue.number)
    return call.listed(rows, lambda row: issue_body(call.view, row))


def create(call: Call) -> Answer:
    """Open an issue. Labels of people without triage rights are dropped, as GitHub does."""
    repo, fields = call.repository("issues", "write", "read"), call.fields("Issue")
    may_label = call.actor.kind == "installation" or call.world.store.may(repo, call.actor.who, "triage")
    names = call.names("labels") if may_label else []
    made = issues.create(call.world, call.actor, repo, fields.text("title"), fields.optional_text("body"), names)
    return created(issue_body(call.view, made))


def one(call: Call) -> Answer:
    """An issue or a pull request by number."""
    return Answer(200, issue_body(call.view, call.issue()))


def edit(call: Call) -> Answer:
    """Change title, body, state or labels."""
    issue, fields = call.issue("write"), call.fields("Issue")
    repo = call.world.store.repositories[issue.repository_id]
    call.authored(issue.author_id, repo)
    state = fields.one_of("state", ("open", "closed"))
    reason = fields.optional_text("state_reason")
    title, body = fields.optional_text("title"), fields.optional_text("body")
    if issue.pull is None:
        changed = issues.edit(call.world, call.actor, issue, title, body)
        if state is not None:
            changed = issues.set_state(call.world, call.actor, changed, state, reason)
    else:
        changed = pulls.edit(call.world, call.actor, issue, title, body)
        if state is not None:
            changed = pulls.set_state(call.world, call.actor, changed, state)
    if fields.has("labels"):
        call.need_issue(changed, "write", "triage")
        changed = comments.set_labels(call.world, call.actor, changed, call.names("labels"))
    return Answer(200, issue_body(call.view, changed))


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/issues", all_issues),
    Route("POST", "/repos/<owner>/<repo>/issues", create),
    Route("GET", "/repos/<owner>/<repo>/issues/<number>", one),
    Route("PATCH", "/repos/<owner>/<repo>/issues/<number>", edit),
)
