"""What is not there, not allowed or not well said: each with GitHub's status, and nothing changes."""

from tests.hub.site import Site

NOT_THERE = (
    "/users/nobody-here",
    "/user/1",
    "/repositories/1",
    "/repos/ada/nothing",
    "{repo}/branches/nothing",
    "{repo}/git/ref/heads/nothing",
    "{repo}/git/commits/1111111111111111111111111111111111111111",
    "{repo}/git/blobs/1111111111111111111111111111111111111111",
    "{repo}/git/trees/nothing",
    "{repo}/contents/README.md?ref=nothing",
    "{repo}/commits?sha=nothing",
    "{repo}/compare/main...nothing",
    "{repo}/compare/main",
    "{repo}/issues/99",
    "{repo}/issues/x",
    "{repo}/issues/comments/1",
    "{repo}/issues/comments/1/reactions",
    "{repo}/labels/nothing",
    "{repo}/pulls/99",
    "{repo}/pulls/1/merge",
    "{repo}/pulls/comments/1",
    "{repo}/pulls/comments/1/reactions",
    "{repo}/pulls/1/reviews/1",
    "{repo}/check-runs/1",
    "{repo}/check-suites/1",
    "{repo}/collaborators/stranger",
    "{repo}/branches/main/protection",
    "{repo}/branches/main/protection/required_status_checks",
)

BADLY_SAID = (
    ("POST", "/git/refs", {"ref": "main", "sha": "{head}"}),
    ("POST", "/git/refs", {"ref": "refs/heads/a..b", "sha": "{head}"}),
    ("POST", "/git/refs", {"ref": "refs/heads/topic", "sha": "{head}"}),
    ("POST", "/git/refs", {"ref": "refs/heads/new", "sha": "1" * 40}),
    ("POST", "/git/refs", {"ref": "refs/heads/new"}),
    ("PATCH", "/git/refs/heads/nothing", {"sha": "{head}"}),
    ("PATCH", "/git/refs/heads/topic", {"sha": "1" * 40}),
    ("PATCH", "/git/refs/heads/topic", {"sha": "{head}", "force": "yes"}),
    ("PATCH", "/git/refs/pull/1/head", {"sha": "{head}"}),
    ("DELETE", "/git/refs/heads/nothing", None),
    ("POST", "/git/blobs", {"content": "a", "encoding": "base64"}),
    ("POST", "/git/trees", {"base_tree": "1" * 40, "tree": []}),
    ("POST", "/git/trees", {"base_tree": "--index-output=/tmp/x", "tree": []}),
    ("POST", "/git/commits", {"message": "m", "tree": "-F/etc/passwd", "parents": []}),
    ("POST", "/git/commits", {"message": "m", "tree": "1" * 40, "parents": ["--help"]}),
    ("POST", "/git/trees", {"tree": [7]}),
    ("POST", "/git/commits", {"message": "m", "tree": "1" * 40, "parents": []}),
    ("POST", "/git/commits", {"message": "m", "tree": "1" * 40, "parents": "x"}),
    (
        "POST",
        "/git/commits",
        {"message": "m", "tree": "1" * 40, "author": {"name": "a", "email": "b", "date": "soon"}},
    ),
    ("GET", "/git/blobs/short", None),
    ("GET", "/commits/nothing", None),
    ("POST", "/issues", {"title": ""}),
    ("POST", "/issues", {"title": "x" * 257}),
    ("POST", "/issues", {"title": "x", "labels": "bug"}),
    ("PATCH", "/issues/1", {"state": "gone"}),
    ("POST", "/issues/1/reactions", {"content": "cake"}),
    ("PUT", "/issues/1/labels", {"labels": ["x" * 51]}),
    ("POST", "/labels", {"name": "x", "color": "#12345"}),
    ("GET", "/issues/comments?since=soon", None),
    ("POST", "/pulls", {"title": "x", "head": "topic", "base": "nothing"}),
    ("POST", "/pulls", {"title": "x", "head": "stranger:topic", "base": "main"}),
    ("PATCH", "/pulls/1", {"base": "nothing"}),
    ("POST", "/pulls/1/reviews", {"event": "PRAISE"}),
    ("POST", "/pulls/1/reviews", {"event": "COMMENT"}),
    ("POST", "/pulls/1/reviews", {"comments": [{"path": "new.txt", "body": "x"}]}),
    ("POST", "/pulls/1/reviews", {"comments": [{"path": "new.txt", "body": "x", "line": "2"}]}),
    ("POST", "/pulls/1/reviews", {"comments": [{"path": "new.txt", "body": "x", "line": 2, "side": "UP"}]}),
    ("POST", "/check-suites", {"head_sha": "1" * 40}),
    ("POST", "/check-runs", {"name": "n", "head_sha": "{head}", "started_at": "soon"}),
    ("POST", "/check-runs", {"name": " ", "head_sha": "{head}"}),
    ("POST", "/check-runs", {"name": "n", "head_sha": "{head}", "output": []}),
    ("POST", "/check-runs", {"name": "n", "head_sha": "{head}", "output": {"title": "t", "summary": "s", "annotations": [{}]}}),
    ("PUT", "/branches/main/protection", {"required_status_checks": None}),
)  # fmt: skip


