"""The merge queue: one behind another, and only on the merged tree's own checks."""

import pytest

from bot.hub import Refused
from tests.hub.site import Site
from tests.hub.test_merging import NAME


def ready(site: Site, branch: str, files: dict[str, str]) -> int:
    """A pull request whose head has passed; its number."""
    site.hub.commit(site.repo, branch, dict(files), "Change", "ada")
    pull = site.hub.open_pull_request(site.repo, branch, branch, "ada")
    conclude(site, pull.as_pull.head_sha, "success")
    return pull.number


def conclude(site: Site, sha: str, conclusion: str) -> None:
    body = {"name": NAME, "head_sha": sha, "conclusion": conclusion}
    site.bot()("POST", f"{site.path}/check-runs", body).raise_for_status()


def groups(site: Site) -> list[str]:
    return [entry.head_sha for entry in site.hub.merge_queue(site.repo, "main")]


def told(site: Site) -> list[str | None]:
    return [event.action for event in site.hub.journal.events if event.event == "merge_group"]


@pytest.fixture
def queued(site: Site) -> tuple[int, int]:
    """Two pull requests that wait one behind the other."""
    site.hub.protect(site.repo, "main", [(NAME, site.app.id)], merge_queue=True)
    numbers = ready(site, "one", {"one": "1\n"}), ready(site, "two", {"two": "2\n"})
    for number in numbers:
        site.hub.enqueue(site.repo, number, "wen")
    return numbers


def test_the_second_is_built_on_the_first_and_both_are_merged_in_order(site: Site, queued: tuple[int, int]) -> None:
    first, second = groups(site)
    bare = site.hub.store.bare(site.repo)
    assert bare.text("rev-parse", f"{second}^1") == first
    entry = site.hub.merge_queue(site.repo, "main")[1]
    assert entry.head_ref == f"refs/heads/gh-readonly-queue/main/pr-{queued[1]}-{first}"
    assert bare.refs()[entry.head_ref] == second
    conclude(site, second, "success")
    assert groups(site) == [first, second], "the second waits for the first"
    conclude(site, first, "success")
    assert groups(site) == []
    assert bare.refs()["refs/heads/main"] == second
    assert all(site.hub.issue(site.repo, number).as_pull.merged_at for number in queued)
    assert not [ref for ref in bare.refs() if "gh-readonly-queue" in ref]
    assert told(site) == ["checks_requested", "checks_requested", "destroyed", "destroyed"]


def test_one_that_fails_leaves_and_what_was_built_on_it_is_built_anew(site: Site, queued: tuple[int, int]) -> None:
    first, second = groups(site)
    conclude(site, first, "failure")
    (again,) = groups(site)
    assert again != second
    assert "one" not in site.hub.store.bare(site.repo).text("ls-tree", "--name-only", again).split()
    assert site.hub.issue(site.repo, queued[0]).state == "open"
    conclude(site, again, "success")
    assert [bool(site.hub.issue(site.repo, n).as_pull.merged_at) for n in queued] == [False, True]


def test_another_apps_check_of_that_name_merges_nothing(site: Site, queued: tuple[int, int]) -> None:
    site.hub.protect(site.repo, "main", [(NAME, site.app.id + 1)], merge_queue=True)
    conclude(site, groups(site)[0], "success")
    assert len(groups(site)) == 2


def test_nothing_goes_around_the_queue_and_nothing_red_goes_in(site: Site) -> None:
    site.hub.protect(site.repo, "main", [(NAME, site.app.id)], merge_queue=True)
    with pytest.raises(Refused, match="expected"):
        site.hub.enqueue(site.repo, 1, "ada")
    conclude(site, site.head, "success")
    with pytest.raises(Refused, match="merge queue"):
        site.hub.merge(site.repo, 1, "ada")
    site.hub.enqueue(site.repo, 1, "ada")
    with pytest.raises(Refused, match="already"):
        site.hub.enqueue(site.repo, 1, "ada")


def test_a_conflict_with_the_one_ahead_leaves_the_queue(site: Site) -> None:
    site.hub.protect(site.repo, "main", [(NAME, site.app.id)], merge_queue=True)
    one, two = ready(site, "one", {"same": "1\n"}), ready(site, "two", {"same": "2\n"})
    site.hub.enqueue(site.repo, one, "ada")
    site.hub.enqueue(site.repo, two, "ada")
    assert len(groups(site)) == 1


def test_a_push_takes_the_pull_request_out_when_its_group_is_reported(site: Site, queued: tuple[int, int]) -> None:
    first, _ = groups(site)
    site.hub.commit(site.repo, "one", {"one": "later\n"}, "Later", "ada")
    conclude(site, first, "success")
    assert len(groups(site)) == 1
    assert not site.hub.issue(site.repo, queued[0]).as_pull.merged_at
