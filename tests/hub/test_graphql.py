"""GraphQL of the hub: threads, drafts and signed commits, by the real grammar and with REST's permissions."""

import base64
from typing import Any, cast

from bot.hub.state.store import node_id
from tests.hub.site import Client, Site

THREADS = """
query($number: Int!, $after: String) {
  repository(owner: "ada", name: "text") { pullRequest(number: $number) { id isDraft reviewThreads(first: 1, after: $after) {
    totalCount nodes { id isResolved path line comments(first: 10) { nodes { fullDatabaseId body author { login } } } }
    pageInfo { hasNextPage endCursor } } } }
}
"""
RESOLVE = "mutation($input: ResolveReviewThreadInput!) { resolveReviewThread(input: $input) { thread { isResolved resolvedBy { login } } } }"
COMMIT = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid signature { isValid } } ref { name target { oid } } }
}
"""


def ask(client: Client, query: str, **variables: object) -> dict[str, Any]:
    url = client.base.removesuffix("/v3") + "/graphql"
    answer = client("POST", url, {"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return cast(dict[str, Any], answer.json())


def remark(site: Site, line: int, login: str = "wen") -> int:
    body = {"path": "new.txt", "line": line, "side": "RIGHT", "body": f"of line {line}", "commit_id": site.head}
    made = cast(dict[str, Any], site.user(login).ok("POST", f"{site.path}/pulls/1/comments", body))
    return int(made["id"])


def commit(
    site: Site, client: Client, files: dict[str, str], head: str = "", gone: tuple[str, ...] = ()
) -> dict[str, Any]:
    given = {
        "branch": {"repositoryNameWithOwner": "ada/text", "branchName": "topic"},
        "expectedHeadOid": head or site.head,
        "message": {"headline": "Add d", "body": "Because."},
        "fileChanges": {
            "additions": [{"path": p, "contents": base64.b64encode(t.encode()).decode()} for p, t in files.items()],
            "deletions": [{"path": path} for path in gone],
        },
    }
    return ask(client, COMMIT, input=given)


def test_threads_are_listed_page_by_page_and_resolved(site: Site) -> None:
    one, two = remark(site, 1), remark(site, 2)
    site.user("ada").ok("POST", f"{site.path}/pulls/1/comments/{one}/replies", {"body": "yes"})
    found = ask(site.bot(), THREADS, number=1)["data"]["repository"]["pullRequest"]["reviewThreads"]
    assert found["totalCount"] == 2
    [thread] = found["nodes"]
    assert [said["body"] for said in thread["comments"]["nodes"]] == ["of line 1", "yes"]
    assert thread["comments"]["nodes"][0]["fullDatabaseId"] == str(one)
    assert found["pageInfo"]["hasNextPage"]
    rest = ask(site.bot(), THREADS, number=1, after=found["pageInfo"]["endCursor"])
    [other] = rest["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert other["comments"]["nodes"][0]["fullDatabaseId"] == str(two)

    done = ask(site.bot(), RESOLVE, input={"threadId": thread["id"]})
    assert done["data"]["resolveReviewThread"]["thread"] == {"isResolved": True, "resolvedBy": {"login": "specbot"}}
    again = ask(site.bot(), THREADS, number=1)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"][0]
    assert again["isResolved"]


def test_who_may_not_is_told_in_graphqls_words(site: Site) -> None:
    remark(site, 1)
    [thread] = ask(site.bot(), THREADS, number=1)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    for client in (site.user("rea"), site.bot({"pull_requests": "read", "contents": "read"})):
        refused = ask(client, RESOLVE, input={"threadId": thread["id"]})
        assert refused["data"] == {"resolveReviewThread": None}
        assert refused["errors"][0]["type"] == "FORBIDDEN"
    unknown = ask(site.bot(), RESOLVE, input={"threadId": "PRRT_x"})
    assert unknown["errors"][0]["type"] == "NOT_FOUND"
    assert "Cannot query field" in ask(site.bot(), "{ viewer { shoeSize } }")["errors"][0]["message"]
    assert "Syntax Error" in ask(site.bot(), "{ viewer {")["errors"][0]["message"]
    url = site.hub.api_url.removesuffix("/v3") + "/graphql"
    assert site.nobody()("POST", url, {"query": "{ viewer { login } }"}).status_code == 401


def test_a_commit_is_signed_and_made_on_the_expected_head_only(site: Site) -> None:
    old = site.head
    made = commit(site, site.bot(), {"d.txt": "d\n"}, gone=("new.txt",))["data"]["createCommitOnBranch"]
    writes = len(site.hub.journal.writes())
    assert made["commit"] == {"oid": site.head, "signature": {"isValid": True}}
    assert made["ref"] == {"name": "topic", "target": {"oid": site.head}}
    shown = cast(dict[str, Any], site.bot().ok("GET", f"{site.path}/commits/{site.head}"))
    assert shown["commit"]["verification"]["verified"]
    assert shown["commit"]["message"] == "Add d\n\nBecause."
    assert (shown["author"]["login"], shown["commit"]["committer"]["name"]) == ("specbot[bot]", "GitHub")
    assert {one["filename"]: one["status"] for one in shown["files"]} == {"d.txt": "added", "new.txt": "removed"}

    stale = commit(site, site.bot(), {"e.txt": "e\n"}, head=old)
    assert stale["errors"][0]["type"] == "STALE_DATA"
    assert commit(site, site.bot(), {"../e": "e"})["errors"][0]["type"] == "UNPROCESSABLE"
    assert commit(site, site.bot(), {}, gone=("no.txt",))["errors"][0]["type"] == "UNPROCESSABLE"
    assert commit(site, site.bot({"contents": "read"}), {"e": "e"})["errors"][0]["type"] == "FORBIDDEN"
    assert len(site.hub.journal.writes()) == writes, "what was refused is no write, although it answers 200"


def test_an_author_is_a_person_or_a_bot_and_the_opener_settles_threads(site: Site) -> None:
    site.hub.commit("ada/text", "side", {"side.txt": "a\n"}, "Side", "rea")
    number = site.hub.open_pull_request("ada/text", "side", "Side", "rea").number
    at = f"{site.path}/pulls/{number}"
    head = site.hub.issue("ada/text", number).as_pull.head_sha
    body = {"path": "side.txt", "line": 1, "side": "RIGHT", "body": "hm", "commit_id": head}
    first = cast(dict[str, Any], site.bot().ok("POST", f"{at}/comments", body))["id"]
    site.user("rea").ok("POST", f"{at}/comments/{first}/replies", {"body": "yes"})
    query = THREADS.replace(
        "author { login }", "author { __typename login ... on User { databaseId } ... on Bot { databaseId } }"
    )
    [thread] = ask(site.bot(), query, number=number)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert [one["author"] for one in thread["comments"]["nodes"]] == [
        {"__typename": "Bot", "login": "specbot", "databaseId": site.app.bot_user.id},
        {"__typename": "User", "login": "rea", "databaseId": site.hub.user("rea").id},
    ]
    done = ask(site.user("rea"), RESOLVE, input={"threadId": thread["id"]})
    assert done["data"]["resolveReviewThread"]["thread"]["resolvedBy"] == {"login": "rea"}


def test_a_query_counts_against_a_budget_of_its_own(site: Site) -> None:
    url = site.hub.api_url.removesuffix("/v3") + "/graphql"
    answer = site.bot()("POST", url, {"query": "{ viewer { login } }"})
    assert (answer.headers["X-RateLimit-Resource"], answer.headers["X-RateLimit-Used"]) == ("graphql", "1")
    assert site.bot()("POST", url, {"query": "{ viewer { login } }", "variables": [1]}).status_code == 400


def test_only_mutations_are_writes(site: Site) -> None:
    remark(site, 1)
    before = len(site.hub.journal.writes())
    [thread] = ask(site.bot(), THREADS, number=1)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert len(site.hub.journal.writes()) == before
    ask(site.bot(), RESOLVE, input={"threadId": thread["id"]})
    assert len(site.hub.journal.writes()) == before + 1


def test_a_draft_is_made_ready(site: Site) -> None:
    draft = "mutation($input: ConvertPullRequestToDraftInput!) { convertPullRequestToDraft(input: $input) { pullRequest { isDraft } } }"
    ready = "mutation($input: MarkPullRequestReadyForReviewInput!) { markPullRequestReadyForReview(input: $input) { pullRequest { isDraft } } }"
    pull = {"pullRequestId": node_id("PR", site.hub.issue(site.repo, 1).as_pull.id)}
    assert ask(site.bot(), draft, input=pull)["data"]["convertPullRequestToDraft"]["pullRequest"]["isDraft"]
    assert not ask(site.bot(), ready, input=pull)["data"]["markPullRequestReadyForReview"]["pullRequest"]["isDraft"]
