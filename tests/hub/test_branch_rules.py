"""What a branch does not take: unsigned commits, merge commits, a way of merging that is not allowed."""

from pathlib import Path

import pytest

from tests.hub.site import Site
from tests.hub.test_git_transport import Git, committed, full, tip


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git(tmp_path / "home")


def clone(git: Git, site: Site, tmp_path: Path) -> Path:
    where = tmp_path / "clone"
    git("clone", "-q", "-b", "topic", full(site), str(where))
    return where


def test_a_branch_that_requires_signatures_takes_no_unsigned_commit(site: Site, git: Git, tmp_path: Path) -> None:
    where, before = clone(git, site, tmp_path), tip(site)
    site.hub.rule(site.repo, "topic", signatures=True)
    committed(git, where, "b.txt")
    refused = git("push", "-q", "origin", "topic", cwd=where, check=False)
    assert refused.returncode != 0
    assert "Commits must have verified signatures" in refused.stderr
    assert tip(site) == before
    git("push", "-q", "origin", "topic:elsewhere", cwd=where)
    sha = git.out("rev-parse", "HEAD", cwd=where)
    moved = site.bot()("PATCH", f"{site.path}/git/refs/heads/topic", {"sha": sha})
    assert (moved.status_code, "signatures" in moved.json()["message"]) == (422, True)
    site.hub.store.signed.add(sha)
    git("push", "-q", "origin", "topic", cwd=where)
    assert tip(site) == sha


def test_a_linear_branch_takes_no_merge_commit(site: Site, git: Git, tmp_path: Path) -> None:
    where = clone(git, site, tmp_path)
    site.hub.rule(site.repo, "topic", linear=True)
    git("checkout", "-q", "-b", "side", cwd=where)
    committed(git, where, "side.txt")
    git("checkout", "-q", "topic", cwd=where)
    committed(git, where, "c.txt")
    git("push", "-q", "origin", "topic", cwd=where)
    git("merge", "-q", "--no-ff", "-m", "Merge", "side", cwd=where)
    refused = git("push", "-q", "origin", "topic", cwd=where, check=False)
    assert "must not contain merge commits" in refused.stderr


def test_a_merge_brings_only_signed_commits_to_such_a_base(site: Site) -> None:
    site.hub.rule(site.repo, "main", signatures=True)
    assert site.hub.merge_blockers(site.repo, 1) == ["Commits must have verified signatures."]
    bare = site.hub.store.bare(site.repo)
    site.hub.store.signed.update(bare.text("rev-list", site.head, "--not", "main").split())
    assert site.hub.merge_blockers(site.repo, 1) == []


@pytest.mark.parametrize(("linear", "methods", "refused"), [(True, [], "merge"), (False, ["rebase"], "squash")])
def test_only_allowed_ways_of_merging(site: Site, linear: bool, methods: list[str], refused: str) -> None:
    site.hub.rule(site.repo, "main", linear=linear, merge_methods=methods)
    answer = site.user("wen")("PUT", f"{site.path}/pulls/1/merge", {"merge_method": refused})
    assert answer.status_code == 405
    answer = site.user("wen")("PUT", f"{site.path}/pulls/1/merge", {"merge_method": "rebase"})
    assert answer.json()["merged"] is True


def test_rules_are_shown_to_apps_only_where_they_are_a_ruleset(site: Site) -> None:
    site.hub.rule(site.repo, "main", signatures=True, ruleset=False)
    assert site.bot().ok("GET", f"{site.path}/rules/branches/main") == []
    site.hub.rule(site.repo, "main", signatures=True)
    (rule,) = site.bot()("GET", f"{site.path}/rules/branches/main").json()
    assert rule["type"] == "required_signatures"
