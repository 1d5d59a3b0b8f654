"""Steps of a run that answers people: what waits is read afresh, and after the work was proven and pushed each point gets its one reply."""

from bot.agents.outcome import OUTCOME
from bot.agents.roles.responder import answers
from bot.core.events.model import Verb
from bot.core.feedback.model import Answer, Answering, AskedToAnswer, Conversation, Feedback, Place, Point
from bot.core.feedback.waiting import answer_marker, is_worth_a_reply, speakers, waiting
from bot.core.feedback.work import REVIEW, answering_plan
from bot.core.plans.progress import Progress
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.rights import may
from bot.core.proofs.model import Verification
from bot.core.pulls import PullRequest, RepoRef
from bot.core.runs import Run
from bot.errors import NotThere, Refused
from bot.ids import PrNumber, RunId
from bot.reporting.answers import Pushed, answer_text
from bot.reporting.masking import Redactor
from bot.workflows.admission import live_run, still_standing
from bot.workflows.house import House, in_thread, log
from bot.workflows.lifecycle import answered_key
from bot.workflows.notes import Facts, Kept, Specs, Work, find, keep, need
from bot.workflows.task_agents import task_agent

HEARD, NOTHING = "heard", "nothing"
"""The words of `listen`."""


def is_to_answer(house: House, run_id: RunId) -> bool:
    """Fixed before the run began, so every look says the same."""
    return find(house, run_id, AskedToAnswer) is not None


async def listen(house: House, run_id: RunId) -> str:
    """HEARD when something waits for an answer: stores the `Feedback` and its `Plan`, which later segments keep."""
    return await in_thread(lambda: _listen(house, run_id))


async def answer(house: House, run_id: RunId) -> str:
    """How many points were answered, as a word. Rights to change were asked for when the work was pushed; a reply needs none."""
    return await in_thread(lambda: _answer(house, live_run(house, run_id)))


def waiting_for_us(
    house: House, pull: PullRequest, config: RepositoryConfig, asked: AskedToAnswer | None = None
) -> Feedback:
    """All that waits on the pull request now, by people who may by now ask for changes."""
    return _waiting(house, pull.repo, house.github.conversation(pull.repo, pull.number), config, asked)


def give_late_answers(house: House, run: Run) -> None:
    """For a run that was ended from outside after its work was pushed: whoever asked is told of it. Nothing of it may stop the last words."""
    if not run.published or find(house, run.run_id, Feedback) is None:
        return
    try:
        _answer(house, run)
    except (NotThere, Refused) as fault:
        log.warning("not answered", run=run.run_id, reason=fault.message)


def _listen(house: House, run_id: RunId) -> str:
    standing = still_standing(house, run_id)
    if find(house, run_id, Feedback) is not None:
        return HEARD
    facts, specs = need(house, run_id, Facts), need(house, run_id, Specs)
    feedback = waiting_for_us(house, standing.pull, facts.config, need(house, run_id, AskedToAnswer))
    if not feedback.points:
        house.store.keep_post(answered_key(run_id), 1)
        return NOTHING
    keep(house, run_id, answering_plan(specs.in_force, feedback))
    keep(house, run_id, feedback)
    return HEARD


def _waiting(
    house: House, repo: RepoRef, said: Conversation, config: RepositoryConfig, asked: AskedToAnswer | None
) -> Feedback:
    us = house.github.app()
    people = speakers(said, us)
    may_ask = {
        one.user_id for one in people if may(Verb.FIX, house.github.permission(repo, one), config, actor=one).allowed
    }
    answered = {r.review_id for r in said.reviews if house.store.post(_answered_review(r.review_id)) is not None}
    return waiting(said, us, may_ask, answered=answered, asked_by=asked.point if asked else None)


def _answer(house: House, run: Run) -> str:
    with house.pens.of(f"answers/{run.run_id}"):
        feedback, given = need(house, run.run_id, Feedback), _given(house, run)
        pushed = _pushed(house, run)
        for point in feedback.points:
            if is_worth_a_reply(point, given.get(point.name), feedback):
                _reply(house, run, point, given.get(point.name), pushed)
            if point.place is Place.REVIEW:
                house.store.keep_post(_answered_review(point.source), 1)
        house.store.keep_post(answered_key(run.run_id), 1)
        return str(len(feedback.points))


def _reply(house: House, run: Run, point: Point, given: Answer | None, pushed: Pushed) -> None:
    marker, redactor = answer_marker(point.place, point.source), Redactor(house.secrets)
    text = answer_text(point, given, pushed, redactor)
    if point.place is not Place.THREAD or point.root is None:
        house.github.put_comment(run.repo, run.number, marker, f"{marker}\n{text}")
    else:
        _in_thread(house, run.repo, run.number, point, marker, text)
    if point.own and point.thread_id and _dealt_with(given, pushed):
        _resolve(house, run, point)


def _in_thread(house: House, repo: RepoRef, number: PrNumber, point: Point, marker: str, text: str) -> None:
    """A thread that was deleted meanwhile needs no answer."""
    try:
        if point.root is not None:
            house.github.put_reply(repo, number, point.root, marker, f"{marker}\n{text}")
    except NotThere as fault:
        log.info("thread is gone", point=point.name, reason=fault.message)


def _resolve(house: House, run: Run, point: Point) -> None:
    """Only tidies up: where the App may not, the thread stays open with its answer."""
    try:
        house.github.resolve_thread(run.repo, point.thread_id)
    except (NotThere, Refused) as fault:
        log.info("thread not resolved", run=run.run_id, reason=fault.message)


def _dealt_with(given: Answer | None, pushed: Pushed) -> bool:
    """What people began is theirs to resolve; of the bot's own, what was done or dropped by agreement."""
    if given is None:
        return False
    return given.what is Answering.SETTLED or (given.what is Answering.CHANGED and pushed.commit is not None)


def _given(house: House, run: Run) -> dict[str, Answer]:
    """The answers by point: the newest agent's, and of earlier ones what it left out."""
    progress = find(house, run.run_id, Progress)
    attempts = progress.of(REVIEW).attempt if progress is not None else 0
    found: dict[str, Answer] = {}
    for attempt in range(1, attempts + 1):
        finished = house.journal.load(task_agent(run.run_id, REVIEW, attempt)).finished
        found |= {one.point: one for one in answers(OUTCOME.decode(finished))} if finished else {}
    return found


def _pushed(house: House, run: Run) -> Pushed:
    work, kept = find(house, run.run_id, Work), find(house, run.run_id, Kept)
    return Pushed(
        commit=work.commit if work is not None and run.published else None,
        tried=work is not None,
        verification=find(house, run.run_id, Verification),
        kept_on=kept.branch if kept is not None else "",
        page=house.run_url(run.run_id),
    )


def _answered_review(review: int) -> str:
    return f"answered/review/{review}"
