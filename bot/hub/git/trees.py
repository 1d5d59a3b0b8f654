"""Blobs, trees and commits made without a work tree."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.hub.git.bare import Bare
from bot.hub.git.history import Signature


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree. `sha` None removes the path when a tree is made from another."""

    path: str
    mode: str
    type: str
    sha: str | None
    size: int | None = None


def entries(bare: Bare, tree: str, recursive: bool = False) -> tuple[Entry, ...]:
    """What stands in a tree, with full paths when recursive (then with the trees themselves too, as GitHub lists them)."""

    def ask() -> tuple[Entry, ...]:
        out = bare.text("ls-tree", "-z", "-l", *(["-r", "-t"] if recursive else []), tree)
        found = []
        for row in out.split("\0"):
            if row:
                head, _, path = row.partition("\t")
                mode, kind, sha, size = head.split()
                found.append(Entry(path, mode, kind, sha, int(size) if size.isdigit() else None))
        return tuple(found)

    return bare.remember(("entries", tree, recursive), ask)


def entry_at(bare: Bare, commit: str, path: str) -> Entry | None:
    """The entry at a path of a commit, or None; the root is a tree without a path."""
    if not path:
        return Entry("", "040000", "tree", bare.text("rev-parse", f"{commit}^{{tree}}"))
    out = bare.text("--literal-pathspecs", "ls-tree", "-z", "-l", commit, "--", path)
    row = out.split("\0", 1)[0]
    if not row:
        return None
    head, _, found = row.partition("\t")
    mode, kind, sha, size = head.split()
    return Entry(found, mode, kind, sha, int(size) if size.isdigit() else None)


def blob(bare: Bare, sha: str) -> bytes:
    """The bytes of a blob. Raises GitFailed if there is none."""
    return bare.remember(("blob", sha), lambda: bare.run("cat-file", "blob", sha)[1])


def write_blob(bare: Bare, content: bytes) -> str:
    """Store bytes; the blob's id."""
    return bare.text("hash-object", "-w", "--stdin", stdin=content)


def write_tree(bare: Bare, base: str | None, changes: Sequence[Entry]) -> str:
    """A tree made from `base` (a tree or a commit; None: from nothing) with entries set or removed; its id."""
    with tempfile.TemporaryDirectory(prefix="hub-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        if base is not None:
            bare.run("read-tree", base, environment=index)
        rows = []
        for entry in changes:
            if entry.sha is None:
                rows.append(f"0 {'0' * 40}\t{entry.path}")
            elif entry.type == "tree":
                rows += [
                    f"{inner.mode} {inner.sha}\t{entry.path}/{inner.path}"
                    for inner in entries(bare, entry.sha, recursive=True)
                    if inner.type != "tree"
                ]
            else:
                rows.append(f"{entry.mode} {entry.sha}\t{entry.path}")
        if rows:
            bare.run("update-index", "-z", "--index-info", stdin="\0".join([*rows, ""]).encode(), environment=index)
        return bare.text("write-tree", environment=index)


def write_commit(
    bare: Bare, tree: str, parents: Sequence[str], message: str, author: Signature, committer: Signature
) -> str:
    """A commit of a tree; its id."""
    environment = {
        "GIT_AUTHOR_NAME": author.name,
        "GIT_AUTHOR_EMAIL": author.email,
        "GIT_AUTHOR_DATE": author.when.isoformat(),
        "GIT_COMMITTER_NAME": committer.name,
        "GIT_COMMITTER_EMAIL": committer.email,
        "GIT_COMMITTER_DATE": committer.when.isoformat(),
    }
    flags = [flag for parent in parents for flag in ("-p", parent)]
    return bare.text("commit-tree", tree, *flags, "-F", "-", stdin=message.encode(), environment=environment)


def commit_files(
    bare: Bare,
    onto: tuple[str, str | None],
    files: Mapping[str, bytes | None],
    message: str,
    author: Signature,
    committer: Signature | None = None,
) -> str:
    """Commit files (None removes one) to a branch on top of a parent, `onto` being branch and parent; the commit's id.

    Raises GitFailed when the branch is no longer at the parent. Modes of files that were there are kept. The author commits, unless
    somebody else is named.
    """
    branch, parent = onto
    modes = {one.path: one.mode for one in entries(bare, parent, recursive=True)} if parent and files else {}
    if not branch.isprintable() or " " in branch:
        raise ValueError("a branch's name has no blanks and no control characters")
    names = f"author {_signed(author)}\ncommitter {_signed(committer or author)}\n"
    stream = [f"commit refs/heads/{branch}\nmark :1\n{names}".encode(), _data(message.encode())]
    if parent is not None:
        stream.append(f"from {parent}\n".encode())
    for path, content in files.items():
        quoted = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        if content is None:
            stream.append(f"D {quoted}\n".encode())
        else:
            stream += [f"M {modes.get(path, '100644')} inline {quoted}\n".encode(), _data(content)]
    return bare.text("fast-import", "--quiet", stdin=b"".join([*stream, b"get-mark :1\n"]))


def _signed(who: Signature) -> str:
    name, email = (re.sub(r"[<>\n\0]", "", text) for text in (who.name, who.email))
    return f"{name} <{email}> {int(who.when.timestamp())} +0000"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
