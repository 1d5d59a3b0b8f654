"""The forms: what each person may do, and that nobody else's page can do it for them."""

import json

import pytest
import requests

from bot.hub import Hub
from bot.hub.actor import Actor
from bot.hub.changes import checks
from bot.hub.changes.checks import RunChange
from bot.hub.state.checks import Action, Output
from tests.hub.pages.browser import Browser, Form, Page
from tests.hub.site import Receiver, Site, make_site

PAGE = "/ada/text/pull/1"


def form_to(page: Page, end: str) -> Form:
    """The form that leads there."""
    return next(form for form in page.forms if form.action.endswith(end))


def report(site: Site, conclusion: str) -> int:
    """Report the one required check, with buttons; its id."""
    site.hub.protect(site.repo, "main", [("acceptance", site.app.app_id)])
    buttons = [{"label": "Retry", "description": "Once more", "identifier": "retry"}]
    output = {"title": "Done", "summary": "All of it"}
    body = {"name": "acceptance", "head_sha": site.head, "conclusion": conclusion, "actions": buttons, "output": output}
    made = site.bot().ok("POST", f"{site.path}/check-runs", body)
    assert isinstance(made, dict)
    return int(made["id"])


def test_a_reader_comments_and_the_app_hears_of_it(hub: Hub, browser: Browser) -> None:
    receiver = Receiver()
    try:
        site = make_site(hub, receiver.url)
        page = browser.submit(form_to(browser.get(PAGE), "/say"), by="rea", body="Why?\n\n/specbot status")
        assert "/specbot status" in page.text
        (made,) = hub.comments(site.repo, 1)
        assert made.body == "Why?\n\n/specbot status"
        (heard,) = receiver.wait_for(lambda all: any(one.event == "issue_comment" for one in all))[-1:]
        assert json.loads(heard.body)["comment"]["user"]["login"] == "rea"
        assert hub.deliveries_idle(10)
    finally:
        receiver.close()


def test_the_next_form_offers_the_person_who_acted_last(hub: Hub, browser: Browser) -> None:
    make_site(hub)
    form = form_to(browser.get(PAGE), "/say")
    assert form.fields["as"] == "ada"
    assert form.options["as"][:4] == ["ada", "mai", "wen", "tri"]
    assert "specbot[bot]" not in form.options["as"]
    page = browser.submit(form, by="wen", body="Hello")
    assert form_to(page, "/say").fields["as"] == "wen"


