"""The addresses of the pages, from the root of the hub."""

from urllib.parse import quote

from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Repository


def of_repository(repo: Repository) -> str:
    """A repository's front page."""
    return f"/{quote(repo.owner)}/{quote(repo.name)}"


def of_issue(repo: Repository, issue: Issue, part: str = "") -> str:
    """An issue or a pull request, or one of its parts: `commits`, `files`, `checks`."""
    kind = "issues" if issue.pull is None else "pull"
    return f"{of_repository(repo)}/{kind}/{issue.number}{f'/{part}' if part else ''}"


def of_commit(repo: Repository, sha: str) -> str:
    """A commit."""
    return f"{of_repository(repo)}/commit/{quote(sha)}"


def of_blob(repo: Repository, ref: str, path: str, line: int | None = None) -> str:
    """A file at a branch, tag or commit; with a line, that line of its source."""
    plain = "?plain=1" if line else ""
    return f"{of_repository(repo)}/blob/{quote(ref)}/{quote(path)}{plain}{f'#L{line}' if line else ''}"


def of_tree(repo: Repository, ref: str, path: str = "") -> str:
    """A folder."""
    return f"{of_repository(repo)}/tree/{quote(ref)}{f'/{quote(path)}' if path else ''}"


def of_history(repo: Repository, ref: str) -> str:
    """The commits of a branch."""
    return f"{of_repository(repo)}/commits/{quote(ref)}"


def of_run(repo: Repository, run_id: int) -> str:
    """A check run."""
    return f"{of_repository(repo)}/runs/{run_id}"
