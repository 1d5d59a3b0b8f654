"""A worker that is killed in the middle leaves nothing that stops the next one."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from bot.adapters.git.git import GitCommandLine
from bot.adapters.sandbox.box_uids import BoxUids
from bot.core.pulls import RepoRef
from bot.hub import Fault, Hub
from bot.ids import InstallationId, RepoId, Sha
from tests.adapters.git.origin import NoTokens, wait_until

WORKER = """
import sys
from pathlib import Path
from bot.adapters.git.git import GitCommandLine
from bot.adapters.sandbox.box_uids import BoxUids
from bot.core.pulls import RepoRef
from tests.adapters.git.origin import NoTokens
state, url, head = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
GitCommandLine(state, lambda repo: url, NoTokens(), BoxUids(state)).fetch(RepoRef(1, 7, "ada", "text"), [head])
"""


def is_locked(lock_file: Path) -> bool:
    descriptor = os.open(lock_file, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def test_killed_during_a_fetch(hub: Hub, tmp_path: Path) -> None:
    repo = hub.create_repository("ada/text", files={"README.md": "# text\n"})
    head = Sha(str(hub.store.bare(repo).commit_id("refs/heads/main")))
    hub.faults.add(Fault("latency", method="POST", path="git-upload-pack", seconds=1.0))
    state, lock = tmp_path / "state", tmp_path / "state" / "mirrors" / "7.lock"
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(state), repo.clone_url, head])
    try:
        wait_until(lambda: hub.faults.rules() == (), "the worker's git is in the middle of its fetch")
    finally:
        worker.kill()
        worker.wait()
    assert is_locked(lock), "the worker's git lives on, and so does its lock"
    git = GitCommandLine(state, lambda ref: repo.clone_url, NoTokens(), BoxUids(state))
    ref = RepoRef(InstallationId(1), RepoId(7), "ada", "text")
    git.fetch(ref, [head])
    assert git.read(ref, git.tree(ref, head), "README.md") == b"# text\n"
    assert not is_locked(lock)
