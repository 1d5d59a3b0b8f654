"""Commits, what belongs to them, and comparisons."""

from bot.hub.git import diffs, history
from bot.hub.git.bare import Bare
from bot.hub.refusal import Refused, not_found, unprocessable
from bot.hub.render.git_objects import commit as commit_body
from bot.hub.render.git_objects import file_change, full_commit
from bot.hub.render.pulls import simple_pull
from bot.hub.rest.call import Answer, Call, Route
from bot.hub.state.repositories import Repository

COMPARED_FILES = 300
"""Files that a comparison shows; the REST description says so."""

COMPARED_COMMITS = 250
"""Commits that a comparison shows without paging; the REST description says so."""


def found_commit(bare: Bare, name: str) -> str:
    """The commit that a name in a path means; 422 as GitHub has it."""
    sha = bare.find_commit(name)
    if sha is None:
        raise unprocessable(f"No commit found for SHA: {name}")
    return sha


def all_commits(call: Call) -> Answer:
    """History from a branch or a commit, newest first."""
    repo = call.repository("contents")
    bare = call.world.store.bare(repo)
    start = call.query.get("sha") or repo.default_branch
    sha = bare.find_commit(start)
    if sha is None:
        raise Refused(409, "Git Repository is empty.") if not bare.refs() else not_found()
    path = call.query.get("path")
    rows = history.log(bare, sha, *(["--", path] if path else []))
    return call.listed(rows, lambda row: commit_body(call.view, repo, row))


def one(call: Call) -> Answer:
    """A commit with what it changed; or only its id, or its diff, by media type."""
    repo = call.repository("contents")
    bare = call.world.store.bare(repo)
    sha = found_commit(bare, call.args["ref"])
    if "sha" in call.accept and "vnd.github" in call.accept:
        return Answer(200, text=sha, content_type="application/vnd.github.v3.sha; charset=utf-8")
    commit = history.commit(bare, sha)
    if "diff" in call.accept:
        base = commit.parents[0] if commit.parents else diffs.EMPTY_TREE
        return diff_answer(diffs.diff_text(bare, base, sha))
    return Answer(200, full_commit(call.view, repo, bare, commit))


def diff_answer(text: str) -> Answer:
    """A diff by its media type."""
    return Answer(200, text=text, content_type="application/vnd.github.v3.diff; charset=utf-8")


def pulls(call: Call) -> Answer:
    """The pull requests that a commit belongs to: open ones that contain it, and the one that merged it."""
    repo = call.repository("pull_requests")
    bare = call.world.store.bare(repo)
    sha = found_commit(bare, call.args["sha"])

    def has(number: int, head: str, base: str, merge: str | None) -> bool:
        return merge == sha or (bare.is_ancestor(sha, head) and not bare.is_ancestor(sha, base))

    rows = call.world.store.issues.where(
        lambda issue: (
            issue.repository_id == repo.id
            and issue.pull is not None
            and has(issue.number, issue.pull.head_sha, call.world.store.base_sha(issue), issue.pull.merge_commit_sha)
        )
    )
    return call.listed(rows, lambda row: simple_pull(call.view, row))


def compare(call: Call) -> Answer:
    """How two commits stand to each other: the diff is from their merge base."""
    repo = call.repository("contents")
    bare = call.world.store.bare(repo)
    base_name, dots, head_name = call.args["basehead"].partition("...")
    base, head = bare.find_commit(_own(repo, base_name)), bare.find_commit(_own(repo, head_name))
    if not dots or base is None or head is None:
        raise not_found()
    found, middle = history.distance(bare, base, head), history.merge_base(bare, base, head)
    if middle is None:
        raise Refused(404, f"No common ancestor between {base_name} and {head_name}.")
    if "diff" in call.accept:
        return diff_answer(diffs.diff_text(bare, middle, head))
    api = f"{call.view.repo(repo)}/compare/{base_name}...{head_name}"
    page = f"{call.view.page(repo)}/compare/{base_name}...{head_name}"
    changed = diffs.changes(bare, middle, head)[:COMPARED_FILES]
    body = {
        "url": api,
        "html_url": page,
        "permalink_url": f"{call.view.page(repo)}/compare/{repo.owner}:{base[:7]}...{repo.owner}:{head[:7]}",
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_body(call.view, repo, history.commit(bare, base)),
        "merge_base_commit": commit_body(call.view, repo, history.commit(bare, middle)),
        "status": found.status,
        "ahead_by": found.ahead,
        "behind_by": found.behind,
        "total_commits": found.ahead,
        "commits": [commit_body(call.view, repo, row) for row in history.only_in(bare, head, base)[:COMPARED_COMMITS]],
        "files": [file_change(call.view, repo, head, change) for change in changed],
    }
    return Answer(200, body)


def _own(repo: Repository, name: str) -> str:
    owner, colon, branch = name.partition(":")
    return branch if colon and owner.lower() == repo.owner.lower() else name


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/commits", all_commits),
    Route("GET", "/repos/<owner>/<repo>/commits/<path:ref>", one),
    Route("GET", "/repos/<owner>/<repo>/commits/<sha>/pulls", pulls),
    Route("GET", "/repos/<owner>/<repo>/compare/<path:basehead>", compare),
)
