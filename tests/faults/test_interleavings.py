"""Whatever people, networks and crashes do in whatever order: one run at a time, every check ends, no success without proof, no effect twice.

The worker is a process that is really killed; what it does between two steps of the tale is up to the machine, so a failing example shows a tale
that can go wrong, not one that must. `make test` tells a few short tales, `make soak` many long ones.
"""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.core.runs import Run
from bot.hub import Refused
from bot.hub.faults import Fault
from bot.hub.state.checks import CheckRun
from bot.hub.state.issues import Issue
from bot.reporting.names import ACCEPTANCE
from tests.faults.workers import Workers
from tests.support.stage import GOOD, SPEC, SPEC_PATH, WRONG, Stage, implementing

DEADLINE = 240.0
"""Seconds in which everything comes to rest at a tale's end: a long one reaches the limits of writes, and then waits for the next minute."""

PUSHES = {
    "notes": lambda n: {"notes.md": f"{n}\n"},
    "good": lambda n: {"greet.py": GOOD, "notes.md": f"{n}\n"},
    "wrong": lambda n: {"greet.py": WRONG, "notes.md": f"{n}\n"},
    "spec": lambda n: {SPEC_PATH: SPEC.replace("as before", f"as before ({n})")},
}
WORDS = (
    "/specbot status",
    "/specbot retry",
    "/specbot stop",
    "/specbot verify",
    "> /specbot stop",
    "Looks good to me.",
    "/specbot halp",
)
TRAILER = re.compile(r"^Specbot-Run: (\S+)$", re.MULTILINE)


