"""Reading and making trees in a git directory, without a work tree and without an index that lasts."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.names import MODES, blob_id, new_path, path_fault, raw, safe_path, text, tree_id
from bot.core.ports import ChangedFile, ChangeKind, TreeEntry
from bot.errors import NotThere, Unsafe
from bot.ids import TreeSha

MAX_ENTRIES = 200_000
"""Seven times the largest repository measured (28,600 files); a tree bomb has millions."""

MAX_LISTING_BYTES = 64 << 20
"""`MAX_ENTRIES` with more than 300 bytes each, so that a tree bomb is cut off after a second or two."""

MAX_DIFF_BYTES = 64 << 20
"""GitHub itself shows no diff above 20,000 lines; whoever reads ours cuts it much shorter."""

BATCH_BYTES = 64 << 20
"""How many bytes of files are held in memory at once while a tree is laid out."""

_NOBODY = "0" * 40
_REGULAR = ("100644", "100755")


def entries(program: GitProgram, git_dir: Path, tree: TreeSha) -> tuple[TreeEntry, ...]:
    """All files below the tree in git's order. Raises `NotThere`, `Unsafe` for hostile names, double names or too many files."""
    command = ["ls-tree", "-r", "-z", "-l", "--full-tree", tree_id(tree)]
    listing = program.check(git_dir, command, limit=MAX_LISTING_BYTES)
    if listing.count(b"\0") > MAX_ENTRIES:
        raise Unsafe(f"the tree has more than {MAX_ENTRIES} files", hint="Specbot does not work on trees that large")
    found = tuple(_entry(line) for line in listing.split(b"\0")[:-1])
    if len({entry.path for entry in found}) != len(found):
        raise Unsafe("the tree names a file twice", hint="make the commit anew with git itself")
    return found


def read(program: GitProgram, git_dir: Path, tree: TreeSha, path: str, limit: int) -> bytes | None:
    """A regular file's bytes; None when there is none. Raises `Unsafe` above `limit` bytes, `NotThere` without the tree."""
    name = raw(path)
    if path_fault(name):
        return None
    literal = {"GIT_LITERAL_PATHSPECS": "1"}
    command = ["ls-tree", "-z", "-l", "--full-tree", tree_id(tree), "--", text(name)]
    for line in program.check(git_dir, command, environment=literal).split(b"\0")[:-1]:
        facts, _, found = line.partition(b"\t")
        mode, _, blob, size = facts.decode().split()
        if found != name or mode not in _REGULAR:
            continue
        if int(size) > limit:
            raise Unsafe(f"{path} has {size} bytes, more than {limit}", hint="make the file smaller")
        return program.check(git_dir, ["cat-file", "blob", blob])
    return None


def contents(program: GitProgram, git_dir: Path, wanted: Sequence[TreeEntry], limit: int) -> dict[str, bytes]:
    """The bytes of the regular files among `wanted`, by path. Raises `Unsafe` when one has more than `limit` bytes, `NotThere`."""
    regular = [entry for entry in wanted if entry.mode in _REGULAR]
    for entry in regular:
        if entry.size > limit:
            raise Unsafe(f"{entry.path} has {entry.size} bytes, more than {limit}", hint="make the file smaller")
    return dict(zip((entry.path for entry in regular), blobs(program, git_dir, regular), strict=True))


def blobs(program: GitProgram, git_dir: Path, wanted: Sequence[TreeEntry]) -> Iterator[bytes]:
    """The contents of the entries in their order, `BATCH_BYTES` at a time. Raises `NotThere`."""
    batch: list[TreeEntry] = []
    size = 0
    for entry in wanted:
        if batch and size + entry.size > BATCH_BYTES:
            yield from _batch(program, git_dir, batch)
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield from _batch(program, git_dir, batch)


