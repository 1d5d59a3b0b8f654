"""Every REST route and every event, once and with success, so that the judge sees all of them."""

from collections.abc import Iterator
from typing import Any

import requests

from bot.hub.rest.api import PREFIX, ROUTES, routing
from tests.hub.site import EVENTS, Site

ALL_EVENTS = {
    *EVENTS,
    "installation",
    "installation_repositories",
    "ping",
}


def test_every_route_and_event_is_as_github_describes_it(site: Site) -> None:
    walk_apps(site)
    walk_git(site)
    walk_issues(site)
    walk_checks(site)
    walk_reviews(site)
    walk_pulls(site)
    walk_queue(site)
    walk_leaving(site)
    assert sorted(unused_routes(site)) == []
    assert {event.event for event in site.hub.journal.events} == ALL_EVENTS


def unused_routes(site: Site) -> Iterator[str]:
    bound = routing().bind("hub")
    used = {
        bound.match(one.path, method=one.method)[0]
        for one in site.hub.journal.requests
        if one.path.startswith(PREFIX) and one.status < 400
    }
    yield from (f"{route.method} {route.template}" for n, route in enumerate(ROUTES) if n not in used)


def walk_apps(site: Site) -> None:
    app, path, number = site.as_app(), site.path, site.installation_id
    assert value(app.ok("GET", "/app"))["slug"] == "specbot"
    for one in (
        "/app/installations",
        f"/app/installations/{number}",
        f"{path}/installation",
        "/users/ada/installation",
    ):
        app.ok("GET", one)
    site.hub.add_user("acme", "Organization")
    org_repo = site.hub.create_repository("acme/tool", files={"a": "a\n"})
    site.hub.install(site.app, "acme", None)
    site.hub.commit(org_repo, "main", {"b": "b\n"}, "b", "wen")
    app.ok("GET", "/orgs/acme/installation")
    app.ok("PUT", f"/app/installations/{number}/suspended")
    app.ok("DELETE", f"/app/installations/{number}/suspended")
    token = value(app.ok("POST", f"/app/installations/{number}/access_tokens", {"repositories": ["text"]}))
    assert token["repository_selection"] == "selected"
    app.ok("GET", "/app/hook/config")
    site.hub.set_webhook(site.app, f"{site.hub.url}/nobody-listens-here")
    app.ok("PATCH", "/app/hook/config", {"content_type": "json", "url": f"{site.hub.url}/still-nobody"})
    assert site.hub.deliveries_idle(10)
    first = rows(app.ok("GET", "/app/hook/deliveries"))[0]["id"]
    app.ok("GET", f"/app/hook/deliveries/{first}")
    app.ok("POST", f"/app/hook/deliveries/{first}/attempts")
    assert site.hub.deliveries_idle(10)
    site.hub.set_webhook(site.app, None)
    ada, bot = site.user("ada"), site.bot()
    for one in (
        "/user",
        "/users/ada",
        "/users/specbot[bot]",
        f"/user/{site.app.bot_user.id}",
        "/meta",
        "/rate_limit",
        "/zen",
    ):
        ada("GET", one).raise_for_status()
    bot.ok("GET", "/installation/repositories")
    ada.ok("GET", path)
    bot.ok("GET", f"/repositories/{site.repo.id}")
    ada.ok("PUT", f"{path}/collaborators/wen", {"permission": "push"})
    ada.ok("GET", f"{path}/collaborators")
    ada.ok("GET", f"{path}/collaborators/wen")
    for login in ("ada", "wen", "tri", "mai", "rea", "stranger"):
        bot.ok("GET", f"{path}/collaborators/{login}/permission")


