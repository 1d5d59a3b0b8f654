"""What comes in from the remote: commits by their id, and the question where a branch stands."""

from collections.abc import Sequence

from bot.adapters.git.commandline import Access, GitProgram
from bot.adapters.git.faults import is_not_offered, remote_fault
from bot.adapters.git.mirrors import Mirrors
from bot.adapters.git.names import branch_ref, commit_id
from bot.errors import NotThere
from bot.ids import RepoId, Sha

FETCH_SECONDS = 900.0
"""The first fetch of a repository with 68,000 commits took 20 s on loopback; a slow line may take forty times that."""

LOOK_SECONDS = 60.0
"""Asking for one ref is a single small request."""

_QUIET_FETCH = (
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
    "--no-show-forced-updates",
    "--refmap=",
)


class Fetches:
    """Brings objects into the mirrors."""

    def __init__(self, program: GitProgram, mirrors: Mirrors) -> None:
        self._program = program
        self._mirrors = mirrors

    def missing(self, repo_id: RepoId, commits: Sequence[Sha]) -> tuple[Sha, ...]:
        """Those of the commits that are not yet in the mirror with all their history."""
        unique = tuple(dict.fromkeys(commit_id(one) for one in commits))
        kept = self._mirrors.kept(repo_id, "commits", unique)
        return tuple(one for one in unique if one not in kept)

    def bring(self, repo_id: RepoId, url: str, access: Access, commits: Sequence[Sha], names: Sequence[str]) -> None:
        """The commits are in the mirror; `access.fds` holds its lock. `names` are remote refs to look in when ids are not served.

        Raises `NotThere`, `Unsafe` (fsck), `Transient`, `Refused`.
        """
        ended = self._fetch(repo_id, url, access, [f"{one}:refs/bot/commits/{one}" for one in commits])
        if ended is None:
            return
        if not is_not_offered(ended):
            raise remote_fault("fetch", ended)
        for name in names:
            failed = self._fetch(repo_id, url, access, [f"+{name}:refs/bot/seen/{name.removeprefix('refs/')}"])
            if failed is not None and not is_not_offered(failed):
                raise remote_fault("fetch", failed)
        for one in commits:
            self._adopt(repo_id, access, one, names)

    def branch_head(self, repo_id: RepoId, url: str, access: Access, branch: str) -> Sha | None:
        """Where the remote's branch stands, asked afresh; None when there is none."""
        ref = branch_ref(branch)
        directory = self._mirrors.directory(repo_id)
        ended = self._program.run(
            directory, ["ls-remote", "--quiet", "--", url, ref], access=access, seconds=LOOK_SECONDS
        )
        if ended.code:
            raise remote_fault("ls-remote", ended.err)
        for line in ended.out.decode("utf-8", "replace").splitlines():
            object_id, _, name = line.partition("\t")
            if name == ref:
                return commit_id(object_id)
        return None

    def _fetch(self, repo_id: RepoId, url: str, access: Access, refspecs: Sequence[str]) -> str | None:
        arguments = [*_QUIET_FETCH, "--", url, *refspecs]
        ended = self._mirrors.run_locked(repo_id, arguments, access, FETCH_SECONDS)
        return ended.err or "git fetch failed without a word" if ended.code else None

    def _adopt(self, repo_id: RepoId, access: Access, commit: Sha, names: Sequence[str]) -> None:
        directory = self._mirrors.directory(repo_id)
        for name in names:
            seen = f"refs/bot/seen/{name.removeprefix('refs/')}"
            if self._program.run(directory, ["merge-base", "--is-ancestor", commit, seen]).code == 0:
                ref = f"refs/bot/commits/{commit}"
                self._mirrors.run_locked(repo_id, ["update-ref", ref, commit], Access(fds=access.fds), LOOK_SECONDS)
                return
        raise NotThere(
            f"the remote does not have commit {commit}", hint="it may have been force-pushed away or deleted"
        )
