"""Check runs: only Apps write them, within limits; buttons and re-runs reach the App that owns them."""

from typing import Any

import requests

from tests.hub.site import Client, Site

OUTPUT = {"title": "t", "summary": "s"}


def create(site: Site, **more: object) -> requests.Response:
    body = {"name": "Specbot / acceptance", "head_sha": site.head, "status": "in_progress", **more}
    return site.bot()("POST", f"{site.path}/check-runs", body)


def note(line: int) -> dict[str, object]:
    return {"path": "new.txt", "start_line": line, "end_line": line, "annotation_level": "notice", "message": str(line)}


def test_only_apps_with_the_permission_write(site: Site) -> None:
    body = {"name": "n", "head_sha": site.head}
    refused = site.user("ada")("POST", f"{site.path}/check-runs", body)
    assert (refused.status_code, refused.json()["message"]) == (403, "You must authenticate via a GitHub App.")
    assert site.bot({"checks": "read"})("POST", f"{site.path}/check-runs", body).status_code == 403
    assert site.bot()("POST", f"{site.path}/check-runs", body).status_code == 201


def test_another_app_cannot_change_it(site: Site) -> None:
    number = create(site).json()["id"]
    other = site.hub.register_app("other", "Other", {"checks": "write"}, ["check_run"])
    token = site.hub.installation_token(site.hub.install(other, "ada", [site.repo]))
    refused = Client(site.hub.api_url, token)("PATCH", f"{site.path}/check-runs/{number}", {"status": "queued"})
    assert refused.status_code == 403


TOO_MUCH: tuple[dict[str, object], ...] = (
    {"output": {"title": "t", "summary": "x" * 65_536}},
    {"output": {**OUTPUT, "text": "x" * 65_536}},
    {"output": {**OUTPUT, "annotations": [note(n) for n in range(1, 52)]}},
    {"output": {"title": "t"}},
    {"output": {**OUTPUT, "annotations": [{**note(3), "end_line": 2}]}},
    {"output": {**OUTPUT, "annotations": [{**note(1), "end_line": 2, "start_column": 1}]}},
    {"output": {**OUTPUT, "annotations": [{**note(1), "message": "x" * 65_537}]}},
    {"actions": [{"label": "l", "description": "d", "identifier": str(n)} for n in range(4)]},
    {"actions": [{"label": "x" * 21, "description": "d", "identifier": "i"}]},
    {"actions": [{"label": "l", "description": "x" * 41, "identifier": "i"}]},
    {"actions": [{"label": "l", "description": "d", "identifier": "x" * 21}]},
    {"status": "completed"},
    {"conclusion": "stale"},
    {"status": "done"},
    {"head_sha": "1" * 40},
    {"head_sha": "topic"},
)


def test_limits_are_422_and_nothing_is_made(site: Site) -> None:
    for more in TOO_MUCH:
        assert create(site, **more).status_code == 422, str(more)[:200]
    assert len(site.hub.store.runs) == 0


def test_annotations_append_up_to_the_next_fifty(site: Site) -> None:
    made = create(site, output={**OUTPUT, "annotations": [note(n) for n in range(1, 51)]}).json()
    at = f"{site.path}/check-runs/{made['id']}"
    for start in (51, 101):
        body = {"output": {"summary": "s", "annotations": [note(n) for n in range(start, start + 50)]}}
        site.bot()("PATCH", at, body).raise_for_status()
    shown = site.bot()("GET", at).json()
    assert (shown["output"]["annotations_count"], shown["output"]["title"]) == (150, "t")
    pages = [site.bot()("GET", f"{at}/annotations?per_page=100&page={page}").json() for page in (1, 2)]
    assert [one["message"] for page in pages for one in page] == [str(n) for n in range(1, 151)]


