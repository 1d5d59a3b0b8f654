"""`approve SHA`: the agents may start with the plan that is shown. A button says its commit itself; whoever types names it. `approve environment
SHA` is about what changed manifests ask to be installed."""

from bot.core.events.model import Command
from bot.core.policy.approvals import Approval, approval_record
from bot.core.pulls import PullRequest
from bot.core.runs import Run, RunState
from bot.errors import Refused
from bot.workflows.commands.approve_environment import ENVIRONMENT, approve_manifests
from bot.workflows.commands.guard import granted_key, meant_for_this_head, permitted
from bot.workflows.commands.reconcile import newest_at
from bot.workflows.commands.rule import SHA_DIGITS
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import resume
from bot.workflows.notes import Waits, WaitsFor, find
from bot.workflows.orchestrating.approving import approvable, bring_into_force, flipping
from bot.workflows.starting import plan_digest


def approve(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the run's own comment says it all."""
    pull = permitted(house, command)
    if flipping(house, command) is not None:
        return bring_into_force(house, engine, command, pull)
    meant_for_this_head(house, command, pull)
    if command.arguments and command.arguments[0].lower() == ENVIRONMENT:
        return approve_manifests(house, engine, command, pull)
    if command.comment_id is not None:
        _names_this_head(command, pull)
    if approvable(house, pull) is not None:
        return bring_into_force(house, engine, command, pull)
    run = newest_at(house, pull)
    if run is None:
        raise Refused("there is no run at this commit yet", hint="wait for the plan")
    if house.store.post(granted_key(command)) is None:
        _waits_for_it(house, run)
        approval = Approval(pull.head_sha, plan_digest(house, run), command.actor, command.given_at)
        key = f"approval/{command.command_id}"
        house.store.append_ledger(pull.repo.repo_id, pull.number, key, approval_record(approval))
        house.store.keep_post(granted_key(command), run.segment)
    if run.segment == house.store.post(granted_key(command)):
        resume(house, engine, run)
    return ""


def _waits_for_it(house: House, run: Run) -> None:
    waits = find(house, run.run_id, Waits)
    if run.state is not RunState.WAITING or waits is None or waits.what is not WaitsFor.APPROVAL:
        raise Refused("nothing waits for an approval here", hint="`/specbot status` says how things stand")


def _names_this_head(command: Command, pull: PullRequest) -> None:
    """An approval gives power over the branch and spends money, so it says which commit was looked at."""
    said = command.arguments[0].strip("`").lower() if command.arguments else ""
    if len(said) < SHA_DIGITS or not pull.head_sha.startswith(said):
        raise Refused(
            "an approval names the commit whose plan was looked at",
            hint=f"look at the plan and write `/specbot approve {pull.head_sha[:SHA_DIGITS]}`",
        )
