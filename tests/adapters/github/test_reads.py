"""What we read of GitHub, as small values of our own."""

import base64
import pickle
from dataclasses import replace

import pytest

from bot.core.pulls import Permission, Person, RepoRef, Secret
from bot.errors import NotThere, RateLimited, Refused, Transient, Unsafe
from bot.hub import Fault
from bot.ids import PrNumber, RepoId, UserId
from tests.adapters.github.canned import Answer, Asked, Canned
from tests.adapters.github.conftest import HEAD, REPO, World, client_of, github_at, github_on


def test_who_we_are_is_the_bots_account_and_asked_once(world: World) -> None:
    assert world.github.app().app_id == world.app.id
    assert world.github.app().slug == "specbot"
    assert world.github.app().bot_user == Person(UserId(world.app.bot_user.id), "specbot[bot]", is_bot=True)
    asked = len(world.hub.journal.requests)
    world.github.app()
    assert len(world.hub.journal.requests) == asked


def test_a_repository_is_read_by_its_id(world: World) -> None:
    found = world.github.repository(world.installation, RepoId(world.repository.id))
    assert found.ref == world.repo
    assert (found.default_branch, found.private) == ("main", False)


def test_a_repository_outside_the_installation_is_refused(world: World) -> None:
    other = world.hub.create_repository("eve/secret", private=True, files={"a": "a"})
    with pytest.raises(Refused, match="does the installation cover the repository"):
        world.github.repository(world.installation, RepoId(other.id))


def test_a_pull_request_is_read_whole(world: World) -> None:
    pull = world.pull
    assert (pull.repo, pull.title, pull.is_open, pull.merged, pull.draft) == (world.repo, "Add a", True, False, False)
    assert pull.base_ref == "main"
    assert pull.head_ref.startswith("topic-")
    assert pull.author.login == "ada"
    assert not pull.from_fork
    assert pickle.loads(pickle.dumps(pull)) == pull, "a plain value, no live object"


def test_a_fork_is_told_by_its_id(world: World) -> None:
    fork = world.hub.fork("ada/text", "fay")
    world.hub.commit(fork, "mine", {"b.txt": "b\n"}, "Add b", "fay")
    number = world.hub.open_pull_request(world.repository, "fay:mine", "From a fork", "fay").number
    pull = world.github.pull_request(world.repo, PrNumber(number))
    assert pull.from_fork
    assert pull.head_repo_id == fork.id
    world.hub.close(world.repository, number, "fay")


def test_a_closed_and_a_missing_pull_request(world: World) -> None:
    world.hub.close(world.repository, world.pull.number, "ada")
    assert world.github.pull_request(world.repo, world.pull.number).is_open is False
    with pytest.raises(NotThere):
        world.github.pull_request(world.repo, PrNumber(99_999))


def test_another_repository_under_the_same_name_is_not_ours(world: World) -> None:
    """The repository was renamed and somebody else took its name: names are for display, the id decides."""
    with pytest.raises((NotThere, Refused)):
        world.github.pull_request(replace(world.repo, repo_id=RepoId(world.repo.repo_id + 500)), world.pull.number)


def test_a_file_at_a_branch_and_at_a_commit(world: World) -> None:
    read = world.github.file
    assert read(world.repo, "README.md", "main") == b"# text\n"
    assert read(world.repo, "a.txt", world.pull.head_sha) is not None
    assert read(world.repo, "a.txt", "main") is None
    assert read(world.repo, "text", "main") is None, "a folder is no file"
    assert read(world.repo, "README.md", "no-such-branch") is None


@pytest.mark.parametrize("path", ["../user", "a/../../b", "", "/a", "a//b", "./a", "a/."])
def test_a_path_that_leads_elsewhere_is_refused_before_it_is_sent(world: World, path: str) -> None:
    asked = len(world.hub.journal.requests)
    with pytest.raises(Unsafe):
        world.github.file(world.repo, path, "main")
    assert len(world.hub.journal.requests) == asked


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a?b", "", "é", "a b"])
def test_a_repository_name_that_leads_elsewhere_is_refused(world: World, name: str) -> None:
    with pytest.raises(Unsafe):
        world.github.pull_request(replace(world.repo, name=name), PrNumber(1))


