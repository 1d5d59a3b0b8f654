"""The flow of a review that somebody asked for: read the head's change against its merge base, look into what was found, answer with one review.

It belongs to the head's run, whose budget it uses and whose page shows it; the run itself has ended and stays as it is. On a fork's pull request nothing
is executed before somebody who may write has spoken for that very commit.
"""

from dataclasses import dataclass, replace

from bot.agents.loop import work
from bot.agents.roles.reviewer import NAME, ReviewerBriefing, findings, reader, reviewer, reviewer_opening
from bot.core.diffs import CommentableLines, commentable_lines
from bot.core.events.model import Command, Verb
from bot.core.proofs.model import Verification
from bot.core.pulls import Person, PullRequest
from bot.core.reviews.rows import recorded
from bot.core.runs import Run, RunState
from bot.core.specs.naming import bare
from bot.errors import BudgetSpent, NotThere
from bot.ids import CommandId, Digest, RunId, Sha, agent_key
from bot.reporting.masking import Redactor
from bot.reporting.review import AskedReview, asked_review_draft
from bot.workflows.admission import configuration_of, spoken_for
from bot.workflows.desks import desk_for, means_for
from bot.workflows.engine import Engine
from bot.workflows.environment import for_agents
from bot.workflows.examining import Material, examine, keep_posted, posted_key
from bot.workflows.house import House, in_thread, log
from bot.workflows.lifecycle import REVIEW
from bot.workflows.notes import AskedFor, Facts, Reviewed, Specs, find, keep, names_of, need
from bot.workflows.steps import Ended, step


@dataclass(frozen=True, slots=True)
class StoppableReview:
    """A review that `by` asked for, of the commit `head`, by the command `asked`."""

    asked: CommandId
    by: Person
    head: Sha


def review_id(asked: CommandId) -> str:
    """The id of the workflow that answers the command."""
    return f"{REVIEW}/{asked}"


async def asked_review(house: House, run_id: RunId, asked: CommandId) -> str:
    """Review one head, to its answer. Returns how many remarks it has, as a word."""
    try:
        await step(house, run_id, "asked review", lambda h, r: _read(h, r, asked))
    except Ended as end:
        reason = end.reason
        await step(house, run_id, "no review", lambda h, r: _unread(h, r, asked, reason))
    return await step(house, run_id, "answer", lambda h, r: _answered(h, r, asked), patient=True)


def reviews_under_way(house: House, engine: Engine, pull: PullRequest, key: str) -> tuple[StoppableReview, ...]:
    """Reviews of a pull request that somebody asked for and that have not been given yet, and those that the stop of this `key` has ended already."""
    found = []
    for run in house.store.runs_of(pull.repo.repo_id, pull.number):
        for name in names_of(house, run.run_id, AskedFor):
            stopped = house.store.post(_stopped_by(key, name)) is not None
            word = find(house, run.run_id, AskedFor, name)
            if word is not None and (stopped or engine.unfinished(review_id(CommandId(name)))):
                found.append(StoppableReview(CommandId(name), word.by, word.head))
    return tuple(found)


def end_review(house: House, engine: Engine, review: StoppableReview, key: str) -> None:
    """Nothing more of it is done or posted. Safe to repeat."""
    house.store.keep_post(_stopped_by(key, review.asked), 1)
    house.store.keep_post(_stopped(review.asked), 1)
    engine.cancel(review_id(review.asked))


def _stopped_by(key: str, asked: str) -> str:
    return f"{key}/{asked}"


def _stopped(asked: CommandId) -> str:
    return f"stopped review/{asked}"


async def _read(house: House, run_id: RunId, asked: CommandId) -> str:
    """Stores `Reviewed` under the command's name. Raises what keeps the reviewer from its work."""
    run, facts = await in_thread(lambda: _facts(house, run_id, asked))
    executing = await in_thread(lambda: not run.from_fork or spoken_for(house, run, facts.head))
    means = await in_thread(lambda: means_for(house, run, NAME))
    environment = await for_agents(house, run, facts)
    briefing = await in_thread(lambda: _briefing(house, run, facts, environment.description))
    key = agent_key(run_id, NAME, f"asked-{asked}", 1)
    role = reviewer() if executing else reader()
    async with desk_for(house, run, key, facts.head_tree) as desk:
        try:
            outcome = await work(key, role, reviewer_opening(briefing), desk, means)
        except BudgetSpent as spent:  # the run itself waits for nothing, and must not seem to
            raise Ended(RunState.FAILED, spent.message, spent.hint) from spent
    annotations = await in_thread(lambda: house.others_say(run.repo, facts.head))
    in_force = await in_thread(lambda: need(house, run_id, Specs).in_force)
    material = Material(findings(outcome), annotations=annotations, executing=executing, blocking=bool(in_force))
    found = await examine(house, run, facts, facts.head_tree, material)
    note = Reviewed(found.findings, outcome.summary, found.left_out, facts.head_tree, only_read=not executing)
    await in_thread(lambda: keep(house, run_id, note, asked))
    return str(len(found.findings))


