"""Reading repositories, pull requests and files, as small values of our own."""

import base64
import binascii
from urllib.parse import quote

from bot.adapters.github.answers import Body, bodies
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.limits import Unprocessable
from bot.adapters.github.tokens import Purpose, TokenKey
from bot.core.pulls import Person, PullDraft, PullRequest, RepoRef, Repository
from bot.errors import NotThere, Refused, Transient, Unsafe
from bot.ids import InstallationId, PrNumber, RepoId, Sha, UserId

LARGEST_FILE = 1_048_576
"""What the contents API gives with its answer (GitHub docs, repository contents); configuration and specs are far smaller."""


def repository(client: Client, installation: InstallationId, repo_id: RepoId) -> Repository:
    """The repository's facts by its id, so that a renamed one is found under its new name."""
    body = Body(client.read_as(TokenKey(installation, repo_id, Purpose.READ), f"/repositories/{repo_id}").data)
    if body.number("id") != repo_id:
        raise NotThere(f"repository {repo_id} is not what GitHub answers for", hint="")
    return Repository(
        ref=RepoRef(installation, repo_id, body.object("owner").text("login"), body.text("name")),
        default_branch=body.text("default_branch"),
        private=body.flag("private"),
        html_url=body.text("html_url"),
    )


def pull_request(client: Client, repo: RepoRef, number: PrNumber) -> PullRequest:
    """The pull request as it stands now."""
    return _pull(repo, Body(client.read(repo, repo_path(repo, "pulls", number)).data))


def open_pull_requests(client: Client, repo: RepoRef) -> tuple[PullRequest, ...]:
    """Every open pull request. One that was opened or closed while the pages were read may be there twice or be missing; each
    number is given once."""
    asked = {"state": "open", "sort": "created", "direction": "asc"}
    found = client.pages(repo, repo_path(repo, "pulls"), parameters=asked)
    return tuple({pull.number: pull for pull in (_pull(repo, body) for body in found)}.values())


def pull_request_from(client: Client, repo: RepoRef, branch: str, state: str = "all") -> PullRequest | None:
    """The newest pull request from a branch of the repository itself; None when there is none in that state."""
    asked = {"state": state, "head": f"{repo.owner}:{branch}", "sort": "created", "direction": "desc", "per_page": "10"}
    found = bodies(client.read(repo, repo_path(repo, "pulls"), parameters=asked).data)
    pulls = (_pull(repo, body) for body in found)
    return next((pull for pull in pulls if pull.head_ref == branch and not pull.from_fork), None)


def open_pull_request(client: Client, repo: RepoRef, draft: PullDraft) -> PullRequest:
    """The open pull request from the draft's branch, made unless there is one."""

    def attempt() -> PullRequest:
        found = pull_request_from(client, repo, draft.head_ref, "open")
        if found is not None:
            return found
        wanted: dict[str, str | bool] = {
            "title": draft.title,
            "head": draft.head_ref,
            "base": draft.base_ref,
            "body": draft.body,
            "draft": True,
        }
        path = repo_path(repo, "pulls")
        try:
            return _pull(repo, client.write(repo, "POST", path, purpose=Purpose.OPEN, body=wanted))
        except Unprocessable as fault:  # some plans of GitHub have no drafts in private repositories
            if "draft" not in fault.message.lower():
                raise
        return _pull(repo, client.write(repo, "POST", path, purpose=Purpose.OPEN, body={**wanted, "draft": False}))

    return client.until_clear(attempt)


def edit_pull_request(client: Client, repo: RepoRef, number: PrNumber, body: str) -> None:
    """The pull request has this body."""
    path, wanted = repo_path(repo, "pulls", number), {"body": body}
    client.until_clear(lambda: client.write(repo, "PATCH", path, purpose=Purpose.OPEN, body=wanted))


def file(client: Client, repo: RepoRef, path: str, ref: str) -> bytes | None:
    """A file's content at a branch or SHA; None when there is none. Larger than `LARGEST_FILE`: `Refused`."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise Unsafe(f"no path inside a repository: {path[:120]!r}", hint="")
    try:
        data = client.read(repo, repo_path(repo, "contents", *parts), parameters={"ref": ref}).data
    except NotThere:
        return None
    if isinstance(data, list):
        return None
    body = Body(data)
    if body.text_or("type") != "file":
        return None
    if body.number("size") > LARGEST_FILE or body.text_or("encoding") != "base64":
        raise Refused(f"{path} is larger than 1 MiB", hint="make it smaller")
    try:
        return base64.b64decode(body.text("content"))
    except binascii.Error:
        raise Transient(f"GitHub's answer for {path} is damaged", hint="it is tried again later") from None


def bot_user(body: Body) -> Person:
    """An account of GitHub's user endpoint."""
    return Person(UserId(body.number("id")), body.text("login"), is_bot=body.text_or("type") == "Bot")


def user_path(login: str) -> str:
    return f"/users/{quote(login, safe='')}"


def _pull(repo: RepoRef, body: Body) -> PullRequest:
    head, base = body.object("head"), body.object("base")
    if base.object("repo").number("id") != repo.repo_id:
        raise NotThere(f"{repo.full_name} is another repository by now", hint="it is read afresh by its id")
    head_repo = head.maybe("repo")
    author = body.maybe("user")
    return PullRequest(
        repo=repo,
        number=PrNumber(body.number("number")),
        title=body.text_or("title"),
        body=body.text_or("body"),
        is_open=body.text("state") == "open",
        merged=body.flag("merged") or body.text_or("merged_at") != "",
        draft=body.flag("draft"),
        head_sha=Sha(head.text("sha")),
        head_ref=head.text("ref"),
        head_repo_id=None if head_repo is None else RepoId(head_repo.number("id")),
        base_sha=Sha(base.text("sha")),
        base_ref=base.text("ref"),
        author=Person(UserId(0), "ghost") if author is None else bot_user(author),
        html_url=body.text("html_url"),
    )
