"""What the journal keeps, and the moments that observers see."""

import subprocess
import threading
from pathlib import Path

import pytest
import requests

from bot.hub import Drop, Fault, Write
from tests.hub.site import Site


def test_writes_are_those_of_apps_that_took_effect_in_order(site: Site) -> None:
    bot, path = site.bot(), site.path
    bot("POST", f"{path}/issues/1/comments", {"body": "x"})
    bot("POST", f"{path}/issues/1/comments", {"body": ""})
    bot("POST", f"{path}/issues/1/reactions", {"content": "eyes"})
    bot("POST", f"{path}/issues/1/reactions", {"content": "eyes"})
    bot("GET", f"{path}/issues/1")
    site.user("ada")("POST", f"{path}/issues/1/comments", {"body": "y"})
    site.as_app()("POST", f"/app/installations/{site.installation_id}/access_tokens", {})
    bot("PATCH", f"{path}/issues/1", {"title": "z"})
    writes = site.hub.journal.writes()
    assert [(one.method, one.path.rpartition("/")[2], one.status) for one in writes] == [
        ("POST", "comments", 201),
        ("POST", "reactions", 201),
        ("PATCH", "1", 200),
    ]
    assert all(one.applied and one.login == "specbot[bot]" for one in writes)
    assert writes[0].request == {"body": "x"}
    kinds = {one.token_kind for one in site.hub.journal.requests}
    assert kinds == {"installation", "user", "app"}


def test_observers_see_both_moments_and_may_block(site: Site) -> None:
    seen: list[tuple[str, int, bool]] = []
    reached, go_on = threading.Event(), threading.Event()

    def watch(moment: str, write: Write) -> None:
        seen.append((moment, len(site.hub.comments(site.repo, 1)), write.applied))
        if moment == "after":
            reached.set()
            assert go_on.wait(10)

    stop = site.hub.on_write(watch)
    answers: list[requests.Response] = []
    bot = site.bot()
    caller = threading.Thread(
        target=lambda: answers.append(bot("POST", f"{site.path}/issues/1/comments", {"body": "x"}))
    )
    caller.start()
    assert reached.wait(10)
    # Applied and visible to everybody else, while its own caller still waits.
    assert (answers, len(site.user("rea")("GET", f"{site.path}/issues/1/comments").json())) == ([], 1)
    go_on.set()
    caller.join(10)
    assert answers[0].status_code == 201
    assert seen == [("before", 0, False), ("after", 1, True)]
    stop()
    bot("POST", f"{site.path}/issues/1/comments", {"body": "y"})
    assert len(seen) == 2


@pytest.mark.parametrize(("at", "applied"), [("before", 0), ("after", 1)])
def test_observers_may_close_the_connection(site: Site, at: str, applied: int) -> None:
    def drop(moment: str, write: Write) -> None:
        if moment == at:
            raise Drop

    site.hub.on_write(drop)
    with pytest.raises(requests.ConnectionError):
        site.bot()("POST", f"{site.path}/issues/1/comments", {"body": "x"})
    assert len(site.hub.comments(site.repo, 1)) == len(site.hub.journal.writes()) == applied


@pytest.mark.parametrize(("at", "applied"), [("before", False), ("after", True)])
def test_pushes_are_observed_with_the_refs_they_move(site: Site, tmp_path: Path, at: str, applied: bool) -> None:
    old, seen = site.head, []

    def drop(moment: str, write: Write) -> None:
        seen.append((moment, write.kind, [(move.ref, move.before) for move in write.moves], site.head == old))
        if moment == at:
            raise Drop

    site.hub.on_write(drop)
    assert push(site, tmp_path).returncode != 0
    expected = [
        ("before", "git", [("refs/heads/topic", old)], True),
        ("after", "git", [("refs/heads/topic", old)], False),
    ]
    assert seen == expected[: 2 if applied else 1]
    assert (site.head != old) is applied


def test_a_push_can_be_applied_and_answered_502(site: Site, tmp_path: Path) -> None:
    old = site.head
    site.hub.faults.add(Fault("error_after", method="POST", path="git-receive-pack$"))
    assert push(site, tmp_path).returncode != 0
    assert site.head != old
    assert len(site.hub.journal.writes()) == 1


def push(site: Site, where: Path) -> "subprocess.CompletedProcess[bytes]":
    """Push one empty commit to topic as the App."""
    token = site.hub.installation_token(site.installation_id)
    url = site.repo.clone_url.replace("http://", f"http://x:{token}@")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "clone", "-q", "-b", "topic", url, "w"], cwd=where, check=True)
    subprocess.run(["git", *who, "commit", "-q", "--allow-empty", "-m", "x"], cwd=where / "w", check=True)
    return subprocess.run(["git", "push", "-q"], cwd=where / "w", check=False, capture_output=True)


def test_refused_writes_have_a_before_and_no_after(site: Site) -> None:
    seen: list[str] = []
    site.hub.on_write(lambda moment, write: seen.append(f"{moment} {write.number}"))
    site.bot()("POST", f"{site.path}/issues/1/comments", {})
    assert [word.split()[0] for word in seen] == ["before"]
