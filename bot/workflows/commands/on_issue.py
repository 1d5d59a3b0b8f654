"""What can be said on an issue, where there is no pull request yet."""

from collections.abc import Callable, Mapping

from bot.core.events.model import Command, Verb
from bot.core.orchestration.notes import Opened
from bot.core.policy.amounts import read_extra
from bot.core.policy.budgets import Granted
from bot.core.runs import Run, RunState
from bot.errors import Refused
from bot.reporting.orchestration import issue_status
from bot.reporting.replies import granted_text, nothing_runs
from bot.workflows.commands.answer import answer
from bot.workflows.commands.edited import edited
from bot.workflows.commands.guard import allowed, granted_key
from bot.workflows.commands.help import answer_with, offered
from bot.workflows.commands.orchestrate import orchestrate
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import end, resume
from bot.workflows.orchestrating.branches import newest_note, runs_of_issue
from bot.workflows.spending import grant


def on_issue(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when there is none."""
    handler = _HANDLERS.get(command.verb)
    if handler is not None:
        return handler(house, engine, command)
    allowed(house, command, command.verb)
    raise Refused(
        f"`{command.verb.value}` is for pull requests", hint="here `/orchestrate` has a spec written for this issue"
    )


def _stop(house: House, engine: Engine, command: Command) -> str:
    allowed(house, command, command.verb)
    runs = [run for run in _runs(house, command) if run.state.live]
    if not runs:
        return "" if house.store.post(granted_key(command)) is not None else nothing_runs()
    house.store.keep_post(granted_key(command), 1)
    for run in runs:
        end(house, engine, run, RunState.STOPPED, f"stopped by @{command.actor.login}")
    return ""


def _status(house: House, engine: Engine, command: Command) -> str:
    allowed(house, command, command.verb)
    runs = _runs(house, command)
    opened = newest_note(house, command.repo, command.number, Opened) if command.number is not None else None
    return issue_status(
        runs[-1] if runs else None, opened[1].number if opened else None, house.run_url(runs[-1].run_id) if runs else ""
    )


def _budget(house: House, engine: Engine, command: Command) -> str:
    """As on a pull request: more for the run that waits, which then goes on."""
    allowed(house, command, command.verb)
    extra, runs = read_extra(command.arguments), _runs(house, command)
    if not runs or not (runs[-1].state.live or runs[-1].state is RunState.WAITING):
        raise Refused("no run waits here", hint="`/orchestrate` starts a new one")
    run = runs[-1]
    grant(house, run, Granted(command.command_id, command.actor.login, extra))
    started = house.store.post(granted_key(command))
    if started is None and not run.state.live:
        house.store.keep_post(granted_key(command), run.segment + 1)
    if run.state.live or started is None or run.segment < started:
        resume(house, engine, run)
    return granted_text(extra, None, at_work=run.state.live)


def _explain(house: House, engine: Engine, command: Command) -> str:
    config = allowed(house, command, command.verb)
    live = any(run.state.live for run in _runs(house, command))
    return answer_with(command, offered(house, command, config, live=live))


def _runs(house: House, command: Command) -> tuple[Run, ...]:
    return runs_of_issue(house, command.repo, command.number) if command.number is not None else ()


_HANDLERS: Mapping[Verb, Callable[[House, Engine, Command], str]] = {
    Verb.ORCHESTRATE: orchestrate,
    Verb.ANSWER: answer,
    Verb.STOP: _stop,
    Verb.STATUS: _status,
    Verb.BUDGET: _budget,
    Verb.EDITED: edited,
    Verb.HELP: _explain,
    Verb.UNKNOWN: _explain,
}
