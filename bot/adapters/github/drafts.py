"""Ending a pull request's being a draft, which only GraphQL can."""

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.graphql import GraphQL
from bot.adapters.github.tokens import Purpose
from bot.core.pulls import RepoRef
from bot.ids import PrNumber

READY = (
    "mutation($input: MarkPullRequestReadyForReviewInput!) "
    "{ markPullRequestReadyForReview(input: $input) { pullRequest { id isDraft } } }"
)


def mark_ready(client: Client, graphql: GraphQL, repo: RepoRef, number: PrNumber) -> None:
    """The pull request is no draft any more; one that is none is left alone."""

    def attempt() -> None:
        pull = Body(client.read(repo, repo_path(repo, "pulls", number)).data)
        if pull.flag("draft"):
            graphql.change(repo, READY, {"pullRequestId": pull.text("node_id")}, purpose=Purpose.TALK)

    client.until_clear(attempt)