class Tale(RuleBasedStateMachine):
    """A pull request with a spec, one without, and everything that can happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stage = self.stack.enter_context(Stage(implementing({"greet.py": GOOD})))
        folder = Path(tempfile.mkdtemp(prefix="specbot-tale-"))
        self.stack.callback(shutil.rmtree, folder, ignore_errors=True)
        self.workers = self.stack.enter_context(Workers(self.stage.environ, folder))
        self.number = 0

    @initialize()
    def begin(self) -> None:
        self.pull = self.stage.open()
        self.plain = self.stage.open(spec=None, files={"README.md": "# Greet\n"}, branch="plain")
        self.pulls = (self.pull, self.plain)

    # --- what people do ---

    @rule(what=st.sampled_from(sorted(PUSHES)), login=st.sampled_from(["ada", "grace"]))
    def push(self, what: str, login: str) -> None:
        self.number += 1
        self.stage.push(PUSHES[what](self.number), login=login)

    @rule(text=st.sampled_from(WORDS), login=st.sampled_from(["ada", "linus"]))
    def comment(self, text: str, login: str) -> None:
        self.stage.hub.comment(self.stage.repo, self.pull.number, login, text)

    @rule(text=st.sampled_from(WORDS))
    def edit_a_comment(self, text: str) -> None:
        ours = self.stage.app.bot_user.id
        theirs = [c for c in self.stage.hub.comments(self.stage.repo, self.pull.number) if c.author_id != ours]
        if theirs:
            self.stage.hub.edit_comment(theirs[-1].id, "ada", text)

    @rule(which=st.integers(0, 1))
    def close(self, which: int) -> None:
        with suppress(Refused):
            self.stage.hub.close(self.stage.repo, self.pulls[which].number, "ada")

    @rule(which=st.integers(0, 1))
    def reopen(self, which: int) -> None:
        with suppress(Refused):
            self.stage.hub.reopen(self.stage.repo, self.pulls[which].number, "ada")

    @rule()
    def run_the_check_again(self) -> None:
        found = self.stage.checks(self.stage.head(self.pull))
        if found and found[-1].status == "completed":
            self.stage.hub.rerequest(found[-1].id, "ada")

    # --- what networks and machines do ---

    @rule(nth=st.integers(0, 1000))
    def redeliver(self, nth: int) -> None:
        sent = self.stage.hub.store.deliveries.where(lambda one: True)
        if sent:
            self.stage.hub.webhooks.redeliver(sent[nth % len(sent)])

    @rule(kind=st.sampled_from(["drop", "double", "reorder"]), times=st.integers(1, 4))
    def trouble_with_webhooks(self, kind: str, times: int) -> None:
        self.stage.hub.faults.add(Fault(kind, times=times))  # type: ignore[arg-type]

    @rule(kind=st.sampled_from(["error_after", "reset_after", "error_before"]))
    def trouble_with_a_write(self, kind: str) -> None:
        self.stage.hub.faults.add(Fault(kind, method="POST", path="comments|check-runs"))  # type: ignore[arg-type]

    @rule()
    def kill_the_worker(self) -> None:
        self.workers.kill("tale")

    @rule(writes=st.integers(1, 6))
    def let_it_work(self, writes: int) -> None:
        """Until the bot has written so often more, or has nothing to do: so the next thing happens somewhere in the middle of a run."""
        before = len(self.stage.hub.journal.writes())
        self.wait(lambda: len(self.stage.hub.journal.writes()) >= before + writes or self.is_idle(), "the bot to work")

    @rule()
    def let_it_finish(self) -> None:
        self.wait(self.is_idle, "the bot to finish")

    # --- what must hold at every moment ---

    @invariant()
    def one_live_run_for_each_pull_request_and_branch(self) -> None:
        live = [run for run in self.runs() if run.state.live]
        assert max(Counter((run.repo.repo_id, run.number) for run in live).values(), default=0) <= 1
        assert max(Counter((run.head_repo_id, run.head_ref) for run in live).values(), default=0) <= 1

    @invariant()
    def no_success_without_proof(self) -> None:
        """What a success says is looked at in the commit itself."""
        for check in self.ours():
            if check.name == ACCEPTANCE and check.conclusion == "success" and self.has_spec(check.head_sha):
                assert self.stage.file(check.head_sha, "greet.py") == GOOD

    @invariant()
    def no_effect_twice(self) -> None:
        checks = Counter((check.name, check.head_sha, check.external_id) for check in self.ours())
        assert max(checks.values(), default=0) <= 1
        for pull in self.known():
            assert self.stage.statuses(pull) <= 1
            said = Counter(c.body.split("\n", 1)[0] for c in self.stage.comments(pull))
            assert max(said.values(), default=0) <= 1, "one comment for each marker"
        log = self.stage._git("log", "--format=%B", "--all")
        published = Counter(TRAILER.findall(log))
        assert max(published.values(), default=0) <= 1, "one commit for each run of one task"

    def teardown(self) -> None:
        try:
            if hasattr(self, "pulls"):
                self.at_the_end()
        finally:
            self.stack.close()

    def at_the_end(self) -> None:
        """The trouble is over, the worker begins anew: every head of every open pull request ends with its checks, and nothing stays open."""
        assert self.stage.hub.deliveries_idle(30)
        self.stage.hub.faults.clear()
        self.workers.kill("the end")
        for pull in self.pulls:
            if self.stage.hub.issue(self.stage.repo, pull.number).state == "open":
                self.stage.settled(pull, DEADLINE)
        self.wait(lambda: all(check.status == "completed" for check in self.ours()), "every check to end")
        self.wait(lambda: not any(run.state.live for run in self.runs()), "every run to end")
        self.one_live_run_for_each_pull_request_and_branch()
        self.no_success_without_proof()
        self.no_effect_twice()
        assert self.workers.broken == [], self.workers.log[-3000:]

    # --- looking ---

    def is_idle(self) -> bool:
        store = self.stage.store
        pending = store.pending_deliveries(1) or store.pending_commands(1) or not self.stage.hub.deliveries_idle(0.5)
        return not pending and not any(run.state.live for run in self.runs())

    def known(self) -> tuple[Issue, ...]:
        return getattr(self, "pulls", ())

    def runs(self) -> list[Run]:
        return [run for pull in self.known() for run in self.stage.runs_at(pull)]

    def ours(self) -> list[CheckRun]:
        return self.stage.hub.store.runs.where(lambda one: one.app_id == self.stage.app.app_id)

    def has_spec(self, sha: str) -> bool:
        return SPEC_PATH in self.stage._git("ls-tree", "-r", "--name-only", sha).splitlines()

    def wait(self, true: Callable[[], object], what: str) -> None:
        self.stage.until(true, what, DEADLINE)


def told(examples: int, steps: int) -> settings:
    """Nothing is made smaller: a tale takes seconds, and would often end well the second time."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=steps < 10,
        deadline=None,
        phases=(Phase.generate,),
        database=None,
        suppress_health_check=tuple(HealthCheck),
    )


def test_a_few_short_tales() -> None:
    run_state_machine_as_test(Tale, settings=told(2, 8))


@pytest.mark.soak
def test_many_long_tales() -> None:
    run_state_machine_as_test(Tale, settings=told(25, 25))
