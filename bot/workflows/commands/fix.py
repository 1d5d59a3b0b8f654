"""`fix`: people are to be answered. Typed, or implied by a review that requests changes or words addressed to the bot on the diff.

It is bound to no commit: what was said of lines stays true when others move, and a person's push must not silence a review. What waits is read
afresh when the run listens, and whoever may not ask by then is not heard.
"""

from bot.core.events.mentions import mentions
from bot.core.events.model import Command, SaidIn, Verb
from bot.core.feedback.model import AskedToAnswer, Place, Point, ReviewThread, Said, Voice
from bot.core.pulls import AppIdentity, PullRequest, ReactionTarget
from bot.core.runs import Run
from bot.errors import Refused, Transient
from bot.ids import PrNumber
from bot.reporting.answers import HINT_MARKER, no_spec_hint, nothing_waits
from bot.reporting.masking import Redactor
from bot.workflows.account import agents_may
from bot.workflows.admission import configuration_of
from bot.workflows.answering import waiting_for_us
from bot.workflows.commands.guard import allowed, permitted
from bot.workflows.commands.reconcile import newest_at
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import begin, live_runs, set_going
from bot.workflows.notes import Facts, Specs, find

EYES = "eyes"


def fix(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the replies will say it all, or nobody spoke to the bot. Raises `Transient` while a run is at work: what was
    asked waits for its end."""
    if command.number is None:
        raise Refused("this command needs a pull request", hint="write it on the pull request")
    pull = house.github.pull_request(command.repo, command.number)
    if not command.implied:
        permitted(house, command)
    elif not pull.is_open or not _is_meant(house, command) or not _may(house, command):
        return ""
    if not pull.is_open:
        raise Refused("the pull request is closed", hint="reopen it first")
    begun = _begun(house, command, pull)
    if begun is not None:
        set_going(engine, begun)
        return ""
    return _begin(house, engine, command, pull)


def _begin(house: House, engine: Engine, command: Command, pull: PullRequest) -> str:
    newest = newest_at(house, pull)
    if live_runs(house, pull) or newest is None:
        raise Transient("it waits until the run that is at work has ended", hint="`/specbot stop` ends both")
    if not _in_force(house, newest):
        return _hint(house, command, pull)
    _agents_may_work(house, newest, pull)
    asked = AskedToAnswer(command.actor, command.command_id, _own_words(house, command))
    config = configuration_of(house, pull.repo, pull.base_ref)
    if not waiting_for_us(house, pull, config, asked).points:
        return "" if command.implied else nothing_waits()
    if command.implied and command.said_in is SaidIn.THREAD and command.comment_id is not None:
        house.github.react(command.repo, ReactionTarget.REVIEW_COMMENT, command.comment_id, EYES)
    begin(house, engine, pull, command.actor, asked_by=command.command_id, answers=asked)
    return ""


def _begun(house: House, command: Command, pull: PullRequest) -> Run | None:
    """The run that this very command began: it is carried out again after a crash."""
    for run in reversed(house.store.runs_of(pull.repo.repo_id, pull.number)):
        asked = find(house, run.run_id, AskedToAnswer)
        if asked is not None and asked.command == command.command_id:
            return run
    return None


def _is_meant(house: House, command: Command) -> bool:
    """A review that requests changes, or names the bot, always is; a comment on the diff when it names it or the bot has spoken in
    its thread: there an answer to its question needs no name."""
    if command.said_in is not SaidIn.THREAD:
        return True
    us, said = house.github.app(), house.github.conversation(command.repo, command.number or PrNumber(0))
    thread = next((one for one in said.threads if _holds(one, command)), None)
    return thread is not None and (_spoke_there(thread, us) or _names_us(thread, command, us))


def _holds(thread: ReviewThread, command: Command) -> bool:
    return any(comment.comment_id == command.comment_id for comment in thread.comments)


def _spoke_there(thread: ReviewThread, us: AppIdentity) -> bool:
    return any(comment.author.user_id == us.bot_user.user_id for comment in thread.comments)


def _names_us(thread: ReviewThread, command: Command, us: AppIdentity) -> bool:
    return any(mentions(one.body, us) for one in thread.comments if one.comment_id == command.comment_id)


def _may(house: House, command: Command) -> bool:
    """Whoever may not ask is not told so: a stranger's review is nobody's business but the people's of the repository."""
    try:
        allowed(house, command, Verb.FIX)
    except Refused:
        return False
    return True


def _in_force(house: House, newest: Run) -> bool:
    specs = find(house, newest.run_id, Specs)
    return specs is not None and bool(specs.in_force)


def _hint(house: House, command: Command, pull: PullRequest) -> str:
    """Once, and only to somebody who spoke to the bot: a review among people is none of its business there."""
    if not command.implied:
        return no_spec_hint()
    if command.said_in is SaidIn.THREAD or _review_names_us(house, command):
        house.github.put_comment(pull.repo, pull.number, HINT_MARKER, f"{HINT_MARKER}\n{no_spec_hint()}")
    return ""


def _review_names_us(house: House, command: Command) -> bool:
    said, us = house.github.conversation(command.repo, command.number or PrNumber(0)), house.github.app()
    return any(mentions(one.body, us) for one in said.reviews if int(one.review_id) == command.comment_id)


def _agents_may_work(house: House, newest: Run, pull: PullRequest) -> None:
    if pull.from_fork:
        raise Refused("this comes from a fork, and Specbot pushes to no fork", hint="push the change yourself")
    if not agents_may(find(house, newest.run_id, Facts), find(house, newest.run_id, Specs)):
        raise Refused("here people implement, by the configuration or by the spec", hint="push the change yourself")


def _own_words(house: House, command: Command) -> Point | None:
    """What was typed behind the command in the conversation. A review and a thread are read as a whole."""
    if command.implied or command.said_in is not SaidIn.CONVERSATION or not command.arguments:
        return None
    words = Redactor(house.secrets).mask(" ".join(command.arguments))
    said = (Said(Voice.ASKS, command.actor.login, words),)
    return Point("", Place.COMMENT, command.comment_id or 0, said)