def test_a_conclusion_completes_and_a_status_takes_it_back(site: Site) -> None:
    made = create(site).json()
    assert (made["status"], made["completed_at"]) == ("in_progress", None)
    at = f"{site.path}/check-runs/{made['id']}"
    done = site.bot()("PATCH", at, {"conclusion": "failure"}).json()
    assert (done["status"], done["conclusion"], done["completed_at"] is not None) == ("completed", "failure", True)
    again = site.bot()("PATCH", at, {"status": "in_progress"}).json()
    assert (again["status"], again["conclusion"], again["completed_at"]) == ("in_progress", None, None)


def test_listing_by_name_app_and_filter(site: Site) -> None:
    first, second = create(site, external_id="a").json()["id"], create(site, external_id="b").json()["id"]
    create(site, name="Specbot / spec")

    def found(query: str) -> list[int]:
        body = site.bot()("GET", f"{site.path}/commits/topic/check-runs?{query}").json()
        assert body["total_count"] == len(body["check_runs"])
        return [run["id"] for run in body["check_runs"]]

    name = "check_name=Specbot%20%2F%20acceptance"
    assert found(name) == [second]
    assert found(f"{name}&filter=all") == [second, first]
    assert found(f"app_id={site.app.id}") != []
    assert found("app_id=1") == []
    assert len(found("filter=all&status=in_progress")) == 3


def test_suite_gathers_the_latest_of_each_name(site: Site) -> None:
    suite = site.hub.check_suites(site.repo, site.head)[0].id

    def state() -> tuple[str, str | None]:
        body = site.bot()("GET", f"{site.path}/check-suites/{suite}").json()
        return body["status"], body["conclusion"]

    assert state() == ("queued", None)
    create(site, status="completed", conclusion="failure")
    assert state() == ("completed", "failure")
    create(site)
    assert state() == ("in_progress", None)
    create(site, status="completed", conclusion="success")
    assert state() == ("completed", "success")


def owner_events(site: Site, start: int) -> list[tuple[int, str, str | None]]:
    return [(event.app_id, event.event, event.action) for event in site.hub.journal.events[start:]]


def test_buttons_and_reruns_reach_only_the_owner(site: Site) -> None:
    other = site.hub.register_app("other", "Other", {"checks": "write"}, ["check_run", "check_suite"])
    site.hub.install(other, "ada", [site.repo])
    button = {"label": "Retry", "description": "d", "identifier": "retry"}
    run = create(site, actions=[button], status="completed", conclusion="failure").json()
    start = len(site.hub.journal.events)
    site.hub.press_button(run["id"], "retry", "wen")
    site.hub.rerequest(run["id"], "wen")
    site.user("wen")("POST", f"{site.path}/check-suites/{run['check_suite']['id']}/rerequest").raise_for_status()
    assert owner_events(site, start) == [
        (site.app.id, "check_run", "requested_action"),
        (site.app.id, "check_run", "rerequested"),
        (site.app.id, "check_suite", "rerequested"),
    ]
    pressed: Any = site.hub.journal.events[start].payload
    assert pressed["requested_action"] == {"identifier": "retry"}
    assert pressed["sender"]["login"] == "wen"
    assert pressed["check_run"]["external_id"] == ""
    assert [one["number"] for one in pressed["check_run"]["pull_requests"]] == [1]
    # The run itself stays as it was: resetting is the App's business.
    assert site.bot()("GET", f"{site.path}/check-runs/{run['id']}").json()["conclusion"] == "failure"
    assert site.user("rea")("POST", f"{site.path}/check-runs/{run['id']}/rerequest").status_code == 403


def test_created_and_completed_are_told_to_subscribers(site: Site) -> None:
    start = len(site.hub.journal.events)
    number = create(site).json()["id"]
    site.bot()("PATCH", f"{site.path}/check-runs/{number}", {"output": OUTPUT})
    site.bot()("PATCH", f"{site.path}/check-runs/{number}", {"conclusion": "success"})
    assert [event.action for event in site.hub.journal.events[start:]] == ["created", "completed"]
