"""The pump: deliveries become commands, commands take effect. It runs in the worker, in one thread.

A delivery is understood in one transaction. A command is settled after its effect, and every effect may be repeated, so a crash
anywhere repeats at most one command.
"""

import time
from collections.abc import Callable
from threading import Event

from bot.core.events.commands import understand
from bot.core.events.comments import is_short
from bot.core.events.model import OWN_VERBS, Command, Delivery, InstallationChanged, Verb
from bot.core.pulls import Permission
from bot.core.runs import RunState
from bot.errors import Refused, SpecbotError, Transient
from bot.ids import CommandId
from bot.reporting.masking import Redactor
from bot.reporting.names import person_marker
from bot.reporting.replies import refused, reply_body, reply_marker
from bot.workflows.commands.aim import aimed
from bot.workflows.commands.allow import allow
from bot.workflows.commands.answer import answer, is_plain
from bot.workflows.commands.approve import approve
from bot.workflows.commands.budget import budget
from bot.workflows.commands.contract import contract
from bot.workflows.commands.dismiss import dismiss
from bot.workflows.commands.edited import edited
from bot.workflows.commands.fix import fix
from bot.workflows.commands.guard import configuration_now
from bot.workflows.commands.help import explain
from bot.workflows.commands.listen import listen, said_again_later
from bot.workflows.commands.merge_group import on_merge_group
from bot.workflows.commands.on_issue import on_issue
from bot.workflows.commands.orchestrate import orchestrate
from bot.workflows.commands.publish import publish_held
from bot.workflows.commands.ready import on_pull_request
from bot.workflows.commands.refusals import REACTED_TO, said_before, shake_the_head
from bot.workflows.commands.retry import retry
from bot.workflows.commands.review import ask_review
from bot.workflows.commands.rule import rule
from bot.workflows.commands.status import status
from bot.workflows.commands.stop import stop
from bot.workflows.engine import Engine
from bot.workflows.house import House, log
from bot.workflows.lifecycle import UNINSTALLED, end

IDLE_SECONDS = 0.1
"""How long the pump rests when nothing is waiting: people see the first sign of life within seconds either way."""

BATCH = 50
"""Deliveries or commands taken at once; a burst must not make one transaction of everything."""

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 120.0
"""Delays of a command whose effect met trouble outside, doubling from the first to the longest."""

TRIES = 12
"""Of a person's command: with those delays ten minutes, then nobody expects it any more."""

NEVER_GIVEN_UP = frozenset({Verb.RECONCILE, Verb.FIX})
"""A head must get its run; and a review waits for the end of a run that is at work, which may take hours."""

LOOKED_AT = 2000
"""Waiting commands looked through for those that are due: many that have to wait must not hide one that need not."""

ENDING = frozenset({"deleted", "suspend", "removed"})
"""What ends our access; `unsuspend` and `new_permissions_accepted` widen it."""

RUNS_LOOKED_AT = 1000
"""Newest runs searched for live ones when an installation ends; older ones have long ended."""

NOT_REFUSED = frozenset({Verb.UNKNOWN, Verb.HELP, Verb.EDITED})
"""To whoever may not ask for these, nothing is said: a public repository must not be made to talk."""

Handler = Callable[[House, Engine, Command], str]

HANDLERS: dict[Verb, Handler] = {
    Verb.RECONCILE: on_pull_request,
    Verb.MERGE_GROUP: on_merge_group,
    Verb.LISTEN: listen,
    Verb.STOP: stop,
    Verb.RETRY: retry,
    Verb.VERIFY: retry,
    Verb.PUBLISH: publish_held,
    Verb.FIX: fix,
    Verb.BUDGET: budget,
    Verb.APPROVE: approve,
    Verb.ACCEPT: rule,
    Verb.WAIVE: rule,
    Verb.CONTRACT: contract,
    Verb.ALLOW: allow,
    Verb.REVIEW: ask_review,
    Verb.DISMISS: dismiss,
    Verb.ORCHESTRATE: orchestrate,
    Verb.ANSWER: answer,
    Verb.STATUS: status,
    Verb.HELP: explain,
    Verb.UNKNOWN: explain,
    Verb.EDITED: edited,
}


def _marker(house: House, command: Command) -> str:
    """One answer for each command. On issues, where everybody writes, one for each person who may not ask: repeating it is answered once."""
    if command.on_issue and not house.github.permission(command.repo, command.actor).at_least(Permission.WRITE):
        return person_marker(command.actor.user_id)
    return reply_marker(command.command_id)


