"""On a person's word: the draft spec of an issue is brought into force, by a commit of ours on the commit that was looked at."""

from dataclasses import replace

from bot.core.events.model import Command
from bot.core.orchestration.notes import Answers, Drafted, Flip, Opened
from bot.core.orchestration.questions import by_default
from bot.core.orchestration.spec_text import brought_into_force, is_draft, with_decisions
from bot.core.proofs.ledger import record
from bot.core.pulls import PullRequest
from bot.core.runs import Run, RunState, Stage
from bot.errors import LeaseLost, NotThere, Refused
from bot.ids import RunId, Sha
from bot.reporting.commit_message import decision_message
from bot.reporting.masking import Redactor
from bot.workflows.admission import configuration_of
from bot.workflows.commands.reconcile import reconcile_pull
from bot.workflows.engine import Engine
from bot.workflows.house import House, log
from bot.workflows.landing import Landing, land
from bot.workflows.notes import find, keep
from bot.workflows.orchestrating.branches import issue_of, newest_note
from bot.workflows.orchestrating.publishing import commit_text
from bot.workflows.orchestrating.telling import say_again
from bot.workflows.orchestrating.trees import text_at

KIND = "spec approval"
"""Of the ledger's record."""


def approvable(house: House, pull: PullRequest) -> tuple[Run, Drafted] | None:
    """The issue's run and its spec, when the pull request's head has that spec as a draft; None for every other pull request."""
    number = issue_of(house, pull)
    found = newest_note(house, pull.repo, number, Drafted) if number is not None else None
    if found is None or newest_note(house, pull.repo, found[0].number, Opened) is None:
        return None
    run, drafted = found
    house.git.fetch(pull.repo, [pull.head_sha], pull=pull.number, branch=pull.head_ref)
    return found if is_draft(text_at(house, run, pull.head_sha, drafted.path)) else None


def flipping(house: House, command: Command) -> Flip | None:
    """What this very command has begun already."""
    return find(house, _id(command), Flip)


def bring_into_force(house: House, engine: Engine, command: Command, pull: PullRequest) -> str:
    """Make the commit, push it on the approved head and begin the run. Safe to repeat; a person's push in between wins, by `LeaseLost`."""
    flip = flipping(house, command)
    if flip is None:
        flip = _flip(house, command, pull)
        keep(house, _id(command), flip)
    if pull.head_sha == flip.head:
        # GitHub's own commit, where it makes one, has that tree and another name.
        tree = house.git.tree(pull.repo, flip.commit)
        told = {"head": flip.head, "tree": tree, "by": command.actor.record, "at": command.given_at.isoformat()}
        body = record(KIND, told)
        house.store.append_ledger(pull.repo.repo_id, pull.number, f"approval/{command.command_id}", body)
    landed = _landed(house, pull, flip)
    house.store.see_head(pull.repo.repo_id, pull.number, landed)
    _settle_issue(house, pull)
    _end_draft(house, pull)
    reconcile_pull(house, engine, pull.repo, pull.number, None)
    return ""


def _landed(house: House, pull: PullRequest, flip: Flip) -> Sha:
    policy = configuration_of(house, pull.repo, pull.base_ref).commits
    wanted = Landing(pull.repo, pull.head_ref, pull.base_ref, flip.head, flip.commit, flip.message)
    try:
        return land(house, policy, wanted)
    except LeaseLost:
        raise Refused(
            f"the head is {pull.head_sha[:12]} now, not what was approved", hint="look at it and approve again"
        ) from None


def _end_draft(house: House, pull: PullRequest) -> None:
    """What is in force is no draft; where the App may not say so, a person presses the button."""
    try:
        house.github.mark_ready(pull.repo, pull.number)
    except (NotThere, Refused) as fault:
        log.info("still a draft", number=pull.number, reason=fault.message)


def _flip(house: House, command: Command, pull: PullRequest) -> Flip:
    found = approvable(house, pull)
    if found is None:
        raise Refused("no draft spec waits for an approval here", hint="`/specbot status` says how things stand")
    run, drafted = found
    if run.state.live:
        raise Refused("the spec is being rewritten just now", hint="wait for it, look at it and approve again")
    text = text_at(house, run, pull.head_sha, drafted.path)
    given = by_default(drafted.draft.questions, (find(house, run.run_id, Answers) or Answers()).given)
    if given:
        text = with_decisions(text, drafted.draft.questions, given)
    message = decision_message(
        f"Approve {drafted.path}",
        f"{command.actor.login} approved the spec at {pull.head_sha[:12]}: it is in force now.",
        spec=drafted.path,
        by=command.actor,
        redactor=Redactor(house.secrets),
    )
    commit = commit_text(
        house, pull.repo, pull.head_sha, drafted.path, brought_into_force(text), message, command.given_at
    )
    return Flip(pull.head_sha, commit, message)


def _settle_issue(house: House, pull: PullRequest) -> None:
    """The issue's run is done: what it was for is in force. Questions that nobody answered are answered by the approval."""
    number = issue_of(house, pull)
    found = newest_note(house, pull.repo, number, Opened) if number is not None else None
    drafted = newest_note(house, pull.repo, number, Drafted) if number is not None else None
    if found is None or drafted is None:
        return
    run, opened = found
    given = (find(house, run.run_id, Answers) or Answers()).given
    keep(house, run.run_id, Answers(by_default(drafted[1].draft.questions, given)))
    keep(house, run.run_id, replace(opened, in_force=True))
    run = house.store.update_run(run.run_id, state=RunState.DONE, stage=Stage.ENDED, reason="the spec is in force")
    say_again(house, run)


def _id(command: Command) -> RunId:
    return RunId(f"approval-{command.command_id}-{command.number}")
