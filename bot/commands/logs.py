"""`specbot logs RUN`: every event of a run, and with -f what comes."""

import json
import os
import time

import click

from bot.adapters.store.store import SqlStore
from bot.core.runs import Run
from bot.errors import NotThere, UserFault
from bot.ids import RunId, agent_parts
from bot.reporting.happenings import Event, happening, terminal_lines
from bot.settings import load_settings

LOOK_SECONDS = 0.5
"""How often a followed run is looked at."""

MOST_MEANT = 5
"""Runs named when a text may mean several; more help nobody to choose."""


@click.command(name="logs")
@click.argument("run")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run has ended or waits for a person.")
@click.option("--agent", default="", help="Only this agent: a task (T-2), a role (reviewer) or both (implementer/T-2).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all of each event.")
def command(run: str, follow: bool, agent: str, as_json: bool) -> None:
    """Print what happened in RUN: its id, a beginning of it that no other run has, or OWNER/NAME#12 for a pull request's newest run."""
    store = SqlStore(load_settings(os.environ).database_url.reveal())
    try:
        meant = _meant(store, run)
        seen = 0
        while True:
            # The state is read first: what ended in between has told all its events by then.
            live = _live(store, meant.run_id)
            for event in store.events(meant.run_id, seen):
                seen = event[0]
                if not agent or _is_of(event, agent):
                    _print(event, as_json=as_json)
            if not follow or not live:
                return
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return
    finally:
        store.close()


def _meant(store: SqlStore, text: str) -> Run:
    """The one run that is meant; of a pull request its newest."""
    found = store.runs_like(text, MOST_MEANT + 1)
    if not found:
        raise NotThere(f"there is no run {text}", hint="`specbot runs` lists them")
    exact = [run for run in found if run.run_id == text]
    if exact or "#" in text or len(found) == 1:
        return (exact or list(found))[0]
    names = ", ".join(run.run_id for run in found[:MOST_MEANT])
    raise UserFault(
        f"{text} may mean several runs", hint=f"say which: {names}{', …' if len(found) > MOST_MEANT else ''}"
    )


def _live(store: SqlStore, run_id: RunId) -> bool:
    run = store.run(run_id)
    return run is not None and run.state.live


def _is_of(event: Event, wanted: str) -> bool:
    """Whether an event is of the agent, or about the task, that is wanted."""
    fields = _fields(event[3])
    role, task, attempt = agent_parts(str(fields.get("agent", "")))
    names = {role, task, f"{role}/{task}", f"{role}/{task}/{attempt}", str(fields.get("task", ""))} - {""}
    return wanted.casefold() in {name.casefold() for name in names}


def _print(event: Event, *, as_json: bool) -> None:
    number, at, kind, data = event
    if as_json:
        click.echo(json.dumps({"number": number, "at": at.isoformat(), "kind": kind, "data": _fields(data) or data}))
    elif told := happening(event):
        click.echo("\n".join(terminal_lines(told)))


def _fields(data: str) -> dict[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
