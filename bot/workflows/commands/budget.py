"""`budget +2usd`: give the run more, and let it go on where it stands."""

from bot.core.events.model import Command
from bot.core.policy.amounts import read_extra
from bot.core.policy.budgets import Extra, Granted
from bot.core.runs import Budget, Run, RunState
from bot.errors import Refused
from bot.reporting.replies import granted_text
from bot.workflows.commands.guard import granted_key, meant_for_this_head, permitted
from bot.workflows.commands.reconcile import newest_at
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import resume
from bot.workflows.notes import Facts, Specs, find
from bot.workflows.spending import budget_of, grant


def budget(house: House, engine: Engine, command: Command) -> str:
    """The answer to post. A run at work has more at once, one that waits goes on; repeated after a crash, neither happens twice."""
    pull = permitted(house, command)
    meant_for_this_head(house, command, pull)
    extra = read_extra(command.arguments)
    run = newest_at(house, pull)
    if run is None or not (run.state.live or run.state is RunState.WAITING):
        raise Refused("no run waits at this commit", hint="`/specbot retry` starts a new one")
    if run.verify_only:
        raise Refused("this run only runs proofs: it has no budget", hint="`/specbot retry` lets the agents work")
    _must_help(house, run, extra)
    grant(house, run, Granted(command.command_id, command.actor.login, extra))
    _go_on(house, engine, command, run)
    return granted_text(extra, _budget(house, run), at_work=run.state.live)


def _go_on(house: House, engine: Engine, command: Command, run: Run) -> None:
    """Start the next segment of a waiting run, once for each command; the segment's number remembers which one that was."""
    if run.state.live:
        resume(house, engine, run)
        return
    key = granted_key(command)
    started = house.store.post(key)
    if started is None:
        house.store.keep_post(key, run.segment + 1)
    if started is None or run.segment < started:
        resume(house, engine, run)


def _must_help(house: House, run: Run, extra: Extra) -> None:
    """Dollars for a run that is not limited in dollars would be granted and change nothing."""
    before = _budget(house, run)
    if before is not None and before.usd is None and extra.usd and not (extra.tokens or extra.minutes):
        raise Refused(
            "this run is not limited in dollars, so more of them would not help",
            hint="it is limited in tokens and minutes: `/specbot budget +500k tokens` or `+20min`",
        )


def _budget(house: House, run: Run) -> Budget | None:
    """None while the run has not got far enough to have one."""
    if find(house, run.run_id, Facts) is None or find(house, run.run_id, Specs) is None:
        return None
    return budget_of(house, run)
