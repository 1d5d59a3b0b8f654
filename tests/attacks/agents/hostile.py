"""Pull requests made by hand, object by object, as a hostile client would push them."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from bot.hub.state.issues import Issue
from tests.support.stage import Stage

FILE, LINK, SUBMODULE = "100644", "120000", "160000"


@dataclass(frozen=True)
class Entry:
    """`content` is a file's bytes, a link's target or a submodule's commit."""

    path: bytes
    content: bytes
    mode: str = FILE


def plant(stage: Stage, branch: str, entries: Sequence[Entry]) -> str:
    """A commit on top of `main` with these entries, written into the hub's repository; its SHA."""
    ref = b"refs/heads/" + branch.encode()  # also the message, so that no two heads are one commit
    lines = [b"commit " + ref, b"committer ada <ada@example.com> 1700000000 +0000", b"data %d" % len(ref), ref]
    lines.append(b"from refs/heads/main^0")
    for entry in entries:
        path = quoted(entry.path)
        if entry.mode == SUBMODULE:
            lines.append(b"M 160000 " + entry.content + b" " + path)
        else:
            lines += [f"M {entry.mode} inline ".encode() + path, b"data %d" % len(entry.content), entry.content]
    _git(stage, ["fast-import", "--quiet", "--force"], b"\n".join(lines) + b"\n")
    return _git(stage, ["rev-parse", f"refs/heads/{branch}"]).decode().strip()


def propose(stage: Stage, branch: str, title: str) -> Issue:
    """Open the pull request for what was planted."""
    stage.hub.notice_pushes(stage.repo, "ada")
    return stage.hub.open_pull_request(stage.repo, branch, title, "ada")


def quoted(path: bytes) -> bytes:
    """As fast-import reads any bytes."""
    return (
        b'"'
        + b"".join(b"\\%03o" % byte if byte < 33 or byte > 126 or byte in b'"\\' else bytes([byte]) for byte in path)
        + b'"'
    )


def _git(stage: Stage, words: Sequence[str], said: bytes = b"") -> bytes:
    done = subprocess.run(["git", "-C", str(stage.repo.path), *words], input=said, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout
