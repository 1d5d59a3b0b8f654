"""The twenty-two ways in which a git client talks to the hub, and who may."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.hub import Hub, Repository
from tests.hub.site import Site, make_site


class Git:
    """A git client with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(exist_ok=True)

    def __call__(self, *args: str, cwd: Path | None = None, check: bool = True) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
        }
        done = subprocess.run(
            ["git", *args], cwd=cwd or self.home, env=environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, (args, done.stderr)
        return done

    def out(self, *args: str, cwd: Path | None = None) -> str:
        """What git prints."""
        return self(*args, cwd=cwd).stdout.strip()


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path / "home")


def authed(site: Site, token: str) -> str:
    return site.repo.clone_url.replace("http://", f"http://x-access-token:{token}@")


def full(site: Site) -> str:
    return authed(site, site.hub.installation_token(site.installation_id))


def tip(site: Site, ref: str = "refs/heads/topic") -> str | None:
    return site.hub.store.bare(site.repo).commit_id(ref)


def committed(git: Git, where: Path, name: str, text: str = "x\n") -> str:
    (where / name).write_text(text)
    git("add", "--", name, cwd=where)
    git("commit", "-qm", f"Add {name}", cwd=where)
    return git.out("rev-parse", "HEAD", cwd=where)


@pytest.mark.parametrize("version", ["2", "0"])
def test_refs_and_full_clone(site: Site, git: Git, tmp_path: Path, version: str) -> None:
    seen = git.out("-c", f"protocol.version={version}", "ls-remote", full(site))
    assert f"{site.head}\trefs/heads/topic" in seen
    git("-c", f"protocol.version={version}", "clone", "-q", "-b", "topic", full(site), str(tmp_path / "w"))
    assert git.out("rev-parse", "HEAD", cwd=tmp_path / "w") == site.head


def test_shallow_clone_has_one_commit(site: Site, git: Git, tmp_path: Path) -> None:
    git("clone", "-q", "--depth", "1", "-b", "topic", full(site), str(tmp_path / "w"))
    assert git.out("rev-list", "--count", "HEAD", cwd=tmp_path / "w") == "1"


