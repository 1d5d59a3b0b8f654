"""Pull requests."""

from bot.hub.changes import merging, pulls
from bot.hub.git import diffs, history
from bot.hub.refusal import not_found
from bot.hub.render.git_objects import commit as commit_body
from bot.hub.render.git_objects import file_change
from bot.hub.render.pulls import pull_request, simple_pull
from bot.hub.rest.call import Answer, Call, Route, created, done
from bot.hub.rest.commits import diff_answer
from bot.hub.state.issues import Issue

FILES_LIMIT = 3000
"""Files that the list of a pull request shows; the REST description says so."""

COMMITS_LIMIT = 250
"""Commits that the list of a pull request shows; the REST description says so."""


def all_pulls(call: Call) -> Answer:
    """Pull requests by state, head (`owner:branch`) and base; newest first."""
    repo, state = call.repository("pull_requests"), call.query.get("state", "open")
    owner, colon, branch = call.query.get("head", "").partition(":")
    base = call.query.get("base")

    def wanted(issue: Issue) -> bool:
        if issue.repository_id != repo.id or issue.pull is None or state not in ("all", issue.state):
            return False
        if base and issue.pull.base_ref != base:
            return False
        head_repo = call.world.store.repositories[issue.pull.head_repository_id]
        # A head without an owner is ignored, as GitHub does.
        return not colon or (head_repo.owner.lower(), issue.pull.head_ref) == (owner.lower(), branch)

    by_change = call.query.get("sort") == "updated"
    rows = sorted(
        call.world.store.issues.where(wanted),
        key=lambda issue: (issue.updated_at if by_change else issue.created_at, issue.number),
        reverse=call.query.get("direction", "desc") != "asc",
    )
    return call.listed(rows, lambda row: simple_pull(call.view, row))


def create(call: Call) -> Answer:
    """Open a pull request."""
    repo, fields = call.repository("pull_requests", "write", "read"), call.fields("PullRequest")
    if call.actor.kind == "user" and fields.text("head").count(":") == 0:
        call.repository("pull_requests", "write", "write")
    proposal = pulls.Proposal(
        fields.text("title"),
        fields.text("head"),
        fields.text("base"),
        fields.optional_text("body"),
        fields.flag("draft"),
        fields.flag("maintainer_can_modify", default=False),
    )
    return created(pull_request(call.view, pulls.create(call.world, call.actor, repo, proposal)))


def one(call: Call) -> Answer:
    """A pull request; or its diff or patch by media type."""
    issue = call.pull()
    repo, head = call.world.store.repositories[issue.repository_id], issue.as_pull.head_sha
    bare, base = call.world.store.bare(repo), call.world.store.base_sha(issue)
    if "diff" in call.accept:
        return diff_answer(diffs.diff_text(bare, diffs.pull_base(bare, base, head), head))
    if "patch" in call.accept:
        text = bare.text("format-patch", "--stdout", f"{base}..{head}")
        return Answer(200, text=text + "\n", content_type="application/vnd.github.v3.patch; charset=utf-8")
    return Answer(200, pull_request(call.view, issue))


def edit(call: Call) -> Answer:
    """Change title, body, base or state."""
    issue, fields = call.pull(access="write"), call.fields("PullRequest")
    call.authored(issue.author_id, call.world.store.repositories[issue.repository_id])
    state = fields.one_of("state", ("open", "closed"))
    title, body, base = (fields.optional_text(name) for name in ("title", "body", "base"))
    # Reopened first and closed last: a closed request keeps its base.
    changed = pulls.set_state(call.world, call.actor, issue, "open") if state == "open" else issue
    changed = pulls.edit(call.world, call.actor, changed, title, body, base)
    if state == "closed":
        changed = pulls.set_state(call.world, call.actor, changed, "closed")
    return Answer(200, pull_request(call.view, changed))


def files(call: Call) -> Answer:
    """What it changes, from the merge base."""
    issue = call.pull()
    repo, head = call.world.store.repositories[issue.repository_id], issue.as_pull.head_sha
    bare = call.world.store.bare(repo)
    changed = diffs.changes(bare, diffs.pull_base(bare, call.world.store.base_sha(issue), head), head)
    return call.listed(changed[:FILES_LIMIT], lambda change: file_change(call.view, repo, head, change))


def commits(call: Call) -> Answer:
    """Its commits, oldest first."""
    issue = call.pull()
    repo = call.world.store.repositories[issue.repository_id]
    base, head = call.world.store.base_sha(issue), issue.as_pull.head_sha
    rows = history.only_in(call.world.store.bare(repo), head, base)
    return call.listed(rows[:COMMITS_LIMIT], lambda row: commit_body(call.view, repo, row))


def is_merged(call: Call) -> Answer:
    """204 if it was merged, 404 if not."""
    if call.pull().as_pull.merged_at is None:
        raise not_found()
    return done()


def merge(call: Call) -> Answer:
    """Merge: 405 when something stands in the way, 409 when the head moved."""
    issue, fields = call.pull("contents", "write", "write"), call.fields("PullRequest")
    merged = merging.merge(
        call.world,
        call.actor,
        issue,
        fields.one_of("merge_method", ("merge", "squash", "rebase"), "merge") or "merge",
        (fields.optional_text("commit_title"), fields.optional_text("commit_message")),
        fields.optional_text("sha"),
    )
    sha = merged.as_pull.merge_commit_sha
    return Answer(200, {"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/pulls", all_pulls),
    Route("POST", "/repos/<owner>/<repo>/pulls", create),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>", one),
    Route("PATCH", "/repos/<owner>/<repo>/pulls/<number>", edit),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/files", files),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/commits", commits),
    Route("GET", "/repos/<owner>/<repo>/pulls/<number>/merge", is_merged),
    Route("PUT", "/repos/<owner>/<repo>/pulls/<number>/merge", merge),
)