def test_odd_but_honest_paths_are_found(world: World) -> None:
    odd = "docs/a b #1?&%20é.md"
    world.hub.commit(world.repository, "main", {odd: "odd\n"}, "Add an odd file", "ada")
    assert world.github.file(world.repo, odd, "main") == b"odd\n"


def test_a_file_of_more_than_a_mebibyte_is_refused(world: World) -> None:
    world.hub.commit(world.repository, "big", {"big.bin": b"x" * 1_048_577}, "Add", "ada")
    with pytest.raises(Refused, match="1 MiB"):
        world.github.file(world.repo, "big.bin", "big")


def test_all_pages_are_read() -> None:
    """250 open pull requests on three pages."""

    def pull(number: int) -> dict[str, object]:
        side = {"sha": "a" * 40, "ref": "x", "repo": {"id": 1}}
        return {"number": number, "title": None, "body": None, "state": "open", "draft": False, "merged_at": None,
                "head": {**side, "repo": None}, "base": side, "user": None, "html_url": "u"}  # fmt: skip

    def answer(asked: Asked) -> Answer | None:
        if asked.method == "GET":
            page = int(asked.query["page"])
            return Answer(data=[pull(n) for n in range(page * 100 - 99, min(page * 100, 250) + 1)])
        return None

    with Canned(answer) as server, github_on(server) as github:
        found = github.open_pull_requests(REPO)
        assert [one.number for one in found] == list(range(1, 251))
        assert found[0].head_repo_id is None
        assert found[0].body == ""
        assert len(server.of("GET")) == 3


def test_a_listing_without_end_is_cut() -> None:
    def answer(asked: Asked) -> Answer | None:
        return Answer(data={"check_runs": [{"id": 1, "app": None}] * 100}) if asked.method == "GET" else None

    with Canned(answer) as server, github_on(server) as github:
        assert github.checks(REPO, HEAD, "x") == ()
        assert len(server.of("GET")) == 100


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "error_before"])
def test_a_read_is_asked_again_once(world: World, kind: str) -> None:
    world.hub.faults.add(Fault(kind, "GET", "/pulls/"))  # type: ignore[arg-type]
    assert world.github.pull_request(world.repo, world.pull.number) == world.pull
    world.hub.faults.add(Fault(kind, "GET", "/pulls/", times=2))  # type: ignore[arg-type]
    with pytest.raises(Transient):
        world.github.pull_request(world.repo, world.pull.number)


def test_a_limited_read_is_raised_at_once(world: World) -> None:
    world.hub.faults.add(Fault("rate_limit", "GET", "/pulls/", seconds=40))
    with pytest.raises(RateLimited) as caught:
        world.github.pull_request(world.repo, world.pull.number)
    assert caught.value.retry_after == pytest.approx(40, abs=3)


def test_an_api_that_is_not_there_is_transient() -> None:
    with Canned(lambda asked: None) as server:
        url = server.url
    github = github_at(url)
    with pytest.raises(Transient, match="does not answer"):
        github.repository(REPO.installation_id, REPO.repo_id)
    github.close()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(text="<html>"),
        Answer(data=[]),
        Answer(data={}),
        Answer(data={"id": "7"}),
        Answer(text="[" * 100_000),
        Answer(data=None),
    ],
    ids=["html", "list", "empty", "text id", "deep", "null"],
)
def test_an_answer_of_another_shape_is_transient(answer: Answer) -> None:
    with Canned(lambda asked: answer if asked.method == "GET" else None) as server, github_on(server) as github:
        with pytest.raises(Transient):
            github.repository(REPO.installation_id, REPO.repo_id)
        with pytest.raises(Transient):
            github.pull_request(REPO, PrNumber(1))


