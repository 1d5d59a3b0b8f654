"""GraphQL through our client: what its errors mean, on the hub and on servers that are unwell."""

import pytest

from bot.adapters.github.graphql import GraphQL, Stale
from bot.adapters.github.limits import Unclear
from bot.adapters.github.tokens import Purpose
from bot.errors import GitHubLimited, NotThere, Refused, SpecbotError
from bot.hub import Fault
from tests.adapters.github.conftest import World

VIEWER = "{ viewer { login } }"
COMMIT = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }"
READY = "mutation($input: MarkPullRequestReadyForReviewInput!) { markPullRequestReadyForReview(input: $input) { pullRequest { isDraft } } }"


def graphql(world: World) -> GraphQL:
    return world.github.graphql


def commit(world: World, head: str) -> dict[str, object]:
    return {
        "branch": {"repositoryNameWithOwner": world.repo.full_name, "branchName": world.pull.head_ref},
        "expectedHeadOid": head,
        "message": {"headline": "Add it"},
        "fileChanges": {"additions": [{"path": "it.txt", "contents": "aXQK"}]},
    }


def test_a_query_gives_its_data_and_survives_one_broken_answer(world: World) -> None:
    world.hub.faults.add(Fault("reset_before", path="graphql"))
    data = graphql(world).ask(world.repo, VIEWER, {}, purpose=Purpose.READ)
    assert data.object("viewer").text("login") == world.app.slug


def test_a_mutation_is_made_and_a_moved_branch_is_told_apart(world: World) -> None:
    made = graphql(world).change(world.repo, COMMIT, commit(world, world.pull.head_sha), purpose=Purpose.PUSH)
    assert len(made.object("createCommitOnBranch").object("commit").text("oid")) == 40
    with pytest.raises(Stale):
        graphql(world).change(world.repo, COMMIT, commit(world, world.pull.head_sha), purpose=Purpose.PUSH)


@pytest.mark.parametrize(
    ("given", "purpose", "error"),
    [({"pullRequestId": "PR_none"}, Purpose.TALK, NotThere), ({"pullRequestId": "PR_none"}, Purpose.PUSH, NotThere)],
)
def test_what_is_not_there(world: World, given: dict[str, str], purpose: Purpose, error: type[SpecbotError]) -> None:
    with pytest.raises(error):
        graphql(world).change(world.repo, READY, given, purpose=purpose)


def test_a_token_without_the_right_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="not accessible"):
        graphql(world).change(world.repo, COMMIT, commit(world, world.pull.head_sha), purpose=Purpose.TALK)


def test_a_write_without_an_answer_is_unclear_and_not_repeated(world: World) -> None:
    world.hub.faults.add(Fault("reset_after", path="graphql"))
    with pytest.raises(Unclear):
        graphql(world).change(world.repo, COMMIT, commit(world, world.pull.head_sha), purpose=Purpose.PUSH)
    assert len([one for one in world.hub.journal.writes() if one.path.endswith("graphql")]) >= 1


def test_a_limit_is_a_limit(world: World) -> None:
    world.hub.faults.add(Fault("secondary_limit", path="graphql", retry_after=7))
    with pytest.raises(GitHubLimited):
        graphql(world).change(world.repo, COMMIT, commit(world, world.pull.head_sha), purpose=Purpose.PUSH)
