"""What the journal keeps, and the moments that observers see."""

import threading

import pytest
import requests

from bot.hub import Drop, Write
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


def test_refused_writes_have_a_before_and_no_after(site: Site) -> None:
    seen: list[str] = []
    site.hub.on_write(lambda moment, write: seen.append(f"{moment} {write.number}"))
    site.bot()("POST", f"{site.path}/issues/1/comments", {})
    assert [word.split()[0] for word in seen] == ["before"]
