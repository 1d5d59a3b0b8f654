"""Moving a remote branch forward: by id, only from where it is expected to stand, never by force."""

import re

from bot.adapters.git.commandline import Access, Ended, GitProgram
from bot.adapters.git.commits import is_ancestor
from bot.adapters.git.faults import plain, remote_fault
from bot.adapters.git.fetches import Fetches
from bot.adapters.git.mirrors import Mirrors
from bot.adapters.git.names import branch_ref, commit_id
from bot.errors import LeaseLost, Refused, SpecbotError, Transient
from bot.ids import RepoId, Sha

PUSH_SECONDS = 300.0
"""An agent's commits are small; GitHub runs its own checks on them for up to a minute."""

_WITHOUT_HOOKS = "--receive-pack=git -c core.hooksPath=/dev/null -c core.alternateRefsCommand=true -c receive.autogc=false receive-pack"
"""For a local clone: its hooks may be files of the work tree (husky and the like), and those may be the pull request's."""

_REFUSED = re.compile(r"^!\t[^\t]*\t\[(?P<kind>[a-z ]+)\]\s*(?P<why>.*)$", re.MULTILINE)
_RACED = re.compile(r"(?i)stale info|cannot lock ref|failed to (?:update|lock)|fetch first|internal server error")
_REMOTE_WORDS = re.compile(r"^remote: ?(.*)$", re.MULTILINE)


class Pushes:
    """Publishes commits of the mirrors."""

    def __init__(self, program: GitProgram, mirrors: Mirrors, fetches: Fetches) -> None:
        self._program = program
        self._mirrors = mirrors
        self._fetches = fetches

    def push(self, repo_id: RepoId, url: str, access: Access, commit: Sha, branch: str, expected: Sha | None) -> None:
        """The remote's `branch` is at `commit`; see the port. After an unclear answer the remote is asked what happened."""
        ref, directory = branch_ref(branch), self._mirrors.directory(repo_id)
        if self._landed(repo_id, url, access, commit, branch, expected):
            return
        if expected is not None and not is_ancestor(self._program, directory, expected, commit):
            raise Refused(f"{commit} does not contain {expected}", hint="a branch is only ever moved forward")
        lease = f"--force-with-lease={ref}:{expected or ''}"
        local = (_WITHOUT_HOOKS,) if access.protocol == "file" else ()
        options = ["push", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", *local, lease]
        ended = self._program.run(
            directory, [*options, "--", url, f"{commit_id(commit)}:{ref}"], access=access, seconds=PUSH_SECONDS
        )
        if ended.code and not self._landed(repo_id, url, access, commit, branch, expected):
            raise _fault(ended)

    def _landed(
        self, repo_id: RepoId, url: str, access: Access, commit: Sha, branch: str, expected: Sha | None
    ) -> bool:
        stands = self._fetches.branch_head(repo_id, url, access, branch)
        if stands == commit:
            return True
        if stands != expected:
            raise LeaseLost(
                f"{branch} stands at {stands or 'nothing'}, not at {expected or 'nothing'}",
                hint="somebody pushed; their push wins",
            )
        return False


def _fault(ended: Ended) -> SpecbotError:
    refused = _REFUSED.search(ended.out.decode("utf-8", "replace"))
    if refused is None:
        return remote_fault("push", ended.err)
    words = [refused["why"].strip("() "), *_REMOTE_WORDS.findall(ended.err)]
    said = plain("\n".join(word.strip() for word in words if word.strip()))
    if _RACED.search(refused["why"]):
        return Transient(f"the push met another one: {said}", hint="try again")
    return Refused(f"the server refused the push: {said}", hint="mend what the server names, or allow it to the App")
