"""A repository's front page, folders, files and history."""

from collections import Counter
from dataclasses import dataclass, replace

from werkzeug.wrappers import Response

from bot.hub.git import diffs, history, trees
from bot.hub.git.bare import Bare
from bot.hub.git.trees import Entry
from bot.hub.pages import addresses
from bot.hub.pages.check_view import latest, run_view
from bot.hub.pages.conversation import commit_line, references
from bot.hub.pages.diff_view import file_views
from bot.hub.pages.markdown import rendered
from bot.hub.pages.visit import Visit
from bot.hub.refusal import not_found
from bot.hub.state.repositories import Repository

README = ("readme.md", "readme.markdown", "readme.txt", "readme")
"""What is shown below a folder's list, the first that is there."""

MOST_BYTES = 512 * 1024
"""Of a file that is shown; larger pages are heavy for a browser."""

MOST_COMMITS = 250
"""Commits on a history page; as many as GitHub's list of a pull request."""

MARKDOWN = (".md", ".markdown")
ROWS_OF_ENTRIES = {"tree": 0, "commit": 1}


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a path with the path up to it."""

    name: str
    path: str


def home(visit: Visit) -> Response:
    """All repositories."""
    store = visit.store
    open_pulls = Counter(one.repository_id for one in store.issues if one.state == "open" and one.pull is not None)
    return visit.page("home.html", rows=[(repo, open_pulls[repo.id]) for repo in store.repositories])


def front(visit: Visit) -> Response:
    """A repository: its files on the default branch and its README."""
    repo = visit.repository()
    sha = visit.bare().find_commit(repo.default_branch)
    if sha is None:
        return visit.page("empty.html", repo=repo, tab="code")
    return _folder(visit, repo, repo.default_branch, sha, "")


def tree(visit: Visit) -> Response:
    """A folder at a branch, tag or commit."""
    ref, path = visit.found_ref()
    return _folder(visit, visit.repository(), ref, visit.commit(ref), path)


def _folder(visit: Visit, repo: Repository, ref: str, sha: str, path: str) -> Response:
    bare = visit.bare()
    entry = trees.entry_at(bare, sha, path)
    if entry is None or entry.type != "tree" or entry.sha is None:
        raise not_found()
    entries = sorted(trees.entries(bare, entry.sha), key=lambda one: (ROWS_OF_ENTRIES.get(one.type, 2), one.path))
    known = replace(references(visit, repo), folder=addresses.of_blob(repo, ref, path).rstrip("/"))
    readme = next((one for name in README for one in entries if one.path.lower() == name and one.type == "blob"), None)
    text = _text(bare, readme) if readme else None
    commit = commit_line(visit, repo, history.commit(bare, sha))
    return visit.page(
        "tree.html",
        repo=repo,
        tab="code",
        ref=ref,
        path=path,
        steps=_steps(path),
        entries=entries,
        commit=commit,
        branches=_branches(visit, repo),
        readme_name=readme.path if readme else "",
        readme=rendered(text, "file", known) if text is not None and readme and _is_markdown(readme.path) else None,
        readme_plain=text if readme and not _is_markdown(readme.path) else None,
    )


def blob(visit: Visit) -> Response:
    """A file with its lines numbered; Markdown as its reader sees it, unless `?plain=1`."""
    ref, path = visit.found_ref()
    repo, bare, sha = visit.repository(), visit.bare(), visit.commit(ref)
    entry = trees.entry_at(bare, sha, path) if path else None
    if entry is None or entry.type != "blob":
        raise not_found()
    text = _text(bare, entry)
    shown_as_text = visit.query("plain") == "1" or not _is_markdown(path)
    known = replace(references(visit, repo), folder=addresses.of_blob(repo, ref, path).rpartition("/")[0])
    html = None if shown_as_text or text is None else rendered(text, "file", known)
    return visit.page(
        "blob.html",
        repo=repo,
        tab="code",
        ref=ref,
        path=path,
        steps=_steps(path),
        entry=entry,
        html=html,
        is_markdown=_is_markdown(path),
        lines=None if text is None else text.removesuffix("\n").split("\n"),
    )


def commits(visit: Visit) -> Response:
    """The history of a branch."""
    repo, ref = visit.repository(), visit.argument("rest").strip("/")
    found = history.log(visit.bare(), f"-{MOST_COMMITS}", visit.commit(ref))
    return visit.page(
        "history.html", repo=repo, tab="code", ref=ref, commits=[commit_line(visit, repo, one) for one in found]
    )


def commit(visit: Visit) -> Response:
    """A commit: its message, its checks, its diff against its first parent."""
    repo, bare = visit.repository(), visit.bare()
    sha = bare.commit_id(visit.argument("sha")) if _is_hex(visit.argument("sha")) else None
    if sha is None:
        raise not_found()
    found = history.commit(bare, sha)
    parent = found.parents[0] if found.parents else diffs.EMPTY_TREE
    known = references(visit, repo)
    return visit.page(
        "commit.html",
        repo=repo,
        tab="code",
        line=commit_line(visit, repo, found),
        files=file_views(diffs.changes(bare, parent, sha)),
        sha=sha,
        runs=[run_view(visit.store, run, known) for run in latest(visit.store, repo, sha)],
    )


def _text(bare: Bare, entry: Entry) -> str | None:
    """The file's text; None when it is too large or no text."""
    if entry.sha is None or (entry.size or 0) > MOST_BYTES:
        return None
    data = trees.blob(bare, entry.sha)
    return None if b"\0" in data else data.decode(errors="replace")


def _steps(path: str) -> list[Step]:
    parts = path.split("/") if path else []
    return [Step(part, "/".join(parts[: n + 1])) for n, part in enumerate(parts)]


def _branches(visit: Visit, repo: Repository) -> list[str]:
    known = visit.store.known_refs.get(repo.id, {})
    return sorted(ref.removeprefix("refs/heads/") for ref in list(known) if ref.startswith("refs/heads/"))


def _is_markdown(path: str) -> bool:
    return path.lower().endswith(MARKDOWN)


def _is_hex(text: str) -> bool:
    return 4 <= len(text) <= 40 and all(letter in "0123456789abcdef" for letter in text)
