"""`/specbot answer 1b 2a`, or a line `1b 2a`: answers to the questions about a spec. When none is open any more they go into the spec."""

from bot.core.events.model import Command, Verb
from bot.core.orchestration.notes import Answers, Drafted, Opened
from bot.core.orchestration.questions import Question, open_ones, read_answers, with_answers
from bot.core.pulls import ReactionTarget
from bot.core.runs import Run, RunState
from bot.errors import Refused
from bot.ids import PrNumber
from bot.reporting.orchestration import answered_text
from bot.workflows.commands.guard import allowed, granted_key
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import resume
from bot.workflows.notes import find, keep
from bot.workflows.orchestrating.branches import issue_of, newest_note
from bot.workflows.orchestrating.telling import say_again


def answer(house: House, engine: Engine, command: Command) -> str:
    """The answer to post, "" when the edited comments say it all."""
    run = _asking(house, command)
    if run is None:
        if is_plain(command):
            return ""
        raise Refused("no question about a spec is open here", hint="`/specbot status` says how things stand")
    try:
        allowed(house, command, Verb.ANSWER)
    except Refused:
        if is_plain(command):  # somebody who may not decide may still say what they think
            return ""
        raise
    if is_plain(command) and command.comment_id is not None:
        house.github.react(command.repo, ReactionTarget.ISSUE_COMMENT, command.comment_id, "eyes")
    return _take(house, engine, command, run)


def is_plain(command: Command) -> bool:
    """A line that only looks like an answer: unless something is asked here, it means something else and is none of our business."""
    return command.verb is Verb.ANSWER and not command.text.startswith("/")


def _take(house: House, engine: Engine, command: Command, run: Run) -> str:
    drafted, known = find(house, run.run_id, Drafted), find(house, run.run_id, Answers) or Answers()
    questions = drafted.draft.questions if drafted else ()
    begun = house.store.post(granted_key(command))
    if begun is None:
        if known.taken != granted_key(command):  # else a crash came between the two notes
            known = _with(command, questions, known)
            keep(house, run.run_id, known)
        begun = run.segment + 1
        house.store.keep_post(granted_key(command), begun)
    left = open_ones(questions, known.given)
    if left:
        say_again(house, run)
        return "" if is_plain(command) else answered_text(left)
    if run.state is RunState.WAITING and run.segment < begun:
        say_again(house, resume(house, engine, run))
    elif run.state.live:
        resume(house, engine, run)
    return ""


def _with(command: Command, questions: tuple[Question, ...], known: Answers) -> Answers:
    if not open_ones(questions, known.given):
        raise Refused(
            "every question is answered", hint="change the spec by a push, or say more and write `/orchestrate`"
        )
    given = with_answers(known.given, read_answers(command.arguments, questions, command.actor.login))
    return Answers(given, granted_key(command))


def _asking(house: House, command: Command) -> Run | None:
    """The issue's newest run, when its spec has questions and is still a draft."""
    number = _issue(house, command)
    opened = newest_note(house, command.repo, number, Opened) if number is not None else None
    if opened is None or opened[1].in_force:
        return None
    run = house.store.run(opened[0].run_id)
    drafted = find(house, opened[0].run_id, Drafted)
    return run if drafted is not None and drafted.draft.questions else None


def _issue(house: House, command: Command) -> PrNumber | None:
    if command.on_issue or command.number is None:
        return command.number
    return issue_of(house, house.github.pull_request(command.repo, command.number))
