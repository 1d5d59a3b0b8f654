"""`/orchestrate`: a spec for an issue; work on a merged spec; or a fork's pull request carried on. The label on an issue asks for the first."""

from dataclasses import replace

from bot.core.events.commands import LABEL
from bot.core.events.model import Command, Verb
from bot.core.orchestration.notes import Asked, Opened
from bot.core.orchestration.orders import HOW, Order, branch_name, model_allowed, read_order
from bot.core.pulls import Issue, ReactionTarget
from bot.core.runs import Run, RunState, Stage
from bot.errors import NotThere, Refused
from bot.ids import PrNumber, Sha, issue_run_id
from bot.reporting.orchestration import already_writing
from bot.workflows.commands.guard import allowed, granted_key, permitted
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import set_going
from bot.workflows.notes import keep
from bot.workflows.orchestrating.branches import issue_of, newest_note, runs_of_issue
from bot.workflows.orchestrating.forks import carry_on
from bot.workflows.orchestrating.merged_spec import work_on


def orchestrate(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the comment that follows says it all."""
    if command.comment_id is None and command.number is not None:
        house.github.react(command.repo, ReactionTarget.ISSUE, command.number, "eyes")
    try:
        return _orchestrate(house, engine, command)
    finally:
        if command.comment_id is None and command.number is not None:  # the label is a button: pressed once
            house.github.remove_label(command.repo, command.number, LABEL)


def _orchestrate(house: House, engine: Engine, command: Command) -> str:
    config = allowed(house, command, Verb.ORCHESTRATE)
    order = read_order(command.arguments)
    model_allowed(order, config, (house.implementer_model, house.reviewer_model))
    if order.spec_path:
        return work_on(house, engine, command, order)
    if command.on_issue:
        return _for_issue(house, engine, command, order)
    pull = permitted(house, command)
    if pull.from_fork:
        return carry_on(house, engine, command, order, pull)
    number = issue_of(house, pull)
    if number is None:
        raise Refused(
            "this pull request is worked on from the spec that it brings",
            hint="`/specbot retry` starts a new run; for a merged spec name its path: `/orchestrate specs/NAME.md`",
        )
    return _for_issue(house, engine, replace(command, number=number), order)


def _for_issue(house: House, engine: Engine, command: Command, order: Order) -> str:
    if order.sha:
        raise Refused("a commit is named for a fork's pull request only", hint=HOW)
    issue = house.github.issue(command.repo, _number(command))
    if issue.is_pull_request or not issue.is_open:
        raise Refused("there is no open issue here", hint="reopen it, or open a new one")
    earlier = runs_of_issue(house, command.repo, issue.number)
    known = house.store.post(_key(command))
    begun = next(
        (run for run in earlier if known is not None and run.attempt == known and run.requester == command.actor), None
    )
    if begun is not None:
        set_going(engine, begun)
        return ""
    if earlier and earlier[-1].state.live:
        set_going(engine, earlier[-1])
        return already_writing(earlier[-1])
    _not_under_way(house, issue)
    begin_for_issue(house, engine, command, order, issue)
    return ""


def _not_under_way(house: House, issue: Issue) -> None:
    """Once agents work from the spec, a new one would be written over their heads."""
    opened = newest_note(house, issue.repo, issue.number, Opened)
    if opened is None:
        return
    try:
        pull = house.github.pull_request(issue.repo, opened[1].number)
    except NotThere:
        return
    if pull.merged:
        raise Refused(
            f"the work for this issue is merged, in #{pull.number}", hint="open a new issue for what is missing"
        )
    if not pull.is_open:
        raise Refused(
            f"the pull request of this issue, #{pull.number}, is closed", hint="reopen it, then `/orchestrate`"
        )
    if opened[1].in_force:
        raise Refused(
            f"the spec of this issue is in force, and the work goes on in #{pull.number}",
            hint="change the spec there by a push; the work then follows it",
        )


def begin_for_issue(house: House, engine: Engine, command: Command, order: Order, issue: Issue) -> Run:
    """A new run for the issue, on the branch of the earlier ones; a waiting one is superseded. Repeated after a crash it gets the run that it began."""
    repo = issue.repo
    earlier = runs_of_issue(house, repo, issue.number)
    default = house.github.repository(repo.installation_id, repo.repo_id).default_branch
    target = order.target or (earlier[-1].base_ref if earlier else default)
    if earlier and earlier[-1].base_ref != target:
        raise Refused(
            f"the spec of this issue is meant for `{earlier[-1].base_ref}`",
            hint="change the base of its pull request at GitHub",
        )
    head = house.git.branch_head(repo, target)
    if head is None:
        raise Refused(f"there is no branch {target}", hint=HOW)
    for run in earlier:
        if run.state is RunState.WAITING:
            house.store.update_run(run.run_id, state=RunState.SUPERSEDED, stage=Stage.ENDED, reason="asked for again")
    attempt = house.store.post(_key(command)) or 1 + max((run.attempt for run in earlier), default=0)
    run = _new_run(house, command, issue, target, head, attempt, earlier)
    # First what the run and this command are known by: after a crash a run without them would belong to nobody.
    keep(house, run.run_id, Asked(order, "" if target == default else default))
    house.store.keep_post(_key(command), attempt)
    run = house.store.create_run(run)
    set_going(engine, run)
    return run


def _new_run(
    house: House, command: Command, issue: Issue, target: str, head: Sha, attempt: int, earlier: tuple[Run, ...]
) -> Run:
    return Run(
        run_id=issue_run_id(issue.repo.repo_id, issue.number, head, attempt),
        repo=issue.repo,
        number=issue.number,
        start_head=head,
        attempt=attempt,
        head_repo_id=issue.repo.repo_id,
        head_ref=earlier[-1].head_ref if earlier else branch_name(issue.number, issue.title),
        base_ref=target,
        state=RunState.QUEUED,
        stage=Stage.ADMISSION,
        reason="",
        requester=command.actor,
        created_at=house.clock.now(),
    )


def _number(command: Command) -> PrNumber:
    if command.number is None:
        raise Refused("this command needs an issue", hint="write it on the issue")
    return command.number


def _key(command: Command) -> str:
    return f"{granted_key(command)}/orchestrate"
