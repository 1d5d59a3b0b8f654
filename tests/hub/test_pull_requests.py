"""Heads, files, commits and diffs are what git says they are."""

from datetime import UTC, datetime

from bot.hub import Hub
from bot.hub.git.history import Signature
from bot.hub.git.trees import write_commit
from tests.hub.site import Site


def events(hub: Hub, name: str) -> list[str | None]:
    return [event.action for event in hub.journal.events if event.event == name]


def test_files_say_what_changed(site: Site) -> None:
    files = {file["filename"]: file for file in site.bot()("GET", f"{site.path}/pulls/1/files").json()}
    assert {name: file["status"] for name, file in files.items()} == {
        "gone.txt": "removed",
        "moved.txt": "renamed",
        "new.txt": "added",
        "src/cut.py": "modified",
    }
    assert files["moved.txt"]["previous_filename"] == "old.txt"
    assert "patch" not in files["moved.txt"]
    assert files["new.txt"]["patch"] == "@@ -0,0 +1,3 @@\n+a\n+b\n+c"
    assert (files["src/cut.py"]["additions"], files["src/cut.py"]["deletions"]) == (1, 2)


def test_diff_is_from_the_merge_base_when_the_base_moves_on(site: Site) -> None:
    before = site.bot()("GET", f"{site.path}/pulls/1").json()
    site.hub.commit(site.repo, "main", {"elsewhere.txt": "e\n"}, "Elsewhere", "wen")
    after = site.bot()("GET", f"{site.path}/pulls/1").json()
    assert before["base"]["sha"] != after["base"]["sha"]
    assert [after[key] for key in ("changed_files", "commits", "mergeable")] == [4, 1, True]
    assert "elsewhere.txt" not in site.bot()("GET", f"{site.path}/pulls/1", accept="application/vnd.github.diff").text
    compared = site.bot()("GET", f"{site.path}/compare/main...topic").json()
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("diverged", 1, 1)
    assert len(compared["files"]) == 4


def test_diff_and_patch_by_media_type(site: Site) -> None:
    diff = site.bot()("GET", f"{site.path}/pulls/1", accept="application/vnd.github.v3.diff")
    assert diff.headers["Content-Type"].startswith("application/vnd.github")
    assert diff.text.startswith("diff --git a/gone.txt b/gone.txt\n")
    patch = site.bot()("GET", f"{site.path}/pulls/1", accept="application/vnd.github.patch")
    assert patch.text.startswith(f"From {site.head} ")


def test_every_kind_of_write_moves_the_head(site: Site) -> None:
    bot, old = site.bot(), site.head
    content = {"message": "put", "content": "eAo=", "branch": "topic"}
    by_put = bot("PUT", f"{site.path}/contents/put.txt", content).json()["commit"]["sha"]
    assert site.head == by_put != old
    back = bot("PATCH", f"{site.path}/git/refs/heads/topic", {"sha": old, "force": False})
    assert back.status_code == 422
    assert bot("PATCH", f"{site.path}/git/refs/heads/topic", {"sha": old, "force": True}).status_code == 200
    assert site.head == old
    assert events(site.hub, "pull_request") == ["opened", "synchronize", "synchronize"]
    last = [event for event in site.hub.journal.events if event.event == "pull_request"][-1]
    assert (last.payload["before"], last.payload["after"]) == (by_put, old)
    assert [move.forced for move in site.hub.store.head_moves] == [False, True]


def test_push_comes_before_synchronize_and_the_suite(site: Site) -> None:
    start = len(site.hub.journal.events)
    site.hub.commit(site.repo, "topic", {"n.txt": "n\n"}, "n", "ada")
    told = [(event.event, event.action) for event in site.hub.journal.events[start:]]
    assert told == [("push", None), ("pull_request", "synchronize"), ("check_suite", "requested")]


def test_one_open_request_for_head_and_base(site: Site) -> None:
    bot = site.bot()
    again = bot("POST", f"{site.path}/pulls", {"title": "x", "head": "topic", "base": "main"})
    assert again.status_code == 422
    assert "already exists" in again.text
    assert bot("POST", f"{site.path}/pulls", {"title": "x", "head": "nope", "base": "main"}).status_code == 422
    site.hub.commit(site.repo, "same", {}, "empty", "ada")
    bare = site.hub.store.bare(site.repo)
    bare.set_ref("refs/heads/level", str(bare.commit_id("refs/heads/main")))
    site.hub.notice_pushes(site.repo, "ada")
    none = bot("POST", f"{site.path}/pulls", {"title": "x", "head": "level", "base": "main"})
    assert "No commits between" in none.text


def test_lookup_by_head(site: Site) -> None:
    bot = site.bot()

    def found(query: str) -> list[int]:
        return [pull["number"] for pull in bot("GET", f"{site.path}/pulls?{query}").json()]

    assert found("head=ada:topic") == [1]
    assert found("head=wen:topic") == []
    assert found("head=ada:topic&state=closed") == []
    assert found("base=main") == [1]


