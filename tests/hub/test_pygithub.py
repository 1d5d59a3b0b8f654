"""PyGithub, as the bot uses it, works against the hub."""

from collections.abc import Iterator

import pytest
from github import Auth, Github, GithubException, GithubIntegration, GithubRetry

from bot.hub import Fault
from tests.hub.site import Site


@pytest.fixture
def client(site: Site) -> Iterator[Github]:
    token = site.hub.installation_token(site.installation_id)
    made = Github(
        auth=Auth.Token(token), base_url=site.hub.api_url, seconds_between_requests=None, seconds_between_writes=None
    )
    yield made
    made.close()


def test_app_side(site: Site) -> None:
    auth = Auth.AppAuth(site.app.id, site.app.private_key_pem)
    with GithubIntegration(auth=auth, base_url=site.hub.api_url) as integration:
        assert integration.get_app().slug == "specbot"
        assert [one.id for one in integration.get_installations()] == [site.installation_id]
        assert integration.get_repo_installation("ada", "text").id == site.installation_id
        token = integration.get_access_token(site.installation_id, permissions={"issues": "write"})
        assert token.permissions["issues"] == "write"


def test_pull_request_story(site: Site, client: Github) -> None:
    repo = client.get_repo(site.repo.id)
    pull = repo.get_pull(1)
    assert [file.filename for file in pull.get_files()] == ["gone.txt", "moved.txt", "new.txt", "src/cut.py"]
    comment = pull.create_issue_comment("hello")
    comment.edit("hello again")
    comment.create_reaction("eyes")
    assert comment.get_reactions()[0].content == "eyes"
    commit = repo.get_commit(pull.head.sha)
    remarks = [{"path": "new.txt", "line": 1, "side": "RIGHT", "body": "here"}]
    review = pull.create_review(commit, "Look", "COMMENT", remarks)
    assert [one.path for one in pull.get_single_review_comments(review.id)] == ["new.txt"]
    pull.get_review_comments()[0].create_reaction("+1")
    pull.create_review_comment_reply(pull.get_review_comments()[0].id, "indeed")
    assert [one.number for one in repo.get_pulls(state="open", head="ada:topic")] == [1]
    assert [one.number for one in commit.get_pulls()] == [1]
    pull.edit(title="Other title")
    pull.add_to_labels("spec")
    assert repo.get_issue(1).title == "Other title"
    assert repo.get_collaborator_permission("wen") == "write"
    assert client.get_user("specbot[bot]").id == site.app.bot_user.id


def test_checks(site: Site, client: Github) -> None:
    repo = client.get_repo("ada/text")
    run = repo.create_check_run("Specbot / spec", site.head, external_id="r1", status="in_progress")
    note = {"path": "new.txt", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "no"}
    run.edit(conclusion="failure", output={"title": "t", "summary": "s", "annotations": [note]})
    found = list(repo.get_commit(site.head).get_check_runs(check_name="Specbot / spec", filter="all"))
    assert [(one.external_id, one.conclusion, one.app.id) for one in found] == [("r1", "failure", site.app.id)]
    assert next(iter(run.get_annotations())).message == "no"
    suite = repo.get_check_suite(found[0].check_suite.id)
    assert suite.rerequest() is True


def test_refs_and_files(site: Site, client: Github) -> None:
    repo = client.get_repo("ada/text")
    ref = repo.create_git_ref("refs/heads/made", site.head)
    main = repo.get_branch("main").commit.sha
    ref.edit(main, force=True)
    assert repo.get_git_ref("heads/made").object.sha == main
    made = repo.create_file("a/b.txt", "b", "b\n", branch="made")
    repo.update_file("a/b.txt", "bb", "bb\n", made["content"].sha, branch="made")
    contents = repo.get_contents("a/b.txt", ref="made")
    assert not isinstance(contents, list)
    assert contents.decoded_content == b"bb\n"
    assert [one.path for one in repo.get_git_tree("made", recursive=True).tree if one.type == "tree"] == [
        "a",
        "src",
        "tests",
    ]
    pull = repo.create_pull(base="main", head="made", title="Made", body="b", draft=True)
    assert (pull.draft, pull.user.login, pull.mergeable) == (True, "specbot[bot]", True)
    with pytest.raises(GithubException) as refused:
        repo.create_pull(base="main", head="made", title="Made", body="b")
    assert refused.value.status == 422
    ref.delete()
    assert client.get_repo("ada/text").get_pull(pull.number).state == "closed"


def test_the_librarys_own_retry_posts_twice_after_502(site: Site) -> None:
    """The trap that the bot's own client must avoid; the hub must be able to show it."""
    site.hub.faults.add(Fault("error_after", method="POST"))
    token = site.hub.installation_token(site.installation_id)
    with Github(auth=Auth.Token(token), base_url=site.hub.api_url, retry=GithubRetry(backoff_factor=0)) as client:
        client.get_repo("ada/text").get_issue(1).create_comment("once?")
    assert [one.body for one in site.hub.comments(site.repo, 1)] == ["once?", "once?"]
