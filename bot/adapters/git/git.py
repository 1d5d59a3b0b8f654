"""The port `Git` on the git command line (2.39 or newer)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.git import commits, merges, packs, trees
from bot.adapters.git.checkouts import BoxUidSource, Checkouts
from bot.adapters.git.commandline import Access, GitProgram
from bot.adapters.git.credentials import Credentials
from bot.adapters.git.fetches import Fetches
from bot.adapters.git.mirrors import Mirrors
from bot.adapters.git.names import branch_ref, commit_id
from bot.adapters.git.pushes import Pushes
from bot.adapters.git.remotes import Remote, remote_at
from bot.adapters.git.snapshots import Snapshots
from bot.core.ports import Authorship, ChangedFile, Checkout, Merged, Tokens, TreeEntry
from bot.core.pulls import RepoRef
from bot.errors import Unsafe
from bot.ids import PrNumber, Sha, TreeSha


class GitCommandLine:
    """Bare mirrors below `state_dir/mirrors`, checkouts below `state_dir/w`. May be shared by threads, `state_dir` by processes.

    `remote_url(repo)` is `https://HOST/OWNER/NAME.git`, `http://` on loopback (the hub), or the absolute path of a local
    repository; never with a secret in it. `uids.lease()` gives each checkout's owner when we are root (`BoxUids`).
    """

    def __init__(
        self, state_dir: Path, remote_url: Callable[[RepoRef], str], tokens: Tokens, uids: BoxUidSource
    ) -> None:
        # Git runs in its own directories, where a relative path would lead elsewhere.
        state_dir = state_dir.absolute()
        self._home = state_dir / "git"
        self._remote_url = remote_url
        self._tokens = tokens
        self._program = GitProgram(self._home)
        self._credentials = Credentials(self._home)
        self._mirrors = Mirrors(state_dir / "mirrors", self._program)
        self._fetches = Fetches(self._program, self._mirrors)
        self._pushes = Pushes(self._program, self._mirrors, self._fetches)
        self._checkouts = Checkouts(state_dir, self._program, self._mirrors, uids)
        self._snapshots = Snapshots(self._program, self._mirrors)

    def fetch(
        self, repo: RepoRef, commits: Sequence[Sha], *, pull: PrNumber | None = None, branch: str | None = None
    ) -> None:
        """See the port. Nothing is asked of the remote when the mirror has the commits already."""
        names = [f"refs/pull/{int(pull)}/head"] if pull is not None else []
        names += [branch_ref(branch)] if branch is not None else []
        self._ready(repo)
        if not self._fetches.missing(repo.repo_id, commits):
            return
        with (
            self._mirrors.locked(repo.repo_id) as lock,
            self._access(repo, write=False, inherited=(lock,)) as (remote, access),
        ):
            missing = self._fetches.missing(repo.repo_id, commits)
            if missing:
                self._fetches.bring(repo.repo_id, remote.url, access, missing, names)

    def missing(self, repo: RepoRef, commits: Sequence[Sha]) -> tuple[Sha, ...]:
        self._ready(repo)
        return self._fetches.missing(repo.repo_id, commits)

    def has_tree(self, repo: RepoRef, tree: TreeSha) -> bool:
        return packs.has_tree(self._program, self._ready(repo), tree)

    def branch_head(self, repo: RepoRef, branch: str) -> Sha | None:
        self._ready(repo)
        with self._access(repo, write=False) as (remote, access):
            return self._fetches.branch_head(repo.repo_id, remote.url, access, branch)

    def merge_base(self, repo: RepoRef, a: Sha, b: Sha) -> Sha:
        return commits.merge_base(self._program, self._ready(repo), a, b)

    def tree(self, repo: RepoRef, commit: Sha) -> TreeSha:
        return commits.tree_of(self._program, self._ready(repo), commit)

    def entries(self, repo: RepoRef, tree: TreeSha) -> tuple[TreeEntry, ...]:
        return trees.entries(self._program, self._ready(repo), tree)

    def read(self, repo: RepoRef, tree: TreeSha, path: str, *, limit: int = 1_048_576) -> bytes | None:
        return trees.read(self._program, self._ready(repo), tree, path, limit)

    def contents(self, repo: RepoRef, wanted: Sequence[TreeEntry], *, limit: int = 1_048_576) -> Mapping[str, bytes]:
        return trees.contents(self._program, self._ready(repo), wanted, limit)

    def changed(self, repo: RepoRef, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]:
        return trees.changed(self._program, self._ready(repo), old, new)

    def diff(self, repo: RepoRef, old: TreeSha, new: TreeSha) -> str:
        return trees.diff(self._program, self._ready(repo), old, new)

    def with_files(self, repo: RepoRef, tree: TreeSha, put: Mapping[str, TreeEntry], drop: Sequence[str]) -> TreeSha:
        """See the port. A path that is in both `drop` and `put` is put."""
        return trees.with_files(self._program, self._ready(repo), tree, put, drop)

    def with_text(self, repo: RepoRef, tree: TreeSha, path: str, text: str) -> TreeSha:
        return trees.with_text(self._program, self._ready(repo), tree, path, text)

    def merge(self, repo: RepoRef, base: TreeSha, ours: TreeSha, theirs: TreeSha) -> Merged:
        merged = merges.merge(self._program, self._ready(repo), base, ours, theirs)
        if merged.conflicts:  # somebody works on it for a while before anything refers to it
            self._mirrors.keep(repo.repo_id, "trees", merged.tree)
        return merged

    def checkout(self, repo: RepoRef, tree: TreeSha, name: str) -> Checkout:
        """See the port. Contents are the blobs' bytes: no line ends, no filters. Gitlinks become empty folders."""
        self._ready(repo)
        checkout = self._checkouts.make(repo.repo_id, name)
        try:
            self._snapshots.start(checkout, tree)
        except BaseException:
            self._checkouts.discard(checkout)
            raise
        return checkout

    def snapshot(self, checkout: Checkout) -> TreeSha:
        """See the port. No command may be running in the checkout. Raises `Unsafe` for what no tree of ours may hold."""
        return self._snapshots.take(checkout)

    def changed_in(self, checkout: Checkout, old: TreeSha, new: TreeSha) -> tuple[ChangedFile, ...]:
        return trees.changed(self._program, checkout.git_dir, old, new)

    def put_back(self, checkout: Checkout, paths: Sequence[str]) -> tuple[str, ...]:
        return self._snapshots.put_back(checkout, paths)

    def bundle(self, checkout: Checkout, snapshot: TreeSha, base: TreeSha) -> bytes:
        return self._snapshots.bundle(checkout, snapshot, base)

    def restore(self, checkout: Checkout, snapshot: TreeSha, bundle: bytes) -> None:
        self._snapshots.restore(checkout, snapshot, bundle)

    def keep_snapshot(self, checkout: Checkout, snapshot: TreeSha) -> TreeSha:
        return self._snapshots.keep(checkout, snapshot)

    def pack(self, repo: RepoRef, commit: Sha, beyond: Sha, *, limit: int) -> bytes:
        return packs.pack_commit(self._program, self._ready(repo), commit, beyond, limit)

    def unpack(self, repo: RepoRef, commit: Sha, pack: bytes) -> None:
        directory = self._ready(repo)
        packs.unpack(self._program, directory, pack)
        if not packs.has_commit(self._program, directory, commit):
            raise Unsafe(f"the pack does not hold the commit {commit}", hint="what is stored of the run is damaged")
        self._mirrors.keep(repo.repo_id, "commits", commit)

    def discard(self, checkout: Checkout) -> None:
        """The checkout, its git directory and its uid are given back; fine when they already were."""
        self._checkouts.discard(checkout)

    def discard_abandoned(self) -> int:
        """For the worker's start: remove what dead processes left behind; says how many checkouts that were."""
        self._mirrors.sweep()
        return self._checkouts.discard_abandoned()

    def close(self) -> None:
        """Let go of this process's checkouts without removing them; another process may then take their names over."""
        self._checkouts.close()

    def commit(self, repo: RepoRef, tree: TreeSha, parents: Sequence[Sha], message: str, author: Authorship) -> Sha:
        sha = commits.commit(self._program, self._ready(repo), tree, parents, message, author)
        self._mirrors.keep(repo.repo_id, "commits", sha)
        return sha

    def push(self, repo: RepoRef, commit: Sha, branch: str, *, expected: Sha | None) -> None:
        """See the port. Only ever forward: a commit that does not contain `expected` is `Refused`."""
        for given in (commit, expected):
            if given is not None:
                commit_id(given)
        branch_ref(branch)
        self._ready(repo)
        with self._access(repo, write=True) as (remote, access):
            self._pushes.push(repo.repo_id, remote.url, access, commit, branch, expected)

    def _ready(self, repo: RepoRef) -> Path:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._mirrors.directory(repo.repo_id)

    @contextmanager
    def _access(
        self, repo: RepoRef, *, write: bool, inherited: tuple[int, ...] = ()
    ) -> Iterator[tuple[Remote, Access]]:
        remote = remote_at(self._remote_url(repo))
        token = None if remote.protocol == "file" else self._tokens.git_token(repo, write=write)
        with self._credentials.access(remote, token, inherited) as access:
            yield remote, access
