"""Merging: protection really blocks, and a merge is what git makes of it."""

import pytest
import requests

from bot.hub import Refused
from tests.hub.site import Client, Site

NAME = "Specbot / acceptance"


def conclude(site: Site, conclusion: str, client: Client | None = None) -> None:
    body = {"name": NAME, "head_sha": site.head, "conclusion": conclusion, "status": "completed"}
    (client or site.bot())("POST", f"{site.path}/check-runs", body).raise_for_status()


def merge(site: Site, login: str = "wen", **more: object) -> requests.Response:
    return site.user(login)("PUT", f"{site.path}/pulls/1/merge", more)


def test_required_check_blocks_until_the_pinned_app_says_success(site: Site) -> None:
    site.hub.protect(site.repo, "main", [(NAME, site.app.id)])
    expected = merge(site)
    assert (expected.status_code, expected.json()["message"]) == (405, f'Required status check "{NAME}" is expected.')
    other = site.hub.register_app("forger", "Forger", {"checks": "write"}, [])
    forger = Client(site.hub.api_url, site.hub.installation_token(site.hub.install(other, "ada", [site.repo])))
    conclude(site, "success", forger)
    assert merge(site).status_code == 405
    for conclusion in ("failure", "action_required", "cancelled", "timed_out"):
        conclude(site, conclusion)
        assert "failing" in merge(site).json()["message"]
    with pytest.raises(Refused, match="failing"):
        site.hub.merge(site.repo, 1, "ada")
    conclude(site, "success")
    assert site.hub.merge_blockers(site.repo, 1) == []
    assert merge(site).json()["merged"] is True


@pytest.mark.parametrize("conclusion", ["neutral", "skipped"])
def test_neutral_and_skipped_pass_as_at_github(site: Site, conclusion: str) -> None:
    site.hub.protect(site.repo, "main", [(NAME, site.app.id)])
    conclude(site, conclusion)
    assert merge(site).status_code == 200


def test_checks_count_on_the_head_only(site: Site) -> None:
    site.hub.protect(site.repo, "main", [(NAME, None)])
    conclude(site, "success")
    site.hub.commit(site.repo, "topic", {"z": "z\n"}, "z", "ada")
    assert "expected" in merge(site).json()["message"]


def test_strict_needs_the_base_inside(site: Site) -> None:
    site.hub.protect(site.repo, "main", [], strict=True)
    site.hub.commit(site.repo, "main", {"m": "m\n"}, "m", "ada")
    assert "out of date" in merge(site).json()["message"]


def test_admins_pass_unless_enforced(site: Site) -> None:
    site.hub.protect(site.repo, "main", [(NAME, None)], enforce_admins=False)
    assert merge(site, "wen").status_code == 405
    assert merge(site, "ada").status_code == 200


def test_merge_commit_has_both_parents_and_tells_it(site: Site) -> None:
    bare, head = site.hub.store.bare(site.repo), site.head
    base = bare.commit_id("refs/heads/main")
    sha = merge(site).json()["sha"]
    assert bare.text("rev-parse", f"{sha}^1", f"{sha}^2").split() == [base, head]
    told = [(event.event, event.action) for event in site.hub.journal.events][-3:]
    assert told == [("push", None), ("check_suite", "requested"), ("pull_request", "closed")]
    shown = site.bot()("GET", f"{site.path}/pulls/1").json()
    assert (shown["merged"], shown["merged_by"]["login"], shown["changed_files"]) == (True, "wen", 4)
    assert merge(site).status_code == 405


@pytest.mark.parametrize("method", ["squash", "rebase"])
def test_squash_and_rebase(site: Site, method: str) -> None:
    site.hub.commit(site.repo, "main", {"m": "m\n"}, "m", "ada")
    site.hub.commit(site.repo, "topic", {"t": "t\n"}, "t", "ada")
    bare, base = site.hub.store.bare(site.repo), "refs/heads/main"
    old = bare.commit_id(base)
    assert merge(site, merge_method=method).status_code == 200
    assert bare.text("rev-list", "--count", f"{old}..main") == ("1" if method == "squash" else "2")
    assert bare.text("show", "main:m", "main:t") == "m\nt"


def test_conflict_and_moved_head(site: Site) -> None:
    assert merge(site, sha="1" * 40).status_code == 409
    site.hub.commit(site.repo, "main", {"new.txt": "conflict\n"}, "c", "ada")
    assert site.bot()("GET", f"{site.path}/pulls/1").json()["mergeable_state"] == "dirty"
    assert merge(site).status_code == 405


def test_readers_and_drafts_do_not_merge(site: Site) -> None:
    assert merge(site, "rea").status_code == 403
    site.hub.set_draft(site.repo, 1, "ada", True)
    assert merge(site).status_code == 405


def test_a_merge_into_the_default_branch_closes_the_issues_that_its_body_names(site: Site) -> None:
    one, two, other = (site.hub.open_issue(site.repo, title, "wen") for title in ("One", "Two", "Other"))
    site.hub.edit_pull_request(
        site.repo, 1, "ada", body=f"Closes #{one.number}, fixes: #{two.number}. See #{other.number}; closes #99."
    )
    site.hub.merge(site.repo, 1, "ada")
    states = [site.hub.issue(site.repo, issue.number).state for issue in (one, two, other)]
    assert states == ["closed", "closed", "open"]