class Pump:
    """`run` until the event is set, or `once` for one round."""

    def __init__(self, house: House, engine: Engine) -> None:
        self._house = house
        self._engine = engine
        self._redactor = Redactor(house.secrets)
        self._tries: dict[CommandId, int] = {}
        self._due: dict[CommandId, float] = {}

    def run(self, stop_event: Event) -> None:
        while not stop_event.is_set():
            try:
                busy = self.once()
            except Transient as fault:
                log.warning("the pump rests", reason=fault.message)
                busy = False
            if not busy:
                stop_event.wait(IDLE_SECONDS)

    def once(self) -> bool:
        """One round. True when something was done."""
        deliveries = self._house.store.pending_deliveries(BATCH)
        for delivery in deliveries:
            self._understand(delivery)
        waiting = [c for c in self._house.store.pending_commands(LOOKED_AT) if self._is_due(c)][:BATCH]
        repeated = said_again_later(waiting)
        for command in waiting:
            if command in repeated:
                self._house.store.settle_command(command.command_id, "said again later")
            else:
                self._carry_out(command)
        return bool(deliveries or waiting)

    def _understand(self, delivery: Delivery) -> None:
        understood = self._redactor.masked(understand(delivery, self._house.github.app(), short_commands=True))
        if isinstance(understood.event, InstallationChanged):
            self._end_runs_of(understood.event)
        self._house.store.settle_delivery(
            delivery.delivery_id, understood.outcome, understood.commands, understood.heads
        )

    def _end_runs_of(self, change: InstallationChanged) -> None:
        """Where we may not read or write any more, end what is live, quietly. The sweep begins again where that passes."""
        if change.action not in ENDING:
            return
        for run in self._house.store.recent_runs(RUNS_LOOKED_AT):
            lost = not change.repo_ids or run.repo.repo_id in change.repo_ids
            if run.state.live and run.repo.installation_id == change.installation_id and lost:
                end(self._house, self._engine, run, RunState.STOPPED, UNINSTALLED)

    def _carry_out(self, command: Command) -> None:
        store = self._house.store
        try:
            outcome = self._effect(command)
        except (Transient, Refused) as fault:
            if self._postpone(command, getattr(fault, "retry_after", None) or 0.0):
                return
            outcome = f"given up: {fault.message}"
        except SpecbotError as fault:
            outcome = f"{fault.code}: {fault.message}"
        except Exception as fault:
            log.exception("command crashed", command=command.command_id)
            if self._postpone(command):
                return
            outcome = f"crashed: {type(fault).__name__}"
        outcome = self._redactor.mask(outcome)
        log.info("command", command=command.command_id, verb=command.verb.value, outcome=outcome)
        store.settle_command(command.command_id, outcome)
        self._tries.pop(command.command_id, None)
        self._due.pop(command.command_id, None)

    def _effect(self, command: Command) -> str:
        """Do it for each pull request that it is for; what became of it, in words for the log."""
        short = command.comment_id is not None and is_short(command.text)
        if short and not configuration_now(self._house, command).short_commands:
            return "a short form, which does not count here: it may be another bot's"
        target = REACTED_TO.get(command.said_in)
        if command.comment_id is not None and target is not None and not command.implied and not is_plain(command):
            self._house.github.react(command.repo, target, command.comment_id, "eyes")
        outcomes = [self._effect_on_one(one) for one in aimed(self._house, command)]
        return "; ".join(outcomes) or "no open pull request has this commit"

    def _effect_on_one(self, command: Command) -> str:
        """Do it and answer it. Why a person's command cannot be done is an answer; for the bot's own it is a reason to wait."""
        typed = command.verb not in OWN_VERBS
        try:
            handler = on_issue if command.on_issue else HANDLERS[command.verb]
            said = handler(self._house, self._engine, command)
        except SpecbotError as fault:
            if not typed or isinstance(fault, Transient):
                raise
            said = refused(command, fault) if command.verb not in NOT_REFUSED and not is_plain(command) else ""
            if said and said_before(self._house, command, said):
                shake_the_head(self._house, command)
                return f"refused again: {fault.message}"
        if typed and said and command.number is not None:
            marker = _marker(self._house, command)
            self._house.github.put_comment(
                command.repo, command.number, marker, reply_body(marker, command, said, self._redactor)
            )
        return said or "done"

    def _is_due(self, command: Command) -> bool:
        return self._due.get(command.command_id, 0.0) <= time.monotonic()

    def _postpone(self, command: Command, at_least: float = 0.0) -> bool:
        tries = self._tries[command.command_id] = self._tries.get(command.command_id, 0) + 1
        delay = min(FIRST_DELAY_SECONDS * 2 ** min(tries - 1, TRIES), LONGEST_DELAY_SECONDS)
        self._due[command.command_id] = time.monotonic() + max(delay, at_least)
        return tries < TRIES or command.verb in NEVER_GIVEN_UP
