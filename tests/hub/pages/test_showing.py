"""What a person sees of a repository with pull requests in every state."""

import pytest
import requests

from bot.hub.changes.reviews import Remark
from tests.hub.pages.conftest import Shown

PAGES = {
    "/": "ada/text",
    "/ada/text": "Small helpers for text.",
    "/ADA/Text": "Small helpers for text.",
    "/ada/text/tree/cut-at-words/src/text": "__init__.py",
    "/ada/text/blob/cut-at-words/specs/0001-cut.md": "Titles in lists are cut",
    "/ada/text/blob/cut-at-words/specs/0001-cut.md?plain=1": "## Intent",
    "/ada/text/blob/main/setup.cfg": "old = 1",
    "/ada/text/blob/cut-at-words/docs/cut.bin": "No text, or too large",
    "/ada/text/commits/cut-at-words": "Say how long text is to be cut",
    "/ada/text/pulls": "Cut long text",
    "/ada/text/pulls?state=closed": "Mend a word",
    "/ada/text/pulls?state=all&page=99999999999": "Cut long text",
    "/ada/text/issues": "Titles are cut in the middle",
    "/ada/text/issues/2": "Look at lists.",
    "/ada/text/issues/1": "would merge 3 commits",
    "/ada/text/pull/1": "would merge 3 commits",
    "/ada/text/pull/1?live=1": "stop refreshing",
    "/ada/text/pull/1/commits": "Test cut() at its limits",
    "/ada/text/pull/1/checks": "1 of 3 criteria failed",
    "/ada/text/pull/1/files": "src/text/__init__.py",
    "/ada/text/pull/3": "Ready for review",
    "/ada/text/pull/4": "closed this",
}

