"""Link headers, ETags, limits and the other headers around an answer."""

from tests.hub.site import Site


def test_lists_come_in_pages_with_links(site: Site) -> None:
    bot, at = site.bot(), f"{site.path}/issues/1/comments"
    for number in range(5):
        bot("POST", at, {"body": str(number)})
    first = bot("GET", f"{at}?per_page=2")
    assert set(first.links) == {"next", "last"}
    assert first.links["next"]["url"].startswith(f"{site.hub.api_url}{at}?")
    second = bot("GET", first.links["next"]["url"])
    assert set(second.links) == {"first", "prev", "next", "last"}
    third = bot("GET", second.links["next"]["url"])
    assert set(third.links) == {"first", "prev"}
    assert [one["body"] for page in (first, second, third) for one in page.json()] == list("01234")
    assert "Link" not in bot("GET", at).headers
    assert bot("GET", f"{at}?page=9").json() == []
    assert len(bot("GET", f"{at}?per_page=0&page=x").json()) == 1


def test_what_the_caller_has_is_not_sent_again_and_costs_nothing(site: Site) -> None:
    bot, at = site.bot(), f"{site.path}/pulls/1"
    first = bot("GET", at)
    left = first.headers["X-RateLimit-Remaining"]
    same = bot("GET", at, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert same.headers["X-RateLimit-Remaining"] == left
    site.hub.edit_pull_request(site.repo, 1, "ada", title="Changed")
    changed = bot("GET", at, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert int(changed.headers["X-RateLimit-Remaining"]) == int(left) - 1


def test_headers_of_every_answer(site: Site) -> None:
    for answer in (site.bot()("GET", site.path), site.nobody()("GET", "/nothing"), site.nobody()("GET", "/app")):
        assert answer.headers["X-GitHub-Request-Id"]
        assert answer.headers["X-RateLimit-Limit"] == "5000"
    assert set(site.nobody()("GET", "/nothing").json()) == {"message", "documentation_url", "status"}


def test_addresses_follow_the_callers_own_name_for_the_hub(site: Site) -> None:
    url = site.hub.api_url.replace("127.0.0.1", "localhost")
    assert site.bot()("GET", f"{url}{site.path}").json()["url"].startswith("http://localhost:")
    assert site.bot()("GET", site.path).json()["url"].startswith("http://127.0.0.1:")
