"""Commit statuses: who may report them, and which of a context counts."""

from tests.hub.site import Site


def test_the_newest_of_a_context_counts_and_one_failure_decides(site: Site) -> None:
    wen, where = site.user("wen"), f"{site.path}/statuses/{site.head}"
    wen.ok("POST", where, {"state": "pending", "context": "build"})
    wen.ok("POST", where, {"state": "success", "context": "build", "description": "built"})
    wen.ok("POST", where, {"state": "error", "context": "deploy", "target_url": "https://ci.example.org/1"})
    said = wen.ok("GET", f"{site.path}/commits/{site.head}/status")
    assert isinstance(said, dict)
    assert (said["state"], said["total_count"]) == ("failure", 2)
    assert {one["context"]: one["state"] for one in said["statuses"]} == {"build": "success", "deploy": "error"}
    listed = wen.ok("GET", f"{site.path}/commits/topic/statuses")
    assert isinstance(listed, list)
    assert [one["state"] for one in listed] == ["error", "success", "pending"]


def test_without_a_status_a_commit_is_pending(site: Site) -> None:
    said = site.user("rea").ok("GET", f"{site.path}/commits/{site.head}/status")
    assert isinstance(said, dict)
    assert (said["state"], said["statuses"]) == ("pending", [])


def test_who_may_not_push_reports_nothing(site: Site) -> None:
    where = f"{site.path}/statuses/{site.head}"
    assert site.user("rea")("POST", where, {"state": "success"}).status_code == 403
    assert site.bot({"checks": "write"})("POST", where, {"state": "success"}).status_code == 403
    assert site.user("wen")("POST", where, {"state": "good"}).status_code == 422
    assert site.user("wen")("POST", f"{site.path}/statuses/{'1' * 40}", {"state": "success"}).status_code == 422