GONE = (
    "/nobody", "/nobody/nothing", "/ada/text/pull/99", "/ada/text/pull/2", "/ada/text/pull/x", "/ada/text/pull/" + "9" * 5000,
    "/ada/text/issues/0", "/ada/text/commit/" + "0" * 40, "/ada/text/commit/main", "/ada/text/commit/HEAD~1",
    "/ada/text/blob/main/no.txt", "/ada/text/blob/main", "/ada/text/blob/nowhere/README.md", "/ada/text/blob/main/src",
    "/ada/text/blob/main/../../../etc/passwd", "/ada/text/blob/main/%2e%2e/HEAD", "/ada/text/blob/main/a%00b",
    "/ada/text/tree/main/README.md", "/ada/text/tree/--all", "/ada/text/commits/--output=x", "/ada/text/runs/1",
    "/ada/text/runs/x", "/ada/text/pull/1/checks?sha=main", "/-/other.css", "/ada/text/settings",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there(shown: Shown, path: str) -> None:
    assert PAGES[path] in shown.browser.get(path).text


@pytest.mark.parametrize("path", GONE)
def test_what_is_not_there_is_a_plain_404(shown: Shown, path: str) -> None:
    shown.browser.get(path, status=404)


def test_every_link_on_the_pages_leads_somewhere(shown: Shown) -> None:
    seen = {"/"}
    waiting = ["/"]
    while waiting:
        for link in shown.browser.get(waiting.pop()).links:
            path = link.partition("#")[0]
            if path.startswith("/ada") and path not in seen:
                seen.add(path)
                waiting.append(path)
    assert len(seen) > 30


def test_the_conversation_is_in_the_order_in_which_it_happened(shown: Shown) -> None:
    text = shown.browser.get(shown.page).text
    story = (
        "Titles are cut in the middle of a word.", "Say how long text is to be cut", "Looks right to me.",
        "Cut text at the last blank that fits", "Test cut() at its limits", "Specbot: 1 of 3 criteria failed",
        "2 remarks", "The ellipsis may be longer", "True. Please mend it.", "One case without any blank",
        "requested changes", "I may only read here.", "Merging is blocked",
    )  # fmt: skip
    places = [text.find(part) for part in story]
    assert -1 not in places
    assert places == sorted(places)
    assert text.count("True. Please mend it.") == 1, "a reply belongs to its thread and nowhere else"
    assert text.count("reviewed") == 1, "the review that a reply makes has nothing to show"


def test_the_merge_box_says_what_is_required_and_what_blocks(shown: Shown) -> None:
    page = shown.browser.get(shown.page)
    assert "1 failed, 1 not finished, 1 passed" in page.text
    assert page.text.count("required") == 2
    assert 'Required status check "Specbot / acceptance" is failing.' in page.text
    (merge,) = (form for form in page.forms if form.action.endswith("/merge"))
    assert merge.disabled == [""]
    unreported = shown.browser.get("/ada/text/pull/3").text
    assert "2 not finished" in unreported
    assert "from Specbot" in unreported


def test_a_check_shows_its_texts_its_annotations_and_its_buttons(shown: Shown) -> None:
    page = shown.browser.get(f"{shown.page}/checks")
    for part in ("AC-3 is red on the branch", "2 annotations", "specs/0001-cut.md:21", "src/text/__init__.py:19-21"):
        assert part in page.text
    assert "The room for the ellipsis is not kept." in page.text
    assert "len 6 > 5" in page.text
    buttons = [button[1] for form in page.forms for button in form.buttons]
    assert buttons.count("retry") == buttons.count("verify") == 1
    assert sum(button[2].endswith("/rerun") for form in page.forms for button in form.buttons) == 3


def test_remarks_and_annotations_stand_under_their_lines(shown: Shown) -> None:
    text = shown.browser.get(f"{shown.page}/files").text
    story = ("## Acceptance criteria", "AC-3** WHEN no blank", "AC-3 failed", "## Tasks")
    remarks = ('at = head.rfind(" ")', "The ellipsis may be longer", "True. Please mend it.", "return (head[:at]")
    for order in (story, remarks):
        places = [text.find(part) for part in order]
        assert -1 not in places
        assert places == sorted(places)


def test_a_remark_whose_line_has_moved_follows_it_and_an_outdated_one_stays_in_the_conversation(shown: Shown) -> None:
    hub, repo = shown.hub, shown.repo
    hub.commit(repo, "moving", {"a.txt": "one\ntwo\nthree\n"}, "Add a", "grace")
    pull = hub.open_pull_request(repo, "moving", "Add a", "grace")
    remarks = [Remark("a.txt", "about two", line=2), Remark("a.txt", "about three", line=3)]
    hub.review(repo, pull.number, "ada", "COMMENT", "", remarks)
    hub.commit(repo, "moving", {"a.txt": "zero\none\ntwo\n3\n"}, "Change a", "grace")
    page = f"/ada/text/pull/{pull.number}"
    files, conversation = shown.browser.get(f"{page}/files").text, shown.browser.get(page).text
    assert files.index("two") < files.index("about two") < files.index("+3")
    assert "about three" not in files
    assert conversation.count("outdated") == 1


def test_a_forced_push_says_what_it_replaced(shown: Shown) -> None:
    hub, repo = shown.hub, shown.repo
    old = hub.commit(repo, "forced", {"b.txt": "b\n"}, "Add b", "grace")
    pull = hub.open_pull_request(repo, "forced", "Add b", "grace")
    new = hub.commit(repo, "forced-new", {"b.txt": "better\n"}, "Add a better b", "grace")
    hub.store.bare(repo).set_ref("refs/heads/forced", new)
    hub.notice_pushes(repo, "grace")
    text = " ".join(shown.browser.get(f"/ada/text/pull/{pull.number}").text.split())
    assert f"replaced {old[:7]} by {new[:7]} with a forced push of 1 commit" in text


def test_the_longest_known_ref_wins_over_a_path_below_a_shorter_one(shown: Shown) -> None:
    hub, repo = shown.hub, shown.repo
    old = hub.store.tip(repo, "main")
    assert old is not None
    hub.store.bare(repo).set_ref("refs/tags/rel", old)
    hub.commit(repo, "rel/one", {"only-here.txt": "x\n"}, "Only here", "grace")
    hub.notice_pushes(repo, "grace")
    assert "only-here.txt" in shown.browser.get("/ada/text/tree/rel/one").text
    assert "only-here.txt" not in shown.browser.get("/ada/text/tree/rel").text
    assert "x" in shown.browser.get("/ada/text/blob/rel/one/only-here.txt").text


def test_the_diff_is_there_as_text(shown: Shown) -> None:
    answer = requests.get(f"{shown.hub.url}{shown.page}.diff", timeout=30)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.text.startswith("diff --git")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_style_sheet_is_the_only_thing_loaded_and_is_sent_once(shown: Shown) -> None:
    page = shown.browser.get(shown.page)
    assert [values["href"] for tag, values in page.tags if tag == "link" and values["rel"] == "stylesheet"] == [
        "/-/hub.css"
    ]
    first = requests.get(f"{shown.hub.url}/-/hub.css", timeout=30)
    assert "url(" not in first.text
    assert "@import" not in first.text
    again = requests.get(f"{shown.hub.url}/-/hub.css", headers={"If-None-Match": first.headers["ETag"]}, timeout=30)
    assert (first.status_code, again.status_code) == (200, 304)


def test_a_page_can_refresh_itself_without_a_script(shown: Shown) -> None:
    page = shown.browser.get(f"{shown.page}?live=1")
    assert ("meta", {"http-equiv": "refresh", "content": "4"}) in page.tags
    assert "http-equiv" not in shown.browser.get(shown.page).html


def test_a_repository_without_a_commit_says_how_to_begin(shown: Shown) -> None:
    empty = shown.hub.create_repository("ada/empty")
    assert empty.clone_url in shown.browser.get("/ada/empty").text
    shown.browser.get("/ada/empty/pulls")