def test_what_is_not_there_is_404(site: Site) -> None:
    bot = site.bot()
    for path in NOT_THERE:
        assert bot("GET", path.format(repo=site.path)).status_code == 404, path
    for method, path in (
        ("DELETE", "/issues/1/labels/nothing"),
        ("DELETE", "/issues/1/reactions/1"),
        ("DELETE", "/contents/nothing.txt"),
        ("PUT", "/branches/nothing/protection"),
        ("DELETE", "/branches/main/protection"),
        ("POST", "/pulls/1/comments/1/replies"),
        ("PUT", "/contents/x.txt"),
    ):
        rules: dict[str, object] = dict.fromkeys(
            ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
        )
        body = {**rules, "message": "m", "content": "", "branch": "nothing", "body": "b"}
        assert bot(method, site.path + path, body).status_code == 404, path
    app = site.as_app()
    for path in (
        "/app/installations/1",
        "/app/hook/deliveries/1",
        "/orgs/nobody/installation",
        "/users/wen/installation",
    ):
        assert app("GET", path).status_code == 404, path
    assert app("GET", "/repos/ada/nothing/installation").status_code == 404


def test_what_is_badly_said_is_422_and_changes_nothing(site: Site) -> None:
    bot, before = site.bot(), (site.head, len(site.hub.journal.events))
    for method, path, body in BADLY_SAID:
        said = {key: site.head if value == "{head}" else value for key, value in (body or {}).items()}
        answer = bot(method, site.path + path, said if body is not None else None)
        assert answer.status_code == 422, (method, path, body, answer.text)
        assert set(answer.json()) >= {"message", "documentation_url", "status"}
    assert (site.head, len(site.hub.journal.events)) == before
    assert site.hub.journal.writes() == ()


def test_each_to_their_own_endpoints(site: Site) -> None:
    ada, bot, app = site.user("ada"), site.bot(), site.as_app()
    assert ada("GET", "/app").status_code == 403
    assert bot("GET", "/app/hook/deliveries").status_code == 403
    assert ada("GET", "/installation/repositories").status_code == 403
    assert ada("DELETE", "/installation/token").status_code == 403
    assert bot("GET", "/user").status_code == 403
    assert site.nobody()("GET", "/user").status_code == 401
    assert app("GET", site.path).status_code == 404
    assert app("GET", "/app/hook/deliveries?cursor=x").status_code == 422
    assert site.nobody()("POST", f"{site.path}/issues", {"title": "x"}).status_code == 401


def test_other_peoples_words_and_reactions(site: Site) -> None:
    wen, rea = site.user("wen"), site.user("rea")
    comment = rea("POST", f"{site.path}/issues/1/comments", {"body": "mine"}).json()["id"]
    at = f"{site.path}/issues/comments/{comment}"
    reaction = rea("POST", f"{at}/reactions", {"content": "heart"}).json()["id"]
    tri = site.user("tri")
    assert tri("PATCH", at, {"body": "not yours"}).status_code == 403
    assert tri("DELETE", at).status_code == 403
    assert wen("DELETE", f"{at}/reactions/{reaction}").status_code == 403
    assert wen("PATCH", at, {"body": "moderated"}).status_code == 200
    assert wen("DELETE", at).status_code == 204
    made = rea("POST", f"{site.path}/issues", {"title": "x", "labels": ["bug"]}).json()
    assert made["labels"] == []


def test_reviews_once_said_stay(site: Site) -> None:
    bot, at = site.bot(), f"{site.path}/pulls/1/reviews"
    number = bot("POST", at, {"event": "COMMENT", "body": "x"}).json()["id"]
    assert bot("DELETE", f"{at}/{number}").status_code == 422
    assert bot("POST", f"{at}/{number}/events", {"event": "COMMENT"}).status_code == 422
    assert bot("POST", f"{at}/{number}/events", {}).status_code == 422
    assert bot("PUT", f"{at}/{number}/dismissals", {"message": "m"}).status_code == 422
