"""Step: look at the issue afresh, and read all that was said: what the spec author is told is what stands here now."""

from collections.abc import Iterable

from bot.core.orchestration.notes import Assignment, Drafted, Said
from bot.core.pulls import Issue, IssueComment, Permission
from bot.core.runs import Run, RunState, Stage
from bot.ids import RunId
from bot.workflows.admission import configuration_of, live_run
from bot.workflows.house import House, in_thread
from bot.workflows.landing import Unsignable, by_github
from bot.workflows.notes import Facts, Specs, find, keep
from bot.workflows.orchestrating.branches import newest_note
from bot.workflows.orchestrating.trees import text_on_branch
from bot.workflows.steps import Ended

MOST_COMMENTS = 500
"""The newest that are kept of an issue's conversation: what the author is told is cut further, by characters."""

MOST_CHARACTERS = 65_536
"""Of one text; GitHub's own limit."""


async def admit_issue(house: House, run_id: RunId) -> str:
    """`admitted`; stores `Facts`, empty `Specs` and the `Assignment`. Ends the run when the issue is closed or its requester may not write."""
    return await in_thread(lambda: _admit(house, run_id))


def _admit(house: House, run_id: RunId) -> str:
    run = live_run(house, run_id)
    issue = house.github.issue(run.repo, run.number)
    if not issue.is_open:
        raise Ended(RunState.STOPPED, "the issue is closed", "reopen it, then `/orchestrate`")
    if not house.github.permission(run.repo, run.requester).at_least(Permission.WRITE):
        reason = f"whoever asked for this ({run.requester.login}) may not write here any more"
        raise Ended(RunState.STOPPED, reason, "somebody who may: `/orchestrate`")
    house.git.fetch(run.repo, [run.start_head], branch=run.base_ref)
    tree = house.git.tree(run.repo, run.start_head)
    config = configuration_of(house, run.repo, run.base_ref)
    try:  # what nobody can push is said before anybody is paid for it
        by_github(house, run.repo, config.commits, run.head_ref, run.base_ref)
    except Unsignable as fault:
        raise Ended(RunState.WAITING, fault.message, fault.hint) from None
    keep(house, run_id, Facts(run.start_head, tree, run.start_head, tree, config))
    keep(house, run_id, Specs(()))
    if find(house, run_id, Assignment) is None or run.segment > 1:
        keep(house, run_id, _assignment(house, run, issue))
    house.store.update_run(run_id, state=RunState.WORKING, stage=Stage.SPEC)
    return "admitted"


def _assignment(house: House, run: Run, issue: Issue) -> Assignment:
    known = newest_note(house, run.repo, run.number, Drafted)
    pull = house.github.pull_request_from(run.repo, run.head_ref)
    talk = list(issue.comments)
    if pull is not None:  # what is said about the spec itself counts as much as what was said about the issue
        talk += house.github.issue(run.repo, pull.number).comments
    return Assignment(
        title=issue.title,
        text=Said(issue.author.login, issue.body[:MOST_CHARACTERS]),
        talk=tuple(_by_people(talk)),
        read_at=house.clock.now(),
        current=text_on_branch(house, run, known[1].path) if known is not None else "",
    )


def _by_people(comments: Iterable[IssueComment]) -> list[Said]:
    """What bots say is their own account of things, ours above all."""
    ordered = sorted((one for one in comments if not one.author.is_bot), key=lambda one: one.created_at)
    return [Said(one.author.login, one.body[:MOST_CHARACTERS]) for one in ordered[-MOST_COMMENTS:]]