def test_a_pull_request_is_an_issue(site: Site) -> None:
    bot = site.bot()
    issue = bot("GET", f"{site.path}/issues/1").json()
    assert issue["pull_request"]["url"].endswith("/pulls/1")
    bot("POST", f"{site.path}/issues/1/labels", {"labels": ["spec"]})
    assert [label["name"] for label in bot("GET", f"{site.path}/pulls/1").json()["labels"]] == ["spec"]
    other = site.hub.open_issue(site.repo, "Not a pull request", "rea")
    assert other.number == 2
    assert bot("GET", f"{site.path}/pulls/2").status_code == 404


def test_deleted_head_closes_and_reopening_needs_it(site: Site) -> None:
    bot, old = site.bot(), site.head
    assert bot("DELETE", f"{site.path}/git/refs/heads/topic").status_code == 204
    assert site.hub.issue(site.repo, 1).state == "closed"
    assert bot("PATCH", f"{site.path}/pulls/1", {"state": "open"}).status_code == 422
    bot("POST", f"{site.path}/git/refs", {"ref": "refs/heads/topic", "sha": old})
    assert bot("PATCH", f"{site.path}/pulls/1", {"state": "open"}).json()["state"] == "open"


def test_closed_request_shows_what_it_showed(site: Site) -> None:
    site.hub.close(site.repo, 1, "ada")
    base = site.bot()("GET", f"{site.path}/pulls/1").json()["base"]["sha"]
    site.hub.commit(site.repo, "main", {"later.txt": "l\n"}, "later", "ada")
    site.hub.commit(site.repo, "topic", {"later.txt": "l\n"}, "later", "ada")
    shown = site.bot()("GET", f"{site.path}/pulls/1").json()
    assert (shown["base"]["sha"], shown["changed_files"], shown["head"]["sha"]) == (base, 4, site.head)


def test_pushing_the_head_to_the_base_merges(site: Site) -> None:
    bare, who = site.hub.store.bare(site.repo), Signature("Wen", "wen@example.org", datetime.now(UTC))
    sha = write_commit(bare, bare.text("rev-parse", "topic^{tree}"), ["main", "topic"], "by hand", who, who)
    assert site.user("wen")("PATCH", f"{site.path}/git/refs/heads/main", {"sha": sha}).status_code == 200
    assert site.hub.issue(site.repo, 1).as_pull.merge_commit_sha == sha


def test_retargeting_is_told_with_the_old_base(site: Site) -> None:
    site.hub.commit(site.repo, "release", {"r.txt": "r\n"}, "r", "ada")
    site.hub.edit_pull_request(site.repo, 1, "ada", base="release")
    edited = [event for event in site.hub.journal.events if event.action == "edited"][-1]
    changes = edited.payload["changes"]
    assert isinstance(changes, dict)
    assert changes["base"]["ref"] == {"from": "main"}


def test_fork_heads_are_readable_here_and_not_writable(hub: Hub, site: Site) -> None:
    fork = hub.fork("ada/text", "stranger")
    new = hub.commit(fork, "idea", {"idea.txt": "i\n"}, "idea", "stranger")
    pull = hub.open_pull_request(site.repo, "stranger:idea", "Idea", "stranger")
    shown = site.bot()("GET", f"{site.path}/pulls/{pull.number}").json()
    assert (shown["head"]["sha"], shown["head"]["repo"]["full_name"]) == (new, "stranger/text")
    assert hub.store.bare(site.repo).commit_id(f"refs/pull/{pull.number}/head") == new
    assert site.bot()("PUT", "/repos/stranger/text/contents/x", {"message": "m", "content": ""}).status_code == 404
    newer = hub.commit(fork, "idea", {"idea.txt": "ii\n"}, "more", "stranger")
    assert hub.store.bare(site.repo).commit_id(f"refs/pull/{pull.number}/head") == newer
    run = {"name": "n", "head_sha": newer, "status": "queued"}
    assert site.bot()("POST", f"{site.path}/check-runs", run).json()["pull_requests"] == []


def test_workflow_files_by_the_api_need_their_permission(site: Site) -> None:
    body = {"message": "ci", "content": "b246IHB1c2gK", "branch": "topic"}
    old = site.head
    assert site.bot()("PUT", f"{site.path}/contents/.github/workflows/ci.yml", body).status_code == 403
    assert site.head == old
    assert site.user("wen")("PUT", f"{site.path}/contents/.github/workflows/ci.yml", body).status_code == 201


def test_contents_guard_against_overwriting(site: Site) -> None:
    bot, at = site.bot(), f"{site.path}/contents/README.md"
    body = {"message": "m", "content": "eAo=", "branch": "topic"}
    assert bot("PUT", at, body).status_code == 422
    assert bot("PUT", at, {**body, "sha": "1" * 40}).status_code == 409
    assert bot("PUT", at, {**body, "content": "%%%"}).status_code == 422
    assert bot("GET", f"{site.path}/contents/README.md?ref=topic").json()["encoding"] == "base64"
    assert bot("GET", f"{site.path}/contents/nope.txt").status_code == 404
    assert bot("GET", at, accept="application/vnd.github.raw+json").text.startswith("# text")
