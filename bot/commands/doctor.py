"""`specbot doctor`: what this machine lacks for the work, and what to do about it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from bot.adapters.model.probe import Trial
from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.store.store import SqlStore
from bot.app import build_environments, build_sandbox
from bot.commands.doctor_repo import looked_at
from bot.commands.health import Health
from bot.commands.model_probe import probe_model
from bot.core.policy.model import EnvironmentConfig
from bot.core.policy.role_keys import MOST_AT_ONCE
from bot.core.pulls import RepoRef
from bot.errors import SpecbotError
from bot.ids import InstallationId, RepoId
from bot.local_run import WHEELS
from bot.settings import WEB_NEEDS, WORKER_NEEDS, Settings, load_settings

MOST_CONTEXT = 2_000_000
"""Tokens: no model reads more, and a slip of one digit would cost real money."""

OLDEST_GIT = (2, 38)
"""`git merge-tree --write-tree` came with 2.38."""


@click.command(name="doctor")
@click.argument("repo", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", "model", is_flag=True, help="Try the model's endpoint the way agents use it; costs tokens.")
@click.option("--endpoint", default="", metavar="NAME", help="One of SPECBOT_ENDPOINTS instead of the default.")
@click.option("--model-name", default="", metavar="MODEL", help="Another model than SPECBOT_MODEL.")
@click.option("--at-once", type=click.IntRange(1, MOST_AT_ONCE), default=4, help="Calls side by side. [4]")
@click.option(
    "--context-up-to",
    type=click.IntRange(0, MOST_CONTEXT),
    default=0,
    metavar="TOKENS",
    help="Also try prompts up to this length, about twice as many tokens in all.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list for machines.")
def command(
    *, repo: Path | None, model: bool, endpoint: str, model_name: str, at_once: int, context_up_to: int, as_json: bool
) -> None:
    """Look at git, sandbox, environment, database and settings; at how the checkout REPO is made runnable; or at a model.

    Exit status 1 when runs could not work here.
    """
    wheels = {"SPECBOT_WHEELS": str(WHEELS)} if WHEELS.is_dir() else {}
    settings = load_settings({**wheels, **os.environ})
    if model:
        trial = Trial(model_name or settings.model, at_once, context_up_to)
        found: Iterator[Health] = (
            Health(f.what, f.found, f.way_out, f.needed) for f in probe_model(settings, endpoint, trial)
        )
    elif repo is not None:
        found = looked_at(repo, settings)
    else:
        found = (health for look in (_git, _sandbox, _environment, _database, _service) for health in look(settings))
    seen = _as_json(found) if as_json else _as_text(found)
    sys.exit(1 if any(health.way_out and health.needed for health in seen) else 0)


def _as_json(found: Iterable[Health]) -> tuple[Health, ...]:
    seen = tuple(found)
    click.echo(json.dumps([{**asdict(health), "ok": not health.way_out} for health in seen], indent=2))
    return seen


def _as_text(found: Iterable[Health]) -> tuple[Health, ...]:
    """Each as it is found: some looks take a while."""
    console = Console()
    seen: list[Health] = []
    for health in found:
        seen.append(health)
        bad = "[red]no[/red]  " if health.needed else "[yellow]--[/yellow]  "
        console.print(bad if health.way_out else "[green]ok[/green]  ", end="")
        console.print(f"{health.what}: {health.found}", markup=False, highlight=False, soft_wrap=True)
        if health.way_out:
            console.print(f"      {health.way_out}", markup=False, highlight=False, soft_wrap=True)
    return tuple(seen)


def _git(settings: Settings) -> Iterator[Health]:
    try:
        said = subprocess.run(
            ["git", "--version"], capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
        version = tuple(int(part) for part in said.split()[2].split(".")[:2])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        yield Health("git", "not found", "install git 2.38 or newer")
        return
    yield Health("git", said, "" if version >= OLDEST_GIT else "install git 2.38 or newer")


def _sandbox(settings: Settings) -> Iterator[Health]:
    settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o711)
    state = build_sandbox(settings, BoxUids(settings.state_dir)).probe()
    problems = "; ".join(state.problems)
    if state.mode == "off":
        problems = "untrusted code runs unprotected: unset SPECBOT_SANDBOX"
    yield Health("sandbox", f"{state.mode}, {state.detail}", problems)


def _environment(settings: Settings) -> Iterator[Health]:
    nowhere = RepoRef(InstallationId(0), RepoId(0), "doctor", "doctor")
    try:
        environments = build_environments(settings, build_sandbox(settings, BoxUids(settings.state_dir)))
        made = asyncio.run(environments.prepare(nowhere, EnvironmentConfig(requirements=("pytest",)), {}))
    except SpecbotError as fault:
        yield Health("environment", fault.message, fault.hint or "see above")
        return
    yield Health("environment", made.description)


def _database(settings: Settings) -> Iterator[Health]:
    store = SqlStore(settings.database_url.reveal())
    try:
        store.ping()
        runs = store.recent_runs(1)
    except SpecbotError as fault:
        yield Health("database", fault.message, "`specbot migrate` makes it", needed=False)
        return
    finally:
        store.close()
    yield Health("database", "reachable" + (f", newest run {runs[0].run_id}" if runs else ", no run yet"))


def _service(settings: Settings) -> Iterator[Health]:
    for name, needs in (("web", WEB_NEEDS), ("worker", WORKER_NEEDS)):
        try:
            load_settings(os.environ, needs=needs)
        except SpecbotError as fault:
            yield Health(
                f"settings of the {name}", fault.message, "only the service needs them; see README", needed=False
            )
        else:
            yield Health(f"settings of the {name}", "complete")
    lacks = settings.log_in_lacks
    yield Health(
        "log-in to the pages",
        "complete" if not lacks else f"{', '.join(lacks)} not set, so every page of a run answers 404",
        "" if not lacks else "client id and secret are the App's own, for its OAuth log-in; see README",
        needed=False,
    )
    configured = settings.openai_api_key is not None or settings.openai_base_url is not None
    way_out = "" if configured else "set OPENAI_API_KEY or OPENAI_BASE_URL; the demo works without"
    yield Health("model", settings.model if configured else "none configured", way_out, needed=False)
