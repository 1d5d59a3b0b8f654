"""Every place where a whole run leaves traces, as text: what the model was sent, what GitHub shows, the databases, argv, git's configuration."""

import json
import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.stage import Stage

BODIES = {("deliveries", "body"), ("agents", "snapshot_bundle")}
"""Columns that hold what others gave us as it is: GitHub's deliveries, and the agent's files in git's packed form."""


def prompts(stage: Stage) -> str:
    return "\n".join(json.dumps(seen.body, ensure_ascii=False) for seen in stage.model.requests)


def shown(stage: Stage, numbers: Sequence[int]) -> str:
    """All that stands on GitHub because of us: comments, reviews, checks, commit messages, names of branches and files."""
    parts: list[str] = []
    hub, repo, ours = stage.hub, stage.repo, stage.app.bot_user.id
    for issue in (hub.issue(repo, number) for number in numbers):
        parts += [comment.body for comment in hub.comments(repo, issue.number) if comment.author_id == ours]
        if issue.pull is not None:
            parts += [repr(review) for review in hub.reviews(repo, issue.number)]
            parts += [repr(comment) for comment in hub.review_comments(repo, issue.number)]
    for head in git(stage, "rev-list", "--all").split():
        parts += [repr(check) for check in hub.check_runs(repo, head)]
    parts.append(git(stage, "for-each-ref", "--format=%(refname)"))
    parts.append(
        git(
            stage,
            "log",
            "--all",
            f"--author={stage.app.bot_user.login}",
            "--fixed-strings",
            "-p",
            "--format=%an %ae %B",
        )
    )
    return "\n".join(parts)


def git(stage: Stage, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(stage.repo.path), *words], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def stored(stage: Stage) -> dict[str, str]:
    """Each text of each database by its place; blobs too, when they are no bodies of others."""
    found: dict[str, str] = {}
    for path in (stage.root / "state").glob("*.db"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                cursor = database.execute(f'select rowid, * from "{table}"')
                names = [column[0] for column in cursor.description]
                for row in cursor:
                    for name, value in zip(names[1:], row[1:], strict=True):
                        if isinstance(value, str | bytes) and (table, name) not in BODIES:
                            text = value if isinstance(value, str) else value.decode("utf-8", "replace")
                            found[f"{path.name} {table}.{name} {row[0]}"] = text
    return found


def git_settings(stage: Stage) -> str:
    """Every file called `config` or `FETCH_HEAD` below the bot's state."""
    return "\n".join(
        path.read_text(errors="replace")
        for path in (stage.root / "state").rglob("*")
        if path.name in ("config", "config.worktree", "FETCH_HEAD") and path.is_file()
    )


@dataclass
class Argv:
    """Every command line that was seen while it was watched."""

    seen: set[bytes] = field(default_factory=set)

    def look(self) -> None:
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                try:
                    self.seen.add(Path(entry.path, "cmdline").read_bytes())
                except OSError:
                    continue

    @property
    def text(self) -> str:
        return "\n".join(line.decode("utf-8", "replace") for line in self.seen)


@contextmanager
def watched() -> Iterator[Argv]:
    """Look at the process table all the time."""
    argv, over = Argv(), threading.Event()

    def watch() -> None:
        while not over.wait(0.005):
            argv.look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield argv
    finally:
        over.set()
        thread.join()
