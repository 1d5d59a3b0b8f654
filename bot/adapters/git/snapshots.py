"""A checkout's files as a tree, and back again.

Git never looks at the checkout. We walk it ourselves, compare each file's stamp with the last snapshot's, and hand git only the
bytes of what changed; so nothing that lies there (attributes, filters, nested repositories) has any say, and when nothing changed
no process is started at all.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.adapters.git import folders, ignores, packs, trees, written
from bot.adapters.git.checkout_state import (
    RULES,
    Base,
    Known,
    State,
    forget_state,
    load_state,
    store_base,
    store_state,
)
from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.mirrors import Mirrors
from bot.adapters.git.names import new_path, tree_id
from bot.adapters.git.walk import Found, Walked, read_found, walk
from bot.core.ports import Checkout, TreeEntry
from bot.errors import Unsafe
from bot.ids import TreeSha

MAX_FILE_BYTES = 100 << 20
"""GitHub refuses larger files (GitHub documentation, "About large files on GitHub")."""

MAX_CHANGED_BYTES = 256 << 20
"""What an agent may change between two snapshots: it is held in memory and stored with the turn."""

RACY_NS = 50_000_000
"""A file that changed this shortly before it was seen could change again within one tick of the file clock (10 ms at HZ=100) and
look the same; it is read again the next time."""

_GITLINK = "160000"


@dataclass(frozen=True, slots=True)
class _Change:
    """All files of the new snapshot, and how they differ from the last one's."""

    files: dict[str, Known]
    put: dict[str, Known]
    drop: list[str]
    contents: dict[str, bytes]


class Snapshots:
    """Snapshots of checkouts; their objects lie in the private git directories until they are kept."""

    def __init__(self, program: GitProgram, mirrors: Mirrors) -> None:
        self._program = program
        self._mirrors = mirrors

    def start(self, checkout: Checkout, tree: TreeSha) -> None:
        """Lay `tree` out in the new, empty checkout; from now on it is the base whose ignore rules hold."""
        entries = trees.entries(self._program, checkout.git_dir, tree)
        ignores.lay_out_rules(self._program, checkout.git_dir, checkout.git_dir / RULES, entries)
        store_base(checkout, tree, entries)
        self._lay_out(checkout, tree, entries)

    def take(self, checkout: Checkout) -> TreeSha:
        """The checkout's files as a tree. Raises `Unsafe` for what no tree may hold, `NotThere` for an unfinished checkout."""
        state = load_state(checkout)
        base = Base(checkout, state.files)
        ignored = set(state.ignored)
        started = time.time_ns()
        walked = walk(checkout.path, lambda path: _is_pruned(path, base, ignored))
        self._ignore_new(checkout, state, base, walked, ignored)
        change = _compare(checkout, state, base, walked, ignored, started)
        remembered = _outermost(ignored)
        if change.files == state.files and remembered == state.ignored:
            return state.tree
        tree = self._write(checkout, state, change)
        store_state(checkout, State(tree, change.files, remembered))
        return tree

    def bundle(self, checkout: Checkout, snapshot: TreeSha, base: TreeSha) -> bytes:
        """A thin pack with what `snapshot` has beyond `base`."""
        return packs.pack(self._program, checkout.git_dir, snapshot, base)

    def restore(self, checkout: Checkout, snapshot: TreeSha, bundle: bytes) -> None:
        """The checkout holds exactly `snapshot`; its base stays. Raises `NotThere` when the mirror lacks what the bundle builds on."""
        packs.unpack(self._program, checkout.git_dir, bundle)
        entries = trees.entries(self._program, checkout.git_dir, snapshot)
        forget_state(checkout)
        folders.empty(checkout.path)
        self._lay_out(checkout, snapshot, entries)

    def put_back(self, checkout: Checkout, paths: Sequence[str]) -> tuple[str, ...]:
        """See the port. What has to make way is removed: a folder where a file was, a file or link where a folder was. An empty folder
        stays for a gitlink."""
        wanted = set(paths)
        base = Base(checkout).tree
        entries = [e for e in trees.entries(self._program, checkout.git_dir, base) if e.path in wanted]
        filled = [entry for entry in entries if entry.mode != _GITLINK]
        folders.lay_over(checkout.path, entries, trees.blobs(self._program, checkout.git_dir, filled), checkout.box_uid)
        return tuple(sorted(entry.path for entry in entries))

    def keep(self, checkout: Checkout, snapshot: TreeSha) -> TreeSha:
        """The snapshot's objects are in the mirror, checked there, and kept alive by a ref."""
        mirror = self._mirrors.directory(checkout.repo_id)
        if not self._mirrors.kept(checkout.repo_id, "trees", [tree_id(snapshot)]):
            packs.unpack(self._program, mirror, self.bundle(checkout, snapshot, Base(checkout).tree))
            self._mirrors.keep(checkout.repo_id, "trees", snapshot)
        return snapshot

    def _lay_out(self, checkout: Checkout, tree: TreeSha, entries: Sequence[TreeEntry]) -> None:
        filled = [entry for entry in entries if entry.mode != _GITLINK]
        contents = trees.blobs(self._program, checkout.git_dir, filled)
        laid = folders.lay_out(checkout.path, entries, contents, checkout.box_uid)
        trusted_before = time.time_ns() - RACY_NS
        known = {
            entry.path: Known(
                laid[entry.path].stamp
                if entry.mode != _GITLINK and laid[entry.path].changed_ns < trusted_before
                else "",
                entry.mode,
                entry.blob,
            )
            for entry in entries
        }
        store_state(checkout, State(tree, known, frozenset()))

    def _ignore_new(self, checkout: Checkout, state: State, base: Base, walked: Walked, ignored: set[str]) -> None:
        """Add to `ignored` what git's rules or our own leave out among the files that were never seen before."""
        fresh = [path for path in walked.files if path not in state.files and path not in ignored]
        asked = []
        for path in (path for path in fresh if not base.tracks(path)):
            if ignores.is_rubbish(path):
                ignored.add(path)
            else:
                asked.append(path)
        if not asked:
            return
        asked += [f"{folder}/" for folder in walked.folders if not base.tracks_folder(folder)]
        ignored |= ignores.ignored(self._program, checkout.git_dir, checkout.git_dir / RULES, asked)

    def _write(self, checkout: Checkout, state: State, change: _Change) -> TreeSha:
        """The changed tree, written with its blobs by a single process: an agent waits for it after each turn that changed something."""
        if not change.put and not change.drop:
            return state.tree  # only what we know of the files has changed
        before = written.folders(state.files)
        if before.root != state.tree:  # trees of an old tool: only git knows the ids of what did not change
            packs.unpack(self._program, checkout.git_dir, written.pack(change.contents.values(), ()))
            put = {path: TreeEntry(path, now.mode, now.blob, 0) for path, now in change.put.items()}
            return trees.with_files(self._program, checkout.git_dir, state.tree, put, change.drop)
        for path in change.put:
            new_path(path)
        after = written.changed_folders(before, change.files, [*change.put, *change.drop])
        packs.unpack(self._program, checkout.git_dir, written.pack(change.contents.values(), after.built))
        return tree_id(after.root)


def _compare(checkout: Checkout, state: State, base: Base, walked: Walked, ignored: set[str], started: int) -> _Change:
    files = _standing_gitlinks(state, walked)
    contents: dict[str, bytes] = {}
    held = 0
    for path, found in walked.files.items():
        if path in ignored:
            continue
        old = state.files.get(path)
        if old is None and not base.tracks(path):
            new_path(path)
        files[path], content = _known_now(checkout, path, found, old, started)
        if content is not None:
            contents[files[path].blob] = content
            held += len(content)
        if held > MAX_CHANGED_BYTES:
            raise Unsafe(f"more than {MAX_CHANGED_BYTES} bytes changed", hint="remove what was built or downloaded")
    return _Change(
        files,
        {path: now for path, now in files.items() if not _same(state.files.get(path), now)},
        [path for path in state.files if path not in files],
        contents,
    )


def _known_now(
    checkout: Checkout, path: str, found: Found, old: Known | None, started: int
) -> tuple[Known, bytes | None]:
    """The file as it is now, and its content when git has not got it from the last snapshot."""
    if old is not None and old.stamp == found.stamp:
        return old, None
    content = read_found(checkout.path, path, found.mode, MAX_FILE_BYTES)
    blob = hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
    stamp = found.stamp if found.changed_ns < started - RACY_NS else ""
    return Known(stamp, found.mode, blob), None if old is not None and old.blob == blob else content


def _same(old: Known | None, now: Known) -> bool:
    return old is not None and (old.mode, old.blob) == (now.mode, now.blob)


def _standing_gitlinks(state: State, walked: Walked) -> dict[str, Known]:
    """Gitlinks stay as long as their folder stands empty; files in it replace them."""
    links = {path: known for path, known in state.files.items() if known.mode == _GITLINK}
    if not links:
        return {}
    filled = {folder for path in walked.files for folder in _folders_above(path)}
    standing = set(walked.folders)
    return {path: known for path, known in links.items() if path in standing and path not in filled}


def _outermost(ignored: set[str]) -> frozenset[str]:
    """Without what lies below an ignored folder: that folder is not entered again."""
    return frozenset(
        path
        for path in ignored
        if not any(f"{folder}/" in ignored for folder in _folders_above(path.removesuffix("/")))
    )


def _folders_above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _is_pruned(path: str, base: Base, ignored: set[str]) -> bool:
    if f"{path}/" in ignored:
        return True
    if ignores.in_rubbish_folder(path) and not base.tracks_folder(path):
        ignored.add(f"{path}/")
        return True
    return False
