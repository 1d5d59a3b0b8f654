"""Commits, refs, trees, blobs, files and diffs."""

import base64

from bot.hub.fields import Json
from bot.hub.git import diffs, history, trees
from bot.hub.git.bare import Bare
from bot.hub.render.accounts import maybe_user
from bot.hub.render.view import View, in_path, stamp
from bot.hub.state.repositories import Repository
from bot.hub.state.store import node_id

UNSIGNED: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def signature(who: history.Signature) -> Json:
    """Author or committer inside a commit."""
    return {"name": who.name, "email": who.email, "date": stamp(who.when)}


def account_of(view: View, email: str) -> Json | None:
    """The account that owns a no-reply address, or null."""
    number = email.partition("+")[0]
    if not email.endswith("@users.noreply.github.com") or not number.isdigit():
        return None
    return maybe_user(view, int(number))


def commit(view: View, repository: Repository, one: history.Commit) -> Json:
    """A commit in lists and inside other bodies."""
    api = f"{view.repo(repository)}/commits/{one.sha}"
    return {
        "sha": one.sha,
        "node_id": node_id("C", int(one.sha[:15], 16)),
        "commit": {
            "author": signature(one.author),
            "committer": signature(one.committer),
            "message": one.message,
            "tree": {"sha": one.tree, "url": f"{view.repo(repository)}/git/trees/{one.tree}"},
            "url": f"{view.repo(repository)}/git/commits/{one.sha}",
            "comment_count": 0,
            "verification": _verification(view, one.sha),
        },
        "url": api,
        "html_url": f"{view.page(repository)}/commit/{one.sha}",
        "comments_url": f"{api}/comments",
        "author": account_of(view, one.author.email),
        "committer": account_of(view, one.committer.email),
        "parents": _parents(view, repository, one, "commits"),
    }


def full_commit(view: View, repository: Repository, bare: Bare, one: history.Commit) -> Json:
    """A commit's own page, with what it changed against its first parent."""
    changed = diffs.changes(bare, one.parents[0] if one.parents else diffs.EMPTY_TREE, one.sha)
    plus, minus = sum(c.additions for c in changed), sum(c.deletions for c in changed)
    return commit(view, repository, one) | {
        "stats": {"additions": plus, "deletions": minus, "total": plus + minus},
        "files": [file_change(view, repository, one.sha, change) for change in changed],
    }


def git_commit(view: View, repository: Repository, one: history.Commit) -> Json:
    """A commit as a git object."""
    return {
        "sha": one.sha,
        "node_id": node_id("C", int(one.sha[:15], 16)),
        "url": f"{view.repo(repository)}/git/commits/{one.sha}",
        "html_url": f"{view.page(repository)}/commit/{one.sha}",
        "author": signature(one.author),
        "committer": signature(one.committer),
        "message": one.message,
        "tree": {"sha": one.tree, "url": f"{view.repo(repository)}/git/trees/{one.tree}"},
        "parents": _parents(view, repository, one, "git/commits"),
        "verification": _verification(view, one.sha),
    }


def _verification(view: View, sha: str) -> Json:
    """Only what the hub signed itself is verified; a signature of somebody's own is not looked at."""
    if sha not in view.store.signed:
        return UNSIGNED
    return {"verified": True, "reason": "valid", "signature": "the hub's", "payload": sha, "verified_at": None}


def _parents(view: View, repository: Repository, one: history.Commit, kind: str) -> list[Json]:
    return [
        {
            "sha": sha,
            "url": f"{view.repo(repository)}/{kind}/{sha}",
            "html_url": f"{view.page(repository)}/commit/{sha}",
        }
        for sha in one.parents
    ]


def ref(view: View, repository: Repository, name: str, sha: str, kind: str = "commit") -> Json:
    """A ref; its address says `refs`, also where `ref` was asked for."""
    tail = "tags" if kind == "tag" else "commits"
    return {
        "ref": name,
        "node_id": node_id("REF", int(sha[:15], 16)),
        "url": f"{view.repo(repository)}/git/{in_path(name)}",
        "object": {"type": kind, "sha": sha, "url": f"{view.repo(repository)}/git/{tail}/{sha}"},
    }


