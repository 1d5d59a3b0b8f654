"""Blobs, trees and commits as git objects."""

import base64
import binascii
from datetime import datetime

from bot.hub.fields import Fields
from bot.hub.git import history, trees
from bot.hub.git.bare import GitFailed
from bot.hub.refusal import Refused, invalid, not_found, unprocessable
from bot.hub.render.git_objects import blob as blob_body
from bot.hub.render.git_objects import git_commit
from bot.hub.render.git_objects import tree as tree_body
from bot.hub.rest.call import Answer, Call, Route, created


def blob(call: Call) -> Answer:
    """A blob's content."""
    repo = call.repository("contents")
    try:
        data = trees.blob(call.world.store.bare(repo), _object_id(call.args["sha"]))
    except GitFailed as failed:
        raise not_found() from failed
    return Answer(200, blob_body(call.view, repo, call.args["sha"], data))


def create_blob(call: Call) -> Answer:
    """Store a blob."""
    repo, fields = call.repository("contents", "write", "write"), call.fields("Blob")
    text = fields.text("content")
    try:
        data = base64.b64decode(text) if fields.optional_text("encoding") == "base64" else text.encode()
    except binascii.Error as wrong:
        raise invalid("Blob", "content", "invalid", "content is not valid Base64") from wrong
    sha = trees.write_blob(call.world.store.bare(repo), data)
    return created({"url": f"{call.view.repo(repo)}/git/blobs/{sha}", "sha": sha})


def tree(call: Call) -> Answer:
    """A tree's entries, all the way down when `recursive` is given."""
    repo = call.repository("contents")
    bare = call.world.store.bare(repo)
    status, out = bare.run(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{call.args['sha']}^{{tree}}", allow=(0, 1, 128)
    )
    if status:
        raise not_found()
    sha = out.decode().strip()
    found = trees.entries(bare, sha, recursive=bool(call.query.get("recursive")))
    return Answer(200, tree_body(call.view, repo, sha, found))


def create_tree(call: Call) -> Answer:
    """Make a tree from another and some entries."""
    repo, fields = call.repository("contents", "write", "write"), call.fields("Tree")
    bare = call.world.store.bare(repo)
    changes = []
    for one in fields.objects("tree"):
        text = one.optional_text("content")
        sha = trees.write_blob(bare, text.encode()) if text is not None else one.optional_text("sha")
        mode = one.optional_text("mode") or "100644"
        changes.append(trees.Entry(one.text("path"), mode, "tree" if mode == "040000" else "blob", sha))
    try:
        base = fields.optional_text("base_tree")
        sha = trees.write_tree(bare, base and _object_id(base), changes)
    except GitFailed as failed:
        raise unprocessable("GitRPC::BadObjectState") from failed
    return created(tree_body(call.view, repo, sha, trees.entries(bare, sha)))


def commit(call: Call) -> Answer:
    """A commit."""
    repo, bare_sha = call.repository("contents"), _object_id(call.args["sha"])
    bare = call.world.store.bare(repo)
    if bare.commit_id(bare_sha) != bare_sha:
        raise not_found()
    return Answer(200, git_commit(call.view, repo, history.commit(bare, bare_sha)))


def create_commit(call: Call) -> Answer:
    """Make a commit of a tree; no ref moves."""
    repo, fields = call.repository("contents", "write", "write"), call.fields("Commit")
    bare = call.world.store.bare(repo)
    author = _signature(call, fields.part("author"))
    committer = _signature(call, fields.part("committer")) if fields.has("committer") else author
    tree_id, parents = _object_id(fields.text("tree")), [_object_id(one) for one in fields.texts("parents")]
    try:
        sha = trees.write_commit(bare, tree_id, parents, fields.text("message"), author, committer)
    except GitFailed as failed:
        raise unprocessable("Tree SHA or a parent does not exist") from failed
    return created(git_commit(call.view, repo, history.commit(bare, sha)))


def _signature(call: Call, given: Fields | None) -> history.Signature:
    if given is None:
        who = call.actor.who
        return history.Signature(who.login, who.email, call.world.now())
    date = given.optional_text("date")
    try:
        when = datetime.fromisoformat(date) if date else call.world.now()
    except ValueError as wrong:
        raise invalid("Commit", "date", "invalid", "date is not an ISO 8601 time") from wrong
    return history.Signature(given.text("name"), given.text("email"), when)


def _object_id(text: str) -> str:
    if len(text) != 40 or any(letter not in "0123456789abcdef" for letter in text):
        raise Refused(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].")
    return text


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/git/blobs/<sha>", blob),
    Route("POST", "/repos/<owner>/<repo>/git/blobs", create_blob),
    Route("GET", "/repos/<owner>/<repo>/git/trees/<path:sha>", tree),
    Route("POST", "/repos/<owner>/<repo>/git/trees", create_tree),
    Route("GET", "/repos/<owner>/<repo>/git/commits/<sha>", commit),
    Route("POST", "/repos/<owner>/<repo>/git/commits", create_commit),
)