def changed(program: GitProgram, git_dir: Path, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]:
    """One entry for each path that differs. Gitlinks are shown like files. Raises `Unsafe` for hostile names on the new side."""
    command = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--ignore-submodules=none"]
    said = program.check(git_dir, [*command, tree_id(old), tree_id(new), "--"], limit=MAX_LISTING_BYTES)
    fields = said.split(b"\0")[:-1]
    return tuple(_change(facts.decode(), path) for facts, path in zip(fields[::2], fields[1::2], strict=True))


def diff(program: GitProgram, git_dir: Path, old: TreeSha, new: TreeSha) -> str:
    """A unified diff with three lines of context and renames, decoded with replacement. Raises `Unsafe` when it is too large."""
    command = ["diff-tree", "-r", "-p", "-M", "-l1000", "--unified=3", "--no-color", "--no-ext-diff", "--no-textconv"]
    prefixes = ["--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=none", "--submodule=short", "--full-index"]
    said = program.check(git_dir, [*command, *prefixes, tree_id(old), tree_id(new), "--"], limit=MAX_DIFF_BYTES)
    return said.decode("utf-8", "replace")


def with_files(
    program: GitProgram, git_dir: Path, tree: TreeSha, put: Mapping[str, TreeEntry], drop: Sequence[str]
) -> TreeSha:
    """`tree` without the files of `drop` and with those of `put` at the paths that are its keys.

    Raises `NotThere` for unknown objects, `Unsafe` for paths or modes that we do not write.
    """
    lines = [b"0 " + _NOBODY.encode() + b"\t" + raw(path) + b"\0" for path in drop]
    for path, entry in put.items():
        if entry.mode not in MODES:
            raise Unsafe(f"{path!r} has the mode {entry.mode!r}", hint="only files, links and gitlinks are known")
        lines.append(f"{entry.mode} {blob_id(entry.blob)}\t".encode() + raw(new_path(path)) + b"\0")
    if not lines:
        return tree_id(tree)
    with tempfile.TemporaryDirectory(prefix="index-", dir=git_dir) as folder:
        private = {"GIT_INDEX_FILE": f"{folder}/index"}
        program.check(git_dir, ["read-tree", tree_id(tree)], environment=private)
        program.check(git_dir, ["update-index", "-z", "--index-info"], stdin=b"".join(lines), environment=private)
        return tree_id(program.check(git_dir, ["write-tree"], environment=private).decode().strip())


def with_text(program: GitProgram, git_dir: Path, tree: TreeSha, path: str, text: str) -> TreeSha:
    """`tree` with a regular file at `path`. Raises as `with_files`."""
    data = text.encode("utf-8", "replace")
    said = program.check(git_dir, ["hash-object", "-w", "-t", "blob", "--no-filters", "--stdin"], stdin=data)
    entry = TreeEntry(path, _REGULAR[0], said.decode().strip(), len(data))
    return with_files(program, git_dir, tree, {path: entry}, ())


def _entry(line: bytes) -> TreeEntry:
    facts, _, path = line.partition(b"\t")
    mode, _, blob, size = facts.decode().split()
    return TreeEntry(safe_path(path), mode, blob, 0 if size == "-" else int(size))


def _change(facts: str, path: bytes) -> ChangedFile:
    old_mode, new_mode, _, blob, status = facts.removeprefix(":").split()
    kind = ChangeKind(status[:1])
    name = text(path) if kind is ChangeKind.DELETED else new_path(safe_path(path))
    return ChangedFile(kind, name, old_mode, new_mode, blob)


def _batch(program: GitProgram, git_dir: Path, batch: Sequence[TreeEntry]) -> Iterator[bytes]:
    asked = "".join(f"{entry.blob}\n" for entry in batch).encode()
    room = sum(entry.size + 100 for entry in batch)
    said = memoryview(program.check(git_dir, ["cat-file", "--batch", "--buffer"], stdin=asked, limit=room))
    at = 0
    for entry in batch:
        head = f"{entry.blob} blob {entry.size}\n".encode()
        if said[at : at + len(head)] != head:
            raise NotThere(f"the content of {entry.path!r} is not here", hint="fetch the commit first")
        at += len(head)
        yield bytes(said[at : at + entry.size])
        at += entry.size + 1