def test_base64_with_line_breaks_is_read() -> None:
    content = base64.encodebytes(b"x" * 200).decode()
    data = {"type": "file", "size": 200, "encoding": "base64", "content": content}
    with (
        Canned(lambda asked: Answer(data=data) if asked.method == "GET" else None) as server,
        github_on(server) as github,
    ):
        assert github.file(REPO, "a.txt", "main") == b"x" * 200


@pytest.mark.parametrize(
    ("level", "found"),
    [
        ("admin", Permission.ADMIN),
        ("maintain", Permission.MAINTAIN),
        ("write", Permission.WRITE),
        ("triage", Permission.TRIAGE),
        ("read", Permission.READ),
    ],
)
def test_a_persons_role_is_exact(world: World, level: str, found: Permission) -> None:
    login = f"person-{level}"
    user = world.hub.add_user(login)
    world.hub.set_permission(world.repository, login, level)  # type: ignore[arg-type]
    assert world.github.permission(world.repo, Person(UserId(user.id), login)) is found


def test_a_stranger_reads_what_is_public_and_nothing_else(world: World) -> None:
    user = world.hub.add_user("stranger")
    assert world.github.permission(world.repo, Person(UserId(user.id), "stranger")) is Permission.READ


def test_a_login_that_belongs_to_somebody_else_by_now_has_nothing(world: World) -> None:
    """The maintainer renamed their account, and somebody registered the free login."""
    user = world.hub.add_user("renamed")
    world.hub.set_permission(world.repository, "renamed", "admin")
    assert world.github.permission(world.repo, Person(UserId(user.id + 1), "renamed")) is Permission.NONE
    assert world.github.permission(world.repo, Person(UserId(user.id), "nobody-of-this-name")) is Permission.NONE
    assert world.github.permission(world.repo, Person(UserId(user.id), "../../user")) is Permission.NONE


@pytest.mark.parametrize("status", [403, 404, 500, 502, 503])
def test_an_unclear_permission_is_none(world: World, status: int) -> None:
    world.hub.faults.add(Fault("error_before", "GET", "/permission$", times=None, status=status))
    assert world.github.permission(world.repo, world.pull.author) is Permission.NONE
    world.hub.faults.clear()
    assert world.github.permission(world.repo, world.pull.author) is Permission.ADMIN


def test_a_broken_permission_answer_is_none_and_a_limit_is_a_pause(world: World) -> None:
    world.hub.faults.add(Fault("reset_before", "GET", "/permission$", times=2))
    assert world.github.permission(world.repo, world.pull.author) is Permission.NONE
    world.hub.faults.add(Fault("secondary_limit", "GET", "/permission$", status=403))
    with pytest.raises(RateLimited):
        world.github.permission(world.repo, world.pull.author)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"user": {"id": 7}, "role_name": "security-team", "permission": "write"}, Permission.WRITE),
        ({"user": {"id": 7}, "role_name": "security-team", "permission": "odd"}, Permission.NONE),
        ({"user": {"id": 7}, "permission": "admin"}, Permission.ADMIN),
        ({"user": None, "role_name": "admin"}, Permission.NONE),
        ({"role_name": "admin"}, Permission.NONE),
        ({"user": {"id": "7"}, "role_name": "admin"}, Permission.NONE),
        ([], Permission.NONE),
    ],
)
def test_roles_of_an_organisations_own_and_odd_answers(answer: object, found: Permission) -> None:
    given = Answer(data=answer)
    with Canned(lambda asked: given if asked.method == "GET" else None) as server, github_on(server) as github:
        assert github.permission(REPO, Person(UserId(7), "x")) is found


def test_an_installation_that_ended_is_said(world: World) -> None:
    other = world.hub.create_repository("bob/lib", files={"a": "a"})
    app = world.hub.register_app("second", "Second", {"contents": "read"}, [])
    installation = world.hub.install(app, "bob", [other])
    world.hub.uninstall(installation)
    github = client_of(world.hub, app)
    repo = RepoRef(world.installation, RepoId(other.id), "bob", "lib")
    with pytest.raises(NotThere):
        github.repository(repo.installation_id, repo.repo_id)
    github.close()
    assert "BEGIN" not in repr(Secret(app.private_key_pem))