def test_merging_is_blocked_until_the_required_check_passes(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    report(site, "failure")
    blocked = form_to(browser.get(PAGE), "/merge")
    assert blocked.disabled
    page = browser.submit(blocked, status=405, by="ada")
    assert 'Required status check "acceptance" is failing.' in page.text
    assert hub.issue(site.repo, 1).state == "open"
    report(site, "success")
    form = form_to(browser.get(PAGE), "/merge")
    assert not form.disabled
    assert "Merging needs write permission; tri has triage" in browser.submit(form, status=403, by="tri").text
    merged = browser.submit(form, by="wen", method="squash")
    assert "merged this" in " ".join(merged.text.split())
    assert hub.issue(site.repo, 1).as_pull.merged_at is not None
    assert not [one for one in merged.forms if one.action.endswith("/merge")]


def test_a_check_of_the_right_name_from_another_app_does_not_count(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    report(site, "failure")
    other = hub.register_app("other", "Other", {"checks": "write"}, [])
    installation = hub.install(other, "ada", [site.repo])
    actor = Site(hub, other, site.repo, installation).bot()
    actor.ok("POST", f"{site.path}/check-runs", {"name": "acceptance", "head_sha": site.head, "conclusion": "success"})
    page = browser.get(PAGE)
    assert page.text.count("required") == 1
    assert form_to(page, "/merge").disabled


def test_admins_are_offered_the_button_where_rules_do_not_bind_them(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    hub.protect(site.repo, "main", [("acceptance", site.app.app_id)], enforce_admins=False)
    page = browser.get(PAGE)
    assert "do not bind admins" in page.text
    form = form_to(page, "/merge")
    assert not form.disabled
    browser.submit(form, status=405, by="wen")
    browser.submit(form, by="ada")
    assert hub.issue(site.repo, 1).as_pull.merged_at is not None


def test_a_merge_of_a_head_that_moved_meanwhile_is_refused(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    form = form_to(browser.get(PAGE), "/merge")
    hub.commit(site.repo, "topic", {"late.txt": "late\n"}, "Late", "wen")
    browser.submit(form, status=409, by="ada")


def test_a_queue_takes_the_place_of_the_merge_button(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    report(site, "failure")
    hub.protect(site.repo, "main", [("acceptance", site.app.app_id)], merge_queue=True)
    assert form_to(browser.get(PAGE), "/queue").disabled
    report(site, "success")
    hub.protect(site.repo, "main", [("acceptance", site.app.app_id)], merge_queue=True)
    page = browser.get(PAGE)
    assert not [form for form in page.forms if form.action.endswith("/merge")]
    form = form_to(page, "/queue")
    browser.submit(form, status=403, by="tri")
    queued = browser.submit(form, by="wen")
    assert "In the merge queue of main, place 1" in " ".join(queued.text.split())
    browser.submit(form_to(queued, "/queue"), by="wen")
    assert hub.merge_queue(site.repo, "main") == []


def test_close_with_a_comment_and_reopen(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    form = form_to(browser.get(PAGE), "/say")
    assert "needs triage permission; rea has read" in browser.submit(form, 403, ("do", "close"), by="rea").text
    page = browser.submit(form, button=("do", "close"), by="tri", body="Not now.")
    assert page.text.index("Not now.") < page.text.index("closed this")
    assert [one.body for one in hub.comments(site.repo, 1)] == ["Not now."]
    browser.submit(form_to(page, "/say"), button=("do", "reopen"), by="tri")
    assert hub.issue(site.repo, 1).state == "open"
    assert len(hub.comments(site.repo, 1)) == 1


def test_authors_may_close_their_own(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    hub.open_issue(site.repo, "Mine", "rea")
    page = browser.submit(form_to(browser.get("/ada/text/issues/2"), "/say"), button=("do", "close"), by="rea")
    assert "closed this" in " ".join(page.text.split())


def test_a_draft_cannot_be_merged_until_it_is_ready(hub: Hub, browser: Browser) -> None:
    make_site(hub)
    page = browser.submit(form_to(browser.get(PAGE), "/say"), button=("do", "draft"), by="wen")
    assert "Pull Request is still a draft" in page.text
    assert form_to(page, "/merge").disabled
    page = browser.submit(form_to(page, "/say"), button=("do", "ready"), by="ada")
    assert not form_to(page, "/merge").disabled


def test_a_checks_button_and_a_re_run_reach_the_app(hub: Hub, browser: Browser) -> None:
    receiver = Receiver()
    try:
        site = make_site(hub, receiver.url)
        number = report(site, "failure")
        form = form_to(browser.get(f"{PAGE}/checks"), f"/runs/{number}/press")
        assert "needs write permission" in browser.submit(form, 403, ("identifier", "retry"), by="rea").text
        browser.submit(form, 422, ("identifier", "other"), by="wen")
        browser.submit(form, button=("identifier", "retry"), by="wen")
        browser.submit(form, button=("", ""), by="mai")
        arrived = receiver.wait_for(lambda all: sum(one.event == "check_run" for one in all) >= 4)
        told = [json.loads(one.body) for one in arrived if one.event == "check_run"]
        actions = {one["action"]: one for one in told}
        assert actions["requested_action"]["requested_action"] == {"identifier": "retry"}
        assert actions["requested_action"]["sender"]["login"] == "wen"
        assert actions["rerequested"]["check_run"]["id"] == number
        assert actions["rerequested"]["sender"]["login"] == "mai"
        assert hub.deliveries_idle(10)
    finally:
        receiver.close()


def test_a_stranger_sees_nothing_to_do_in_a_private_repository(hub: Hub, browser: Browser) -> None:
    site = make_site(hub, private=True)
    page = browser.submit(form_to(browser.get(PAGE), "/say"), 403, by="stranger", body="Let me in")
    assert "Commenting needs read permission; stranger has none" in page.text
    assert hub.comments(site.repo, 1) == []


def test_nobody_acts_as_a_bot_or_as_somebody_unknown(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    form = form_to(browser.get(PAGE), "/say")
    for name in ("specbot[bot]", "who", ""):
        browser.submit(form, 422, by=name, body="Hello")
    browser.submit(form, 422, ("do", "explode"), by="ada")
    browser.submit(form, 422, by="ada", body="   ")
    assert hub.comments(site.repo, 1) == []


def test_only_forms_of_these_pages_are_taken(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    form = form_to(browser.get(PAGE), "/say")
    fields = {**form.fields, "as": "ada", "body": "Hello"}
    browser.post(form.action, {**fields, "token": "guessed"}, 403)
    browser.post(form.action, {name: value for name, value in fields.items() if name != "token"}, 403)
    browser.post(form.action, fields, 403, Origin="https://evil.example")
    browser.post(form.action, fields, 403, Origin="null")
    browser.post(form.action, fields, 403, Sec_Fetch_Site="cross-site")
    assert hub.comments(site.repo, 1) == []
    browser.post(form.action, fields, 200, Origin=hub.url, Sec_Fetch_Site="same-origin")
    assert len(hub.comments(site.repo, 1)) == 1


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "localhost.evil.example:80"]
)
def test_a_foreign_name_for_this_machine_is_refused(hub: Hub, browser: Browser, host: str) -> None:
    make_site(hub)
    answer = requests.get(f"{hub.url}{PAGE}", headers={"Host": host}, timeout=30)
    assert answer.status_code == 403
    assert "Change things" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:80"])
def test_this_machines_own_names_are_fine(hub: Hub, host: str) -> None:
    make_site(hub)
    assert requests.get(f"{hub.url}{PAGE}", headers={"Host": host}, timeout=30).status_code == 200


def test_what_is_too_long_is_refused_and_the_connection_stays_sane(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    form = form_to(browser.get(PAGE), "/say")
    assert "too long" in browser.submit(form, 422, by="ada", body="x" * 65_537).text
    browser.submit(form, by="ada", body="é" * 65_536)
    with pytest.raises((requests.ConnectionError, AssertionError)):
        browser.submit(form, 200, by="ada", body="x" * 3_000_000)
    assert len(hub.comments(site.repo, 1)) == 1
    browser.get(PAGE)


def test_pages_are_only_read_by_get_and_forms_only_sent(hub: Hub, browser: Browser) -> None:
    make_site(hub)
    browser.post(PAGE, {}, 405)
    browser.get("/ada/text/pull/1/merge", 405)


def test_a_second_report_of_a_check_keeps_the_first_within_reach(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    first = report(site, "failure")
    report(site, "success")
    page = browser.get(f"{PAGE}/checks")
    assert "Earlier on this commit" in page.text
    assert f"/ada/text/runs/{first}" in page.links
    assert "failed" in browser.get(f"/ada/text/runs/{first}").text


def test_the_old_heads_checks_stay_within_reach(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    report(site, "cancelled")
    old = site.head
    hub.commit(site.repo, "topic", {"late.txt": "late\n"}, "Late", "wen")
    page = browser.get(f"{PAGE}/checks")
    assert "No check has been reported" in page.text
    assert f"?sha={old}" in page.links
    assert "cancelled" in browser.get(f"{PAGE}/checks?sha={old}").text


def test_a_buttons_words_are_what_the_app_gave(hub: Hub, browser: Browser) -> None:
    site = make_site(hub)
    actor = hub.store.installations[site.installation_id]
    bot = Actor("installation", site.app.bot_user, site.app, actor, None, site.app.permissions)
    buttons = (Action("<b>Go</b>", 'a"b', "x' onclick='"),)
    change = RunChange(conclusion="neutral", output=Output("t", "s"), actions=buttons)
    checks.create(hub.world, bot, site.repo, "c", site.head, change)
    page = browser.get(f"{PAGE}/checks")
    assert "<b>Go</b>" in page.text
    assert next(one[1] for form in page.forms for one in form.buttons) == "x' onclick='"
