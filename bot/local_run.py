"""One run on a local clone, from wiring to the last event: what `specbot run` and `specbot verify` share."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.local.clone import Clone, LocalWork
from bot.adapters.local.forge import ONLY_PULL, THE_USER, LocalForge
from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.app import engine_url, local_house, working
from bot.core.pulls import Conclusion
from bot.core.runs import Run, RunReport
from bot.demo.act import LOOK_SECONDS, Told
from bot.logging_setup import configure_logging
from bot.reporting.names import ACCEPTANCE
from bot.settings import load_settings
from bot.workflows.account import account_of
from bot.workflows.house import House
from bot.workflows.lifecycle import begin

WHEELS = Path(__file__).resolve().parents[1] / ".cache" / "wheels"
"""What `make setup` fetched for the sandbox's environments; used when the environment names no other place."""


@dataclass(frozen=True, slots=True)
class LocalResult:
    """How a local run ended: its report, and whether its acceptance check succeeded."""

    report: RunReport
    accepted: bool


def run_locally(
    clone: Clone,
    work: LocalWork,
    tell: Callable[[Told], None],
    environ: Mapping[str, str] = os.environ,
    *,
    verify_only: bool,
) -> LocalResult:
    """Do the work and tell each event as it happens.

    The database is this call's own and gone afterwards: a service on the same machine must not take work whose forge is this clone.
    Mirrors and environments are shared with later calls.
    """
    home = load_settings(environ).state_dir / "local"
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    with tempfile.TemporaryDirectory(prefix="specbot-run-") as folder:
        wheels = {"SPECBOT_WHEELS": str(WHEELS)} if WHEELS.is_dir() else {}
        own = {
            "SPECBOT_STATE_DIR": str(home),
            "SPECBOT_DATABASE_URL": f"sqlite:///{folder}/specbot.db",
            "LOG_LEVEL": "ERROR",
        }
        settings = load_settings({**wheels, **environ, **own})
        configure_logging(settings)
        migrate(settings.database_url.reveal())
        store = SqlStore(settings.database_url.reveal())
        try:
            house, forge = local_house(settings, store, clone, work)
            with working(house, engine_url(settings)) as engine:
                pull = forge.pull_request(forge.repo, ONLY_PULL)
                run = begin(house, engine, pull, THE_USER, verify_only=verify_only)
                return _result(house, forge, _follow(house, run, tell))
        finally:
            store.close()


def _follow(house: House, run: Run, tell: Callable[[Told], None]) -> Run:
    seen = 0
    while True:
        ended = house.store.run(run.run_id)
        for number, at, kind, data in house.store.events(run.run_id, seen):
            tell(Told(at, kind, data))
            seen = number
        if ended is not None and not ended.state.live:
            return ended
        time.sleep(LOOK_SECONDS)


def _result(house: House, forge: LocalForge, run: Run) -> LocalResult:
    head = run.candidate if run.published and run.candidate else run.start_head
    newest = next(iter(forge.checks(forge.repo, head, ACCEPTANCE)), None)
    accepted = newest is not None and newest.conclusion == Conclusion.SUCCESS
    return LocalResult(account_of(house, run, head), accepted)
