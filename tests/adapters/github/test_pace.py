"""Writes at the pace that GitHub allows, counted where they arrive: in the hub's journal."""

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.github import AppGitHub
from bot.adapters.github.paced import WAITS_HERE, Gate
from bot.adapters.store import SqlStore, migrate
from bot.core.pace import Importance
from bot.core.pulls import CheckDraft, CheckStatus, Conclusion, Secret
from bot.errors import GitHubLimited
from bot.hub import Hub
from bot.hub.faults import Fault
from bot.ids import InstallationId, RepoId, Sha
from tests.adapters.github.conftest import PERMISSIONS, World, open_pull
from tests.conftest import judged, one_key


class HandClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def paced(tmp_path: Path, clock: HandClock) -> Iterator[World]:
    url = f"sqlite:///{tmp_path}/bot.db"
    migrate(url)
    store = SqlStore(url, clock=clock)
    with Hub(tmp_path / "hub", clock=clock.now, make_key=one_key) as hub:
        repository = hub.create_repository("ada/text", files={"README.md": "# text\n"})
        app = hub.register_app("specbot", "Specbot", PERMISSIONS, [])
        installation = InstallationId(hub.install(app, "ada", [repository]))
        gate = Gate(store, clock, clock.sleep)
        github = AppGitHub(hub.api_url, app.id, Secret(app.private_key_pem), clock=clock, gate=gate)
        repo = github.repository(installation, RepoId(repository.id)).ref
        yield World(hub, repository, app, installation, github, repo, open_pull(hub, repository, github, repo))
        github.close()
    store.close()
    judged(hub)


def ended(world: World, number: int) -> CheckDraft:
    return CheckDraft(
        name="Specbot / acceptance",
        head_sha=world.pull.head_sha,
        external_id=f"run-{number}",
        status=CheckStatus.COMPLETED,
        conclusion=Conclusion.SUCCESS,
        title="Proven",
        summary="All of it.",
    )


def test_a_burst_of_writes_is_spread_and_checks_complete_first(paced: World, clock: HandClock) -> None:
    """Everything is wanted in one second, the checks last; whoever is refused comes back as a durable step does."""

    def word(number: int) -> Callable[[], object]:
        return lambda: paced.github.put_comment(paced.repo, paced.pull.number, f"<!-- {number} -->", "Said.")

    def end(number: int) -> Callable[[], object]:
        return lambda: paced.github.put_check(paced.repo, ended(paced, number))

    began, refusals = clock.now(), [WAITS_HERE + 1]
    wanted = [word(number) for number in range(70)] + [end(number) for number in range(20)]
    coming = [(began, number) for number in range(len(wanted))]
    while coming:
        due, number = heapq.heappop(coming)
        clock.moment = max(clock.moment, due)
        try:
            wanted[number]()
        except GitHubLimited as limit:
            heapq.heappush(coming, (clock.now() + timedelta(seconds=limit.retry_after or 0), number))
            refusals.append(limit.retry_after or 0)

    assert min(refusals) > WAITS_HERE
    exchanges = [e for e in paced.hub.journal.requests if e.method == "POST" and e.token_kind == "installation"]
    assert len(exchanges) == 90, "nothing is lost, and nothing is sent twice"
    times = [e.at for e in exchanges]
    assert max(sum(begin <= at < begin + timedelta(seconds=60) for at in times) for begin in times) <= 70
    checks = [e.at for e in exchanges if e.path.endswith("/check-runs")]
    words = [e.at for e in exchanges if e.path.endswith("/comments")]
    assert sum(at - began < timedelta(seconds=60) for at in checks) == 10, "the room that words may not have"
    assert max(checks) <= sorted(words)[60], "whoever comes back later stands behind the checks"


def test_progress_is_the_first_to_be_refused(paced: World) -> None:
    say = paced.github.put_comment
    for number in range(40):
        say(paced.repo, paced.pull.number, "<!-- status -->", f"At work: {number}.", Importance.SIGN)
    with pytest.raises(GitHubLimited):
        say(paced.repo, paced.pull.number, "<!-- status -->", "Still at work.", Importance.SIGN)
    say(paced.repo, paced.pull.number, "<!-- status -->", "Done.")
    paced.github.put_check(paced.repo, ended(paced, 1))


def test_what_is_the_same_already_is_not_written_again(paced: World) -> None:
    at_work = CheckDraft(
        name="Specbot / acceptance",
        head_sha=Sha(paced.pull.head_sha),
        external_id="run-1",
        status=CheckStatus.IN_PROGRESS,
        conclusion=None,
        title="At work",
        summary="Proving.",
    )
    for _ in range(3):
        paced.github.put_check(paced.repo, at_work)
        paced.github.put_comment(paced.repo, paced.pull.number, "<!-- status -->", "At work.")
    assert len(paced.hub.journal.writes()) == 2


def test_when_github_says_no_nobody_goes_on_asking(paced: World, clock: HandClock) -> None:
    paced.hub.faults.add(Fault("secondary_limit", method="POST", path="check-runs", retry_after=30))
    with pytest.raises(GitHubLimited):
        paced.github.put_check(paced.repo, ended(paced, 1))
    asked = len(paced.hub.journal.requests)
    with pytest.raises(GitHubLimited) as refused:
        paced.github.pull_request(paced.repo, paced.pull.number)
    assert refused.value.retry_after == pytest.approx(30)
    assert len(paced.hub.journal.requests) == asked
    clock.sleep(30)
    paced.github.put_check(paced.repo, ended(paced, 1))
    assert [check.conclusion for check in paced.hub.check_runs(paced.repository, paced.pull.head_sha)] == ["success"]