def walk_git(site: Site) -> None:
    bot, path = site.bot(), site.path
    tip = value(bot.ok("GET", f"{path}/git/ref/heads/main"))["object"]["sha"]
    bot.ok("GET", f"{path}/git/refs/heads/main")
    bot.ok("GET", f"{path}/git/matching-refs/heads/t")
    blob = value(bot.ok("POST", f"{path}/git/blobs", {"content": "hello\n", "encoding": "utf-8"}))["sha"]
    bot.ok("GET", f"{path}/git/blobs/{blob}")
    entries = [
        {"path": "hello.txt", "mode": "100644", "type": "blob", "sha": blob},
        {"path": "README.md", "mode": "100644", "type": "blob", "content": "# new\n"},
        {"path": "gone.txt", "mode": "100644", "type": "blob", "sha": None},
    ]
    tree = value(bot.ok("POST", f"{path}/git/trees", {"base_tree": tip, "tree": entries}))
    assert {row["path"] for row in tree["tree"]} == {"README.md", "hello.txt", "old.txt", "src", "tests"}
    bot.ok("GET", f"{path}/git/trees/{tree['sha']}?recursive=1")
    author = {"name": "A", "email": "a@example.org", "date": "2026-01-02T03:04:05Z"}
    body = {"message": "made\n", "tree": tree["sha"], "parents": [tip], "author": author}
    made = value(bot.ok("POST", f"{path}/git/commits", body))["sha"]
    bot.ok("GET", f"{path}/git/commits/{made}")
    bot.ok("POST", f"{path}/git/refs", {"ref": "refs/heads/made", "sha": tip})
    bot.ok("PATCH", f"{path}/git/refs/heads/made", {"sha": made})
    bot.ok("GET", f"{path}/branches")
    bot.ok("GET", f"{path}/branches/made")
    bot.ok("GET", f"{path}/commits?sha=made")
    bot.ok("GET", f"{path}/commits/made")
    compared = value(bot.ok("GET", f"{path}/compare/main...made"))
    assert (compared["status"], compared["ahead_by"], len(compared["files"])) == ("ahead", 1, 3)
    bot.ok("DELETE", f"{path}/git/refs/heads/made")
    for where in ("contents", "contents/", "contents/src", "contents/README.md?ref=topic"):
        bot.ok("GET", f"{path}/{where}")
    first = value(bot.ok("PUT", f"{path}/contents/x/y.txt", {"message": "y", "content": "eQo=", "branch": "topic"}))
    again = {"message": "y", "content": "eXkK", "branch": "topic", "sha": first["content"]["sha"]}
    second = value(bot.ok("PUT", f"{path}/contents/x/y.txt", again))
    bot.ok("DELETE", f"{path}/contents/x/y.txt", {"message": "n", "branch": "topic", "sha": second["content"]["sha"]})
    ada = site.user("ada")
    checks = {"strict": False, "checks": [{"context": "Specbot / acceptance", "app_id": site.app.id}]}
    rules = {
        "required_status_checks": {**checks, "contexts": []},
        "enforce_admins": True,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    ada.ok("PUT", f"{path}/branches/main/protection", rules)
    ada.ok("GET", f"{path}/branches/main/protection")
    ada.ok("GET", f"{path}/branches/main/protection/required_status_checks")
    ada.ok("GET", f"{path}/branches/main")
    ada.ok("POST", f"{path}/branches/main/protection/required_signatures")
    ada.ok("GET", f"{path}/branches/main/protection/required_signatures")
    site.hub.rule(site.repo, "main", signatures=True, linear=True, merge_methods=["squash"])
    made = bot("GET", f"{path}/rules/branches/main").json()
    assert [rule["type"] for rule in made] == ["required_signatures", "required_linear_history", "pull_request"]
    bot.ok("GET", f"{path}/rules/branches/nowhere")
    ada.ok("DELETE", f"{path}/branches/main/protection")


def walk_issues(site: Site) -> None:
    bot, ada, path = site.bot(), site.user("ada"), site.path
    ada.ok("POST", f"{path}/labels", {"name": "bug", "color": "ff0000", "description": "broken"})
    ada.ok("GET", f"{path}/labels")
    ada.ok("GET", f"{path}/labels/bug")
    number = value(bot.ok("POST", f"{path}/issues", {"title": "It breaks", "body": "so", "labels": ["bug"]}))["number"]
    for one in (number, 1):
        at = f"{path}/issues/{one}"
        bot.ok("GET", at)
        bot.ok("POST", f"{at}/labels", {"labels": ["spec"]})
        bot.ok("PUT", f"{at}/labels", {"labels": ["spec", "bug"]})
        bot.ok("GET", f"{at}/labels")
        bot.ok("DELETE", f"{at}/labels/bug")
        comment = value(bot.ok("POST", f"{at}/comments", {"body": "hello"}))["id"]
        bot.ok("GET", f"{at}/comments")
        there = f"{path}/issues/comments/{comment}"
        for subject in (at, there):
            given = value(bot.ok("POST", f"{subject}/reactions", {"content": "eyes"}))["id"]
            bot.ok("GET", f"{subject}/reactions")
            bot.ok("DELETE", f"{subject}/reactions/{given}")
        bot.ok("GET", there)
        bot.ok("PATCH", there, {"body": "hello again"})
        bot.ok("DELETE", there)
        bot.ok("PATCH", at, {"title": f"New title {one}", "body": "new"})
    bot.ok("GET", f"{path}/issues/comments")
    bot.ok("GET", f"{path}/issues?state=all&labels=spec")
    bot.ok("PATCH", f"{path}/issues/{number}", {"state": "closed", "state_reason": "not_planned"})
    bot.ok("PATCH", f"{path}/issues/{number}", {"state": "open"})


def walk_checks(site: Site) -> None:
    bot, path, head = site.bot(), site.path, site.head
    output = {"title": "Title", "summary": "Summary", "text": "Text"}
    note = {"path": "new.txt", "start_line": 1, "end_line": 2, "annotation_level": "warning", "message": "Hm"}
    button = {"label": "Retry", "description": "Once more", "identifier": "retry"}
    run = {"name": "Specbot / spec", "head_sha": head, "status": "in_progress", "external_id": "run-1"}
    number = value(bot.ok("POST", f"{path}/check-runs", run))["id"]
    at = f"{path}/check-runs/{number}"
    bot.ok("GET", at)
    done = {"conclusion": "failure", "output": {**output, "annotations": [note]}, "actions": [button]}
    bot.ok("PATCH", at, done)
    bot.ok("GET", f"{at}/annotations")
    bot.ok("POST", f"{at}/rerequest")
    bot.ok("GET", f"{path}/commits/{head}/check-runs?check_name=Specbot%20/%20spec&app_id={site.app.id}&filter=all")
    site.hub.press_button(number, "retry", "ada")
    suite = value(bot.ok("POST", f"{path}/check-suites", {"head_sha": head}))["id"]
    bot.ok("GET", f"{path}/check-suites/{suite}")
    bot.ok("GET", f"{path}/check-suites/{suite}/check-runs")
    bot.ok("POST", f"{path}/check-suites/{suite}/rerequest")
    bot.ok("GET", f"{path}/commits/topic/check-suites")
    site.hub.store.job_logs[number] = b"1 error\n"
    answer = site.user("rea")("GET", f"{path}/actions/jobs/{number}/logs")
    assert answer.text == "1 error\n"
    assert [one.status_code for one in answer.history] == [302]
    assert requests.get(answer.url, headers={"Authorization": "Bearer x"}, timeout=30).status_code == 403
    assert requests.get(answer.url.replace("sig=", "sig=0"), timeout=30).status_code == 403
    bot.ok("POST", f"{path}/statuses/{head}", {"state": "success", "context": "build", "description": "built"})
    bot.ok("GET", f"{path}/commits/{head}/status")
    bot.ok("GET", f"{path}/commits/topic/statuses")


def walk_reviews(site: Site) -> None:
    bot, wen, path = site.bot(), site.user("wen"), f"{site.path}/pulls/1"
    comments = [
        {"path": "new.txt", "line": 2, "side": "RIGHT", "body": "here"},
        {"path": "src/cut.py", "start_line": 1, "start_side": "RIGHT", "line": 3, "side": "RIGHT", "body": "there"},
        {"path": "gone.txt", "line": 1, "side": "LEFT", "body": "gone"},
    ]
    review = value(bot.ok("POST", f"{path}/reviews", {"event": "COMMENT", "body": "Look", "comments": comments}))["id"]
    bot.ok("GET", f"{path}/reviews")
    bot.ok("GET", f"{path}/reviews/{review}")
    bot.ok("PUT", f"{path}/reviews/{review}", {"body": "Look closer"})
    first = rows(bot.ok("GET", f"{path}/reviews/{review}/comments"))[0]["id"]
    pending = value(bot.ok("POST", f"{path}/reviews", {"body": "later", "comments": comments[:1]}))["id"]
    bot.ok("POST", f"{path}/reviews/{pending}/events", {"event": "COMMENT", "body": "now"})
    pending = value(bot.ok("POST", f"{path}/reviews", {"body": "never"}))["id"]
    bot.ok("DELETE", f"{path}/reviews/{pending}")
    approval = value(wen.ok("POST", f"{path}/reviews", {"event": "APPROVE"}))["id"]
    wen.ok("PUT", f"{path}/reviews/{approval}/dismissals", {"message": "on second thought"})
    bot.ok("GET", f"{path}/comments")
    bot.ok("GET", f"{site.path}/pulls/comments")
    whole = {"path": "new.txt", "subject_type": "file", "body": "all of it", "commit_id": site.head}
    made = value(bot.ok("POST", f"{path}/comments", whole))["id"]
    bot.ok("POST", f"{path}/comments/{first}/replies", {"body": "indeed"})
    at = f"{site.path}/pulls/comments/{made}"
    given = value(bot.ok("POST", f"{at}/reactions", {"content": "+1"}))["id"]
    bot.ok("GET", f"{at}/reactions")
    bot.ok("DELETE", f"{at}/reactions/{given}")
    bot.ok("GET", at)
    bot.ok("PATCH", at, {"body": "all of this"})
    bot.ok("DELETE", at)


def walk_pulls(site: Site) -> None:
    bot, ada, path, hub = site.bot(), site.user("ada"), site.path, site.hub
    hub.commit(site.repo, "other", {"o.txt": "o\n"}, "o", "ada")
    body = {"title": "Other", "head": "other", "base": "main", "body": "b", "draft": True}
    number = value(bot.ok("POST", f"{path}/pulls", body))["number"]
    at = f"{path}/pulls/{number}"
    hub.set_draft(site.repo, number, "ada", False)
    hub.set_draft(site.repo, number, "ada", True)
    hub.set_draft(site.repo, number, "ada", False)
    hub.commit(site.repo, "other", {"o.txt": "oo\n"}, "oo", "ada")
    bot.ok("PATCH", at, {"title": "Another", "base": "topic"})
    bot.ok("PATCH", at, {"state": "closed"})
    bot.ok("PATCH", at, {"state": "open", "base": "main"})
    bot.ok("GET", f"{path}/pulls?state=all&head=ada:other")
    bot.ok("GET", f"{at}/files")
    bot.ok("GET", f"{at}/commits")
    bot.ok("GET", f"{path}/commits/{hub.issue(site.repo, number).as_pull.head_sha}/pulls")
    bot.ok("GET", at)
    ada.ok("PUT", f"{at}/merge", {"merge_method": "squash", "commit_title": "One"})
    bot.ok("GET", f"{at}/merge")
    bot.ok("GET", at)


def walk_queue(site: Site) -> None:
    hub = site.hub
    hub.protect(site.repo, "main", [], merge_queue=True)
    for branch in ("first", "second"):
        hub.commit(site.repo, branch, {f"{branch}.txt": "q\n"}, "q", "ada")
    one = hub.open_pull_request(site.repo, "first", "First", "ada")
    two = hub.open_pull_request(site.repo, "second", "Second", "ada")
    hub.enqueue(site.repo, one.number, "ada")
    entry = hub.enqueue(site.repo, two.number, "ada")
    hub.dequeue(site.repo, one.number, "ada")
    body = {"name": "any", "head_sha": hub.merge_queue(site.repo, "main")[0].head_sha, "conclusion": "success"}
    site.bot().ok("POST", f"{site.path}/check-runs", body)
    assert entry.issue_id == two.id
    assert hub.merge_queue(site.repo, "main") == []


def walk_leaving(site: Site) -> None:
    hub, bot = site.hub, site.bot()
    more = hub.create_repository("ada/more", files={"a": "a\n"})
    hub.select_repositories(site.installation_id, [site.repo, more])
    hub.select_repositories(site.installation_id, [more])
    hub.select_repositories(site.installation_id, [site.repo, more])
    site.user("ada").ok("DELETE", f"{site.path}/collaborators/rea")
    bot.ok("DELETE", "/installation/token")
    site.as_app().ok("DELETE", f"/app/installations/{site.installation_id}")


def value(body: object) -> Any:
    """A JSON object."""
    assert isinstance(body, dict)
    return body


def rows(body: object) -> Any:
    """A JSON list."""
    assert isinstance(body, list)
    return body
