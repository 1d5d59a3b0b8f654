"""Check runs as the pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from bot.hub.changes.merging import PASSING
from bot.hub.pages.autolinks import References
from bot.hub.pages.markdown import rendered
from bot.hub.pages.safe_html import is_safe_link
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Repository, RequiredCheck
from bot.hub.state.store import Store

WORDS = {
    "success": "successful", "failure": "failed", "neutral": "neutral", "skipped": "skipped", "cancelled": "cancelled",
    "timed_out": "timed out", "action_required": "action required", "queued": "queued", "in_progress": "in progress",
    "expected": "not reported yet",
}  # fmt: skip
"""How a state is said."""

WORST_FIRST = (
    "failure", "timed_out", "cancelled", "action_required", "in_progress", "queued", "expected", "neutral", "skipped",
    "success",
)  # fmt: skip
"""The state of a commit is the first of these that one of its checks has."""

MINUTE = 60


@dataclass(frozen=True, slots=True)
class RunView:
    """A check run with everything that its page shows."""

    run: CheckRun
    app_name: str
    state: str
    summary: Markup
    text: Markup
    took: str
    details_url: str
    earlier: tuple[CheckRun, ...] = ()

    @property
    def words(self) -> str:
        """The state in words."""
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check in the merge box: reported or only expected, required or not."""

    name: str
    app_name: str
    state: str
    title: str
    required: bool
    run: CheckRun | None = None

    @property
    def words(self) -> str:
        """The state in words."""
        return WORDS[self.state]


def state_of(run: CheckRun) -> str:
    """The one word for how a run stands."""
    return run.conclusion or run.status


def latest(store: Store, repo: Repository, sha: str) -> list[CheckRun]:
    """The newest run of each App and name on a commit, what has not passed first."""
    runs = store.runs.where(lambda run: run.repository_id == repo.id and run.head_sha == sha)
    newest = {(run.app_id, run.name): run for run in runs}.values()
    return sorted(newest, key=lambda run: (state_of(run) in PASSING, run.name))


def worst(states: Iterable[str]) -> str | None:
    """The state that stands for all; None for no check at all."""
    found = set(states)
    return next((state for state in WORST_FIRST if state in found), None)


def commit_state(store: Store, repo: Repository, sha: str) -> str | None:
    """How the checks of a commit stand together."""
    return worst(state_of(run) for run in latest(store, repo, sha))


def run_view(store: Store, run: CheckRun, known: References) -> RunView:
    """A run with its texts rendered."""
    earlier = store.runs.where(lambda one: _key(one) == _key(run) and one.id < run.id)
    return RunView(
        run,
        store.apps[run.app_id].name,
        state_of(run),
        rendered(run.output.summary or "", "comment", known),
        rendered(run.output.text or "", "comment", known),
        _took(run),
        run.details_url
        if run.details_url and run.details_url.startswith("http") and is_safe_link(run.details_url)
        else "",
        tuple(reversed(earlier)),
    )


def _key(run: CheckRun) -> tuple[int, str, int, str]:
    return run.repository_id, run.head_sha, run.app_id, run.name


def _took(run: CheckRun) -> str:
    if run.started_at is None or run.completed_at is None:
        return ""
    minutes, seconds = divmod(max(0, int((run.completed_at - run.started_at).total_seconds())), MINUTE)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def check_lines(store: Store, repo: Repository, issue: Issue) -> list[CheckLine]:
    """All checks on a pull request's head, and those that its base requires and nobody has reported. What blocks comes first."""
    rules = store.protection(repo, issue.as_pull.base_ref)
    required = rules.checks if rules is not None else ()
    runs = latest(store, repo, issue.as_pull.head_sha)
    lines = [
        CheckLine(
            run.name, store.apps[run.app_id].name, state_of(run), run.output.title or "",
            any(_meets(run, check) for check in required), run,
        )
        for run in runs
    ]  # fmt: skip
    for check in required:
        if not any(_meets(run, check) for run in runs):
            app = store.apps.get(check.app_id)
            lines.append(CheckLine(check.context, app.name if app else "", "expected", "", True))
    return sorted(lines, key=lambda line: (line.state in PASSING, not line.required, line.name))


def _meets(run: CheckRun, check: RequiredCheck) -> bool:
    return run.name == check.context and check.app_id in (None, run.app_id)