def test_partial_clone_fetches_blobs_when_they_are_needed(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", "--filter=blob:none", "--no-checkout", "-b", "topic", full(site), str(where))
    missing = git.out("rev-list", "--objects", "--all", "--missing=print", cwd=where)
    assert any(line.startswith("?") for line in missing.splitlines())
    assert git.out("config", "remote.origin.promisor", cwd=where) == "true"
    git("checkout", "-q", "topic", cwd=where)
    assert (where / "new.txt").read_text() == "a\nb\nc\n"


def test_pull_request_ref_and_bare_commit_id_can_be_fetched(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("init", "-q", str(where))
    git("fetch", "-q", full(site), "refs/pull/1/head", cwd=where)
    assert git.out("rev-parse", "FETCH_HEAD", cwd=where) == site.head
    base = tip(site, "refs/heads/main")
    git("fetch", "-q", "--depth", "1", full(site), str(base), cwd=where)
    assert git.out("rev-parse", "FETCH_HEAD", cwd=where) == base


def test_small_push_moves_the_head(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", "-b", "topic", full(site), str(where))
    new = committed(git, where, "small.txt")
    git("push", "-q", cwd=where)
    assert tip(site) == tip(site, "refs/pull/1/head") == site.head == new


def test_big_push_comes_in_chunks(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", "-b", "topic", full(site), str(where))
    (where / "big.bin").write_bytes(os.urandom(5_000_000))
    git("add", "big.bin", cwd=where)
    git("commit", "-qm", "big", cwd=where)
    before = len(site.hub.journal.writes())
    git("push", "-q", cwd=where)
    assert site.head == git.out("rev-parse", "HEAD", cwd=where)
    # The probe that git sends first is no write.
    assert len(site.hub.journal.writes()) == before + 1


@pytest.mark.parametrize("how", [("--depth", "1"), ("--filter=blob:none",)])
def test_push_from_shallow_and_partial_clones(site: Site, git: Git, tmp_path: Path, how: tuple[str, ...]) -> None:
    where = tmp_path / "w"
    git("clone", "-q", *how, "-b", "topic", full(site), str(where))
    new = committed(git, where, "more.txt")
    git("push", "-q", cwd=where)
    assert site.head == new


def test_only_fast_forward_or_lease(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", "-b", "topic", full(site), str(where))
    git("commit", "-q", "--amend", "-m", "other", cwd=where)
    old, new = site.head, git.out("rev-parse", "HEAD", cwd=where)
    assert git("push", "-q", cwd=where, check=False).returncode != 0
    wrong = git("push", "-q", f"--force-with-lease=topic:{'1' * 40}", "origin", "topic", cwd=where, check=False)
    assert wrong.returncode != 0
    assert site.head == old
    git("push", "-q", f"--force-with-lease=topic:{old}", "origin", "topic", cwd=where)
    assert site.head == new


def test_bad_and_weak_tokens(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    reader = site.hub.installation_token(site.installation_id, permissions={"contents": "read"})
    git("clone", "-q", "-b", "topic", authed(site, reader), str(where))
    old = site.head
    committed(git, where, "no.txt")
    refused = git("push", "-q", cwd=where, check=False)
    assert refused.returncode != 0
    assert "403" in refused.stderr
    refused = git("push", "-q", authed(site, "ghs_wrong"), "topic", cwd=where, check=False)
    assert refused.returncode != 0
    assert "Authentication failed" in refused.stderr or "401" in refused.stderr
    assert site.head == old
    # Git names itself only when it is asked, so a header is what shows a wrong token on a public repository.
    header = "http.extraHeader=Authorization: Bearer ghs_wrong"
    assert git("-c", header, "ls-remote", site.repo.clone_url, check=False).returncode != 0


def test_address_without_suffix_and_header_instead_of_address(site: Site, git: Git, tmp_path: Path) -> None:
    git("clone", "-q", full(site).removesuffix(".git"), str(tmp_path / "a"))
    token = site.hub.installation_token(site.installation_id)
    header = f"http.extraHeader=Authorization: Bearer {token}"
    git("-c", header, "clone", "-q", "-b", "topic", site.repo.clone_url, str(tmp_path / "b"))
    new = committed(git, tmp_path / "b", "header.txt")
    git("-c", header, "push", "-q", cwd=tmp_path / "b")
    assert site.head == new


def test_branch_can_be_deleted(site: Site, git: Git) -> None:
    site.hub.commit(site.repo, "short", {"s": "s\n"}, "s", "ada")
    git("--git-dir", str(site.repo.path), "push", "-q", full(site), ":short")
    assert tip(site, "refs/heads/short") is None


def test_many_haves_are_sent_compressed(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", full(site), str(where))
    for number in range(60):
        git("commit", "-q", "--allow-empty", "-m", f"local {number}", cwd=where)
    site.hub.commit(site.repo, "main", {"new-on-main.txt": "n\n"}, "n", "ada")
    git("fetch", "-q", "origin", cwd=where)
    assert git.out("rev-parse", "origin/main", cwd=where) == tip(site, "refs/heads/main")


def test_eight_clones_at_once_and_a_sound_repository(site: Site, git: Git, tmp_path: Path) -> None:
    def clone(number: int) -> str:
        where = tmp_path / f"w{number}"
        git("clone", "-q", "-b", "topic", full(site), str(where))
        return git.out("rev-parse", "HEAD", cwd=where)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(clone, range(8))) == {site.head}
    assert "error" not in git("--git-dir", str(site.repo.path), "fsck", "--full").stderr


def test_pushes_at_once_are_each_seen_once(site: Site, git: Git, tmp_path: Path) -> None:
    def push(number: int) -> str:
        where = tmp_path / f"p{number}"
        git("clone", "-q", full(site), str(where))
        git("checkout", "-q", "-b", f"many-{number}", cwd=where)
        new = committed(git, where, f"{number}.txt")
        git("push", "-q", "origin", f"many-{number}", cwd=where)
        return new

    with ThreadPoolExecutor(4) as pool:
        heads = list(pool.map(push, range(4)))
    pushed = [event.payload["after"] for event in site.hub.journal.events if event.event == "push"]
    assert sorted(after for after in pushed if after in heads) == sorted(heads)


WORKFLOW = ".github/workflows/ci.yml"


def test_workflow_files_need_their_own_permission(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", "-b", "topic", full(site), str(where))
    (where / ".github/workflows").mkdir(parents=True)
    committed(git, where, WORKFLOW, "on: push\n")
    old, writes = site.head, len(site.hub.journal.writes())
    refused = git("push", "-q", cwd=where, check=False)
    assert refused.returncode != 0
    assert "without 'workflows' permission" in refused.stderr
    assert tip(site) == site.head == old
    assert len(site.hub.journal.writes()) == writes
    # A person may, and then the App may build on it.
    git("push", "-q", authed(site, site.hub.user_token("wen")), "topic", cwd=where)
    new = committed(git, where, "after.txt")
    git("push", "-q", cwd=where)
    assert site.head == new


def test_pull_request_refs_belong_to_the_hub(site: Site, git: Git, tmp_path: Path) -> None:
    where = tmp_path / "w"
    git("clone", "-q", full(site), str(where))
    assert git("push", "-q", "origin", "HEAD:refs/pull/1/head", cwd=where, check=False).returncode != 0
    assert tip(site, "refs/pull/1/head") == site.head


def test_who_sees_a_private_repository(hub: Hub, git: Git) -> None:
    site = make_site(hub, private=True)

    def status(token: str | None) -> str:
        url = site.repo.clone_url if token is None else authed(site, token)
        done = git("ls-remote", url, check=False)
        return "ok" if done.returncode == 0 else done.stderr

    assert status(hub.user_token("ada")) == status(hub.user_token("rea")) == "ok"
    assert "not found" in status(hub.user_token("stranger"))
    assert "could not read Username" in status(None)
    hub.suspend(site.installation_id)
    assert "403" in status(hub.installation_token(site.installation_id))


def test_public_repository_needs_no_token_to_read(site: Site, git: Git, tmp_path: Path) -> None:
    git("clone", "-q", site.repo.clone_url, str(tmp_path / "w"))
    committed(git, tmp_path / "w", "x.txt")
    assert git("push", "-q", cwd=tmp_path / "w", check=False).returncode != 0
    assert git(
        "push", "-q", authed(site, site.hub.user_token("rea")), "HEAD:main", cwd=tmp_path / "w", check=False
    ).returncode


def test_empty_repository_takes_its_first_push(hub: Hub, git: Git, tmp_path: Path) -> None:
    repo: Repository = hub.create_repository("ada/empty")
    where = tmp_path / "w"
    git("init", "-q", "-b", "main", str(where))
    new = committed(git, where, "first.txt")
    url = repo.clone_url.replace("http://", f"http://ada:{hub.user_token('ada')}@")
    git("push", "-q", url, "main", cwd=where)
    assert hub.store.bare(repo).commit_id("refs/heads/main") == new
