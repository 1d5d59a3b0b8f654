"""Issues with their conversation, and taking a label off."""

from urllib.parse import quote

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.pulls import bot_user
from bot.adapters.github.tokens import Purpose
from bot.core.pulls import Issue, IssueComment, Person, RepoRef
from bot.errors import NotThere
from bot.ids import PrNumber, UserId


def issue(client: Client, repo: RepoRef, number: PrNumber) -> Issue:
    """The issue (or a pull request's conversation) with all its comments, oldest first."""
    body = Body(client.read(repo, repo_path(repo, "issues", number)).data)
    comments = client.pages(repo, repo_path(repo, "issues", number, "comments"))
    return Issue(
        repo=repo,
        number=PrNumber(body.number("number")),
        title=body.text_or("title"),
        body=body.text_or("body"),
        author=_author(body),
        is_open=body.text("state") == "open",
        is_pull_request=body.has("pull_request"),
        html_url=body.text("html_url"),
        comments=tuple(
            IssueComment(_author(comment), comment.text_or("body"), comment.time("created_at")) for comment in comments
        ),
    )


def remove_label(client: Client, repo: RepoRef, number: PrNumber, label: str) -> None:
    """The issue does not have the label; fine when it never had."""
    path = f"{repo_path(repo, 'issues', number, 'labels')}/{quote(label, safe='')}"
    try:
        client.until_clear(lambda: client.delete(repo, path, purpose=Purpose.TALK))
    except NotThere:
        return


def _author(body: Body) -> Person:
    author = body.maybe("user")
    return Person(UserId(0), "ghost") if author is None else bot_user(author)
