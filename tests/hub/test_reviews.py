"""Reviews: whole or not at all, on lines of the diff, never in praise of oneself."""

from tests.hub.site import Site

GOOD = {"path": "new.txt", "line": 2, "side": "RIGHT", "body": "here"}


def review(site: Site, *comments: dict[str, object], event: str = "COMMENT", **more: object) -> int:
    body = {"event": event, "body": "b", "comments": list(comments), **more}
    return site.bot()("POST", f"{site.path}/pulls/1/reviews", body).status_code


OUTSIDE: dict[str, dict[str, object]] = {
    "after the end": {"path": "new.txt", "line": 4, "side": "RIGHT"},
    "no left side": {"path": "new.txt", "line": 1, "side": "LEFT"},
    "between hunks": {"path": "src/cut.py", "line": 15, "side": "RIGHT"},
    "start is end": {"path": "src/cut.py", "line": 3, "start_line": 3, "side": "RIGHT"},
    "start after end": {"path": "src/cut.py", "line": 2, "start_line": 4, "side": "RIGHT"},
    "two hunks": {"path": "src/cut.py", "line": 30, "start_line": 2, "side": "RIGHT"},
    "untouched file": {"path": "README.md", "line": 1, "side": "RIGHT"},
    "only renamed": {"path": "moved.txt", "line": 1, "side": "RIGHT"},
    "old name": {"path": "old.txt", "line": 1, "side": "LEFT"},
    "position": {"path": "new.txt", "position": 9},
}

INSIDE: dict[str, dict[str, object]] = {
    "added": GOOD,
    "from old to new": {"path": "src/cut.py", "line": 2, "side": "RIGHT", "start_line": 2, "start_side": "LEFT"},
    "deleted": {"path": "src/cut.py", "line": 30, "side": "LEFT"},
    "context": {"path": "src/cut.py", "line": 27, "side": "RIGHT"},
    "deleted file": {"path": "gone.txt", "line": 2, "side": "LEFT", "start_line": 1, "start_side": "LEFT"},
    "position": {"path": "new.txt", "position": 3},
}


def test_one_bad_line_refuses_the_whole_review(site: Site) -> None:
    for name, comment in OUTSIDE.items():
        assert review(site, GOOD, {**comment, "body": "x"}) == 422, name
    assert site.hub.reviews(site.repo, 1) == site.hub.review_comments(site.repo, 1) == []


def test_lines_of_the_diff_take_comments(site: Site) -> None:
    for name, comment in INSIDE.items():
        assert review(site, {**comment, "body": "x"}) == 200, name
        made = site.hub.review_comments(site.repo, 1)[-1]
        assert made.place.line is not None
        assert made.place.hunk.startswith("@@ ")


def test_file_comments_and_replies(site: Site) -> None:
    bot, at = site.bot(), f"{site.path}/pulls/1/comments"
    whole = bot("POST", at, {"path": "moved.txt", "subject_type": "file", "body": "x", "commit_id": site.head})
    assert whole.json()["subject_type"] == "file"
    first = whole.json()["id"]
    reply = bot("POST", at, {"body": "y", "in_reply_to": first, "path": "moved.txt", "commit_id": site.head})
    again = bot("POST", f"{at}/{reply.json()['id']}/replies", {"body": "z"})
    assert reply.json()["in_reply_to_id"] == again.json()["in_reply_to_id"] == first


def test_nobody_judges_their_own_request(site: Site) -> None:
    ada, at = site.user("ada"), f"{site.path}/pulls/1/reviews"
    for event in ("APPROVE", "REQUEST_CHANGES"):
        refused = ada("POST", at, {"event": event, "body": "b"})
        assert (refused.status_code, "your own pull request" in refused.text) == (422, True)
    assert ada("POST", at, {"event": "COMMENT", "body": "b"}).status_code == 200
    site.hub.commit(site.repo, "bots", {"b.txt": "b\n"}, "b", "ada")
    number = site.bot()("POST", f"{site.path}/pulls", {"title": "t", "head": "bots", "base": "main"}).json()["number"]
    mine = site.bot()("POST", f"{site.path}/pulls/{number}/reviews", {"event": "REQUEST_CHANGES", "body": "b"})
    assert mine.status_code == 422


def test_bot_reviews_as_its_bot(site: Site) -> None:
    site.bot()("POST", f"{site.path}/pulls/1/reviews", {"event": "REQUEST_CHANGES", "body": "no"})
    shown = site.bot()("GET", f"{site.path}/pulls/1/reviews").json()[0]
    assert (shown["user"]["login"], shown["user"]["type"]) == ("specbot[bot]", "Bot")
    assert (shown["state"], shown["commit_id"]) == ("CHANGES_REQUESTED", site.head)


def test_other_commits_can_be_reviewed_only_if_they_are_part(site: Site) -> None:
    first = site.head
    site.hub.commit(site.repo, "topic", {"new.txt": "a\nb\nc\nd\n"}, "d", "ada")
    assert review(site, {**GOOD, "line": 4}, commit_id=first) == 422
    assert review(site, {**GOOD, "line": 4}, commit_id=site.head) == 200
    assert review(site, commit_id=first) == 200
    assert review(site, commit_id="1" * 40) == 422
    main = site.hub.store.bare(site.repo).commit_id("refs/heads/main")
    assert review(site, commit_id=main) == 422


def test_comments_move_with_their_line_and_become_outdated(site: Site) -> None:
    assert review(site, GOOD, {**GOOD, "line": 3}) == 200
    site.hub.commit(site.repo, "topic", {"new.txt": "zero\na\nb\nchanged\n"}, "shift", "ada")
    shown = site.bot()("GET", f"{site.path}/pulls/1/comments").json()
    assert [(one["line"], one["original_line"]) for one in shown] == [(3, 2), (None, 3)]
    assert shown[1]["position"] is None


def test_pending_reviews_are_seen_by_their_author_only(site: Site) -> None:
    at = f"{site.path}/pulls/1/reviews"
    site.bot()("POST", at, {"body": "later", "comments": [GOOD]})
    assert len(site.bot()("GET", at).json()) == 1
    assert site.user("wen")("GET", at).json() == []
    assert [event for event in site.hub.journal.events if event.event == "pull_request_review"] == []


def test_dismissing_takes_write(site: Site) -> None:
    at = f"{site.path}/pulls/1/reviews"
    number = site.user("wen")("POST", at, {"event": "APPROVE"}).json()["id"]
    assert site.user("rea")("PUT", f"{at}/{number}/dismissals", {"message": "m"}).status_code == 403
    assert site.user("mai")("PUT", f"{at}/{number}/dismissals", {"message": "m"}).json()["state"] == "DISMISSED"


def test_bodies_have_a_limit(site: Site) -> None:
    long = "x" * 65_537
    at = f"{site.path}/issues/1/comments"
    assert site.bot()("POST", at, {"body": long}).status_code == 422
    assert site.bot()("POST", at, {"body": long[1:]}).status_code == 201
    assert site.bot()("POST", at, {"body": " \n"}).status_code == 422
    assert review(site, {**GOOD, "body": long}) == 422
    assert review(site, body=long) == 422
