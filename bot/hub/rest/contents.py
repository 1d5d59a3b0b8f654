"""Files and folders by path."""

import base64
import binascii

from bot.hub.changes import files
from bot.hub.fields import Fields, Json
from bot.hub.git import history, trees
from bot.hub.git.bare import Bare
from bot.hub.refusal import Refused, invalid, not_found
from bot.hub.render.git_objects import content as content_body
from bot.hub.render.git_objects import git_commit
from bot.hub.rest.call import Answer, Call, Route
from bot.hub.state.repositories import Repository

LARGEST_INLINE = 1024 * 1024
"""Bytes up to which a file's content comes inside the JSON; the REST description says so."""


def get(call: Call) -> Answer:
    """A file with its content in base64 (or raw by media type), or the entries of a folder."""
    repo, path = call.repository("contents"), call.args.get("path", "").strip("/")
    bare, ref = call.world.store.bare(repo), call.query.get("ref") or repo.default_branch
    sha = bare.find_commit(ref)
    if sha is None:
        raise Refused(404, f"No commit found for the ref {ref}")
    entry = trees.entry_at(bare, sha, path)
    if entry is None or entry.sha is None:
        raise not_found()
    if entry.type == "tree":
        prefix = f"{path}/" if path else ""
        inner = [
            trees.Entry(f"{prefix}{one.path}", one.mode, one.type, one.sha, one.size)
            for one in trees.entries(bare, entry.sha)
        ]
        return Answer(200, [content_body(call.view, repo, one, ref) for one in inner])
    if "raw" in call.accept:
        text = trees.blob(bare, entry.sha).decode(errors="replace")
        return Answer(200, text=text, content_type="application/vnd.github.v3.raw; charset=utf-8")
    return Answer(200, _file(call, repo, bare, entry, ref))


def _file(call: Call, repo: Repository, bare: Bare, entry: trees.Entry, ref: str) -> Json:
    body = content_body(call.view, repo, entry, ref)
    if entry.type != "blob" or entry.sha is None:
        return body
    small = (entry.size or 0) <= LARGEST_INLINE
    encoded = base64.encodebytes(trees.blob(bare, entry.sha)).decode() if small else ""
    return body | {"encoding": "base64" if small else "none", "content": encoded}


def put(call: Call) -> Answer:
    """Create or replace a file by a commit on a branch."""
    repo, path = call.repository("contents", "write", "write"), call.args["path"]
    fields, bare = call.fields("Content"), call.world.store.bare(repo)
    branch = fields.optional_text("branch") or repo.default_branch
    try:
        data = base64.b64decode(fields.text("content").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise invalid("Content", "content", "invalid", "content is not valid Base64") from wrong
    old = _current(call, repo, branch, path)
    files.expect_blob(old.sha if old else None, fields.optional_text("sha"))
    sha = files.commit(
        call.world, call.actor, repo, branch, {path: data}, fields.text("message"), _author(call, fields)
    )
    entry = trees.entry_at(bare, sha, path)
    body = {
        "content": content_body(call.view, repo, entry, branch) if entry else None,
        "commit": git_commit(call.view, repo, history.commit(bare, sha)),
    }
    return Answer(200 if old else 201, body)


def delete(call: Call) -> Answer:
    """Remove a file by a commit on a branch."""
    repo, path = call.repository("contents", "write", "write"), call.args["path"]
    fields, bare = call.fields("Content"), call.world.store.bare(repo)
    branch = fields.optional_text("branch") or repo.default_branch
    old = _current(call, repo, branch, path)
    if old is None:
        raise not_found()
    files.expect_blob(old.sha, fields.optional_text("sha"))
    sha = files.commit(
        call.world, call.actor, repo, branch, {path: None}, fields.text("message"), _author(call, fields)
    )
    return Answer(200, {"content": None, "commit": git_commit(call.view, repo, history.commit(bare, sha))})


def _current(call: Call, repo: Repository, branch: str, path: str) -> trees.Entry | None:
    tip = call.world.store.tip(repo, branch)
    return trees.entry_at(call.world.store.bare(repo), tip, path) if tip else None


def _author(call: Call, fields: Fields) -> history.Signature | None:
    given = fields.part("author") or fields.part("committer")
    return history.Signature(given.text("name"), given.text("email"), call.world.now()) if given else None


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/contents", get),
    Route("GET", "/repos/<owner>/<repo>/contents/", get),
    Route("GET", "/repos/<owner>/<repo>/contents/<path:path>", get),
    Route("PUT", "/repos/<owner>/<repo>/contents/<path:path>", put),
    Route("DELETE", "/repos/<owner>/<repo>/contents/<path:path>", delete),
)