async def _unread(house: House, run_id: RunId, asked: CommandId, reason: str) -> str:
    await in_thread(lambda: keep(house, run_id, Reviewed((), "", unread=reason), asked))
    return "none"


async def _answered(house: House, run_id: RunId, asked: CommandId) -> str:
    return await in_thread(lambda: _answer(house, run_id, asked))


def _answer(house: House, run_id: RunId, asked: CommandId) -> str:
    """The one review, and where it has made rows, the proofs once more: only a whole verification brings them into the check."""
    run, word = _run(house, run_id), _asked(house, run_id, asked)
    reviewed = find(house, run_id, Reviewed, asked) or Reviewed((), "")
    if house.store.post(_stopped(asked)) is not None:
        return "stopped"
    try:
        pull = house.github.pull_request(run.repo, run.number)
    except NotThere as fault:
        log.warning("nobody to tell of a review", run=run_id, reason=fault.message)
        return "nobody there"
    with house.pens.of(f"reviews/{run.repo.repo_id}/{run.number}"):
        return _put(house, run, word, asked, _unsaid(house, run, reviewed), pull.head_sha)


def _unsaid(house: House, run: Run, reviewed: Reviewed) -> Reviewed:
    """Without what another review has said since this one was made. When it is repeated, the review that is there is left as it is."""
    fresh = tuple(one for one in reviewed.findings if house.store.post(posted_key(run, one.fingerprint)) is None)
    return replace(reviewed, findings=fresh)


def _put(house: House, run: Run, word: AskedFor, asked: CommandId, reviewed: Reviewed, head: Sha) -> str:
    rows = _rows(house, run, reviewed)
    draft = asked_review_draft(
        AskedReview(
            asked=asked,
            commit=word.head,
            findings=reviewed.findings,
            summary=reviewed.summary,
            unread=reviewed.unread,
            moved=head if head != word.head else None,
            only_read=reviewed.only_read,
            left_out=reviewed.left_out,
            rows=rows,
        ),
        _lines(house, run.run_id, asked) if head == word.head and reviewed.findings else CommentableLines(()),
        Redactor(house.secrets),
    )
    review = house.github.put_review(run.repo, run.number, draft)
    keep_posted(house, run, reviewed.findings, review)
    if rows and not run.from_fork:
        house.store.add_command(
            Command(
                command_id=CommandId(f"after:{asked}"),
                verb=Verb.VERIFY,
                repo=run.repo,
                number=run.number,
                head_sha=word.head,
                actor=word.by,
                given_at=house.clock.now(),
            )
        )
    return str(len(reviewed.findings))


def _rows(house: House, run: Run, reviewed: Reviewed) -> tuple[tuple[Digest, str], ...]:
    """The rows that the review's findings have by now, as the ledger numbers them."""
    known = {
        one.finding.fingerprint: bare(one.name) for one in recorded(house.store.ledger(run.repo.repo_id, run.number))
    }
    return tuple((one.fingerprint, known[one.fingerprint]) for one in reviewed.findings if one.fingerprint in known)


def _lines(house: House, run_id: RunId, asked: CommandId) -> CommentableLines:
    run, facts = _facts(house, run_id, asked)
    return commentable_lines(house.git.diff(run.repo, facts.base_tree, facts.head_tree))


def _facts(house: House, run_id: RunId, asked: CommandId) -> tuple[Run, Facts]:
    """The run, and what is to be reviewed: the head that was asked about, against where it left its base."""
    run, word = _run(house, run_id), _asked(house, run_id, asked)
    pull = house.github.pull_request(run.repo, run.number)
    house.git.fetch(run.repo, [word.head, pull.base_sha], pull=run.number, branch=pull.base_ref)
    base = house.git.merge_base(run.repo, pull.base_sha, word.head)
    return run, Facts(
        head=word.head,
        head_tree=house.git.tree(run.repo, word.head),
        base=base,
        base_tree=house.git.tree(run.repo, base),
        config=configuration_of(house, run.repo, pull.base_ref),
    )


def _briefing(house: House, run: Run, facts: Facts, environment: str) -> ReviewerBriefing:
    verification = find(house, run.run_id, Verification)
    return ReviewerBriefing(
        specs=need(house, run.run_id, Specs).in_force,
        diff=house.git.diff(run.repo, facts.base_tree, facts.head_tree),
        verification=verification if verification and verification.candidate_tree == facts.head_tree else None,
        environment=environment,
        most=facts.config.review.most,
    )


def _run(house: House, run_id: RunId) -> Run:
    run = house.store.run(run_id)
    if run is None:
        raise NotThere(f"no run {run_id}", hint="report this")
    return run


def _asked(house: House, run_id: RunId, asked: CommandId) -> AskedFor:
    found = find(house, run_id, AskedFor, asked)
    if found is None:
        raise NotThere(f"nobody asked for the review {asked}", hint="report this")
    return found