def tree(view: View, repository: Repository, sha: str, entries: tuple[trees.Entry, ...]) -> Json:
    """A tree."""
    rows = []
    for entry in entries:
        row: Json = {"path": entry.path, "mode": entry.mode, "type": entry.type, "sha": entry.sha}
        if entry.type == "blob":
            row["size"] = entry.size or 0
        if entry.type != "commit":
            row["url"] = f"{view.repo(repository)}/git/{entry.type}s/{entry.sha}"
        rows.append(row)
    return {"sha": sha, "url": f"{view.repo(repository)}/git/trees/{sha}", "tree": rows, "truncated": False}


def blob(view: View, repository: Repository, sha: str, content: bytes) -> Json:
    """A blob, in base64."""
    return {
        "sha": sha,
        "node_id": node_id("B", int(sha[:15], 16)),
        "size": len(content),
        "url": f"{view.repo(repository)}/git/blobs/{sha}",
        "content": base64.encodebytes(content).decode(),
        "encoding": "base64",
    }


def content(view: View, repository: Repository, entry: trees.Entry, ref_name: str) -> Json:
    """An entry of a folder listing, without its content."""
    api = f"{view.repo(repository)}/contents/{in_path(entry.path)}?ref={in_path(ref_name)}"
    kind = {"blob": "file", "tree": "dir", "commit": "submodule"}[entry.type]
    page = f"{view.page(repository)}/{'tree' if kind == 'dir' else 'blob'}/{in_path(ref_name)}/{in_path(entry.path)}"
    git = f"{view.repo(repository)}/git/{'trees' if kind == 'dir' else 'blobs'}/{entry.sha}"
    raw = f"{view.page(repository)}/raw/{in_path(ref_name)}/{in_path(entry.path)}"
    return {
        "name": entry.path.rsplit("/", 1)[-1],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": api,
        "html_url": page,
        "git_url": git,
        "download_url": raw if kind == "file" else None,
        "type": kind,
        "_links": {"self": api, "git": git, "html": page},
    }


def file_change(view: View, repository: Repository, head: str, change: diffs.FileChange) -> Json:
    """One file of a diff."""
    path = in_path(change.path)
    body: Json = {
        "sha": change.blob,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{view.page(repository)}/blob/{head}/{path}",
        "raw_url": f"{view.page(repository)}/raw/{head}/{path}",
        "contents_url": f"{view.repo(repository)}/contents/{path}?ref={head}",
    }
    if change.previous_path is not None:
        body["previous_filename"] = change.previous_path
    if change.patch is not None:
        body["patch"] = change.patch
    return body


def push_commit(view: View, repository: Repository, bare: Bare, one: history.Commit) -> Json:
    """A commit in a push event."""
    changed = diffs.outline(bare, one.parents[0] if one.parents else diffs.EMPTY_TREE, one.sha)
    return {
        "id": one.sha,
        "tree_id": one.tree,
        "distinct": True,
        "message": one.message,
        "timestamp": one.committer.when.isoformat(),
        "url": f"{view.page(repository)}/commit/{one.sha}",
        "author": _push_author(one.author),
        "committer": _push_author(one.committer),
        "added": [c.path for c in changed if c.status == "added"],
        "removed": [c.path for c in changed if c.status == "removed"],
        "modified": [c.path for c in changed if c.status not in ("added", "removed")],
    }


def _push_author(who: history.Signature) -> Json:
    return {"name": who.name, "email": who.email, "date": who.when.isoformat()}


def simple_commit(one: history.Commit) -> Json:
    """A commit in a check suite."""
    return {
        "id": one.sha,
        "tree_id": one.tree,
        "message": one.message,
        "timestamp": stamp(one.committer.when),
        "author": {"name": one.author.name, "email": one.author.email},
        "committer": {"name": one.committer.name, "email": one.committer.email},
    }
