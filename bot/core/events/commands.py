"""Event -> what is asked of us. The loop filter stands here, and it is for commands only: every head counts, whoever pushed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.events.comments import Typed, added, answers_in, commands_in
from bot.core.events.mentions import mentions
from bot.core.events.model import (
    ButtonPressed,
    ChecksReported,
    ChecksRequested,
    Command,
    CommentCreated,
    CommentEdited,
    Delivery,
    Event,
    Ignored,
    InstallationChanged,
    IssueLabelled,
    MergeGroupChanged,
    PullRequestChanged,
    RerunAsked,
    ReviewCommentCreated,
    ReviewSubmitted,
    SaidIn,
    Verb,
)
from bot.core.events.parse import parse_delivery
from bot.core.ports.store import HeadSeen
from bot.core.pulls import AppIdentity, Person
from bot.ids import CommandId, CommentId, PrNumber, RepoId, Sha

BUTTONS = {
    Verb.RETRY.value: Verb.RETRY,
    Verb.VERIFY.value: Verb.VERIFY,
    Verb.STOP.value: Verb.STOP,
    Verb.APPROVE.value: Verb.APPROVE,
}
"""Identifiers of the buttons on our checks. A fixed table: the identifier comes back from outside."""

LABEL = "specbot"
"""The label that, put on an issue, asks for what `/orchestrate` asks for."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What came of one delivery, ready for `Store.settle_delivery`. `outcome` says it in words; `heads` are to be recorded."""

    event: Event
    outcome: str
    commands: tuple[Command, ...] = ()
    heads: tuple[tuple[RepoId, PrNumber, Sha], ...] = ()


PUSHED = "pushed"
"""The action of a RECONCILE command that follows from a push and not from something that happened to a pull request."""


def understand(delivery: Delivery, us: AppIdentity, *, short_commands: bool = False) -> Understood:
    """What a stored delivery asks of us. Pure and total: the same delivery always gives the same command ids."""
    event = parse_delivery(delivery)
    match event:
        case PullRequestChanged() | ChecksRequested():
            return _of_head(delivery, event)
        case CommentCreated() | CommentEdited() | ReviewSubmitted() | ReviewCommentCreated():
            return _of_words(event, us, short_commands)
        case ButtonPressed() | RerunAsked() | IssueLabelled():
            return _of_press(delivery, event, us)
        case ChecksReported():
            return _of_report(delivery, event, us)
        case MergeGroupChanged():
            return _of_group(delivery, event)
        case InstallationChanged() | Ignored():
            return Understood(event, _told(event))


def bind_head(heads: Sequence[HeadSeen], given_at: datetime) -> Sha | None:
    """The head that stood when a command was given: the last one seen at or before that time, in any order of `heads`.

    None when none was seen yet. A head that was pushed but not yet seen loses: the command stays with the older one, which
    is the safe side (a later push is a time-of-check attack, not the thing the person looked at).
    """
    before = [head for head in heads if head.seen_at <= given_at]
    return max(before, key=lambda head: head.seen_at).sha if before else None


def _of_head(delivery: Delivery, event: PullRequestChanged | ChecksRequested) -> Understood:
    number = event.number if isinstance(event, PullRequestChanged) else None
    command = Command(
        command_id=CommandId(f"delivery:{delivery.delivery_id}"),
        verb=Verb.RECONCILE,
        repo=event.repo,
        number=number,
        head_sha=event.head_sha,
        actor=event.sender,
        given_at=delivery.received_at,
        arguments=(event.action if isinstance(event, PullRequestChanged) else PUSHED,),
    )
    heads = () if number is None else ((event.repo.repo_id, number, event.head_sha),)
    return _understood(event, (command,), heads)


def _of_group(delivery: Delivery, event: MergeGroupChanged) -> Understood:
    """The queue is GitHub's own account, so the loop filter does not apply; whoever it is, the group is proven and nothing else happens."""
    command = Command(
        command_id=CommandId(f"delivery:{delivery.delivery_id}"),
        verb=Verb.MERGE_GROUP,
        repo=event.repo,
        number=None,
        head_sha=event.head_sha,
        actor=event.sender,
        given_at=delivery.received_at,
        arguments=(event.action, event.head_ref, event.base_sha, event.base_ref),
    )
    return _understood(event, (command,))


def _told(event: InstallationChanged | Ignored) -> str:
    if isinstance(event, Ignored):
        return f"ignored: {event.reason}"
    return f"installation {event.installation_id}: {event.action}"


def _of_edit(event: CommentEdited) -> Understood:
    """One command for each comment, however often it is edited: it only says that nothing of an edit is obeyed."""
    new = added(event.before, event.body)
    if not new:
        return Understood(event, "ignored: an edit that adds no command")
    command = Command(
        command_id=CommandId(f"edited:{event.comment_id}"),
        verb=Verb.EDITED,
        repo=event.repo,
        number=event.number,
        head_sha=None,
        actor=event.author,
        given_at=event.edited_at,
        text=new[0].text,
        on_issue=not event.on_pull_request,
    )
    return _understood(event, (command,))


def _of_report(delivery: Delivery, event: ChecksReported, us: AppIdentity) -> Understood:
    """The loop filter does not apply, because nothing is obeyed: what others report is read afresh. Our own checks tell us nothing new."""
    if event.app_id == us.app_id:
        return Understood(event, "ignored: a check of our own")
    command = Command(
        command_id=CommandId(f"delivery:{delivery.delivery_id}"),
        verb=Verb.LISTEN,
        repo=event.repo,
        number=None,
        head_sha=event.head_sha,
        actor=event.sender,
        given_at=delivery.received_at,
    )
    return _understood(event, (command,))


def _of_words(
    event: CommentCreated | CommentEdited | ReviewSubmitted | ReviewCommentCreated,
    us: AppIdentity,
    short_commands: bool,
) -> Understood:
    match event:
        case CommentCreated() | CommentEdited():
            return _of_comment(event, us, short_commands)
        case ReviewSubmitted():
            return _of_review(event, us, short_commands)
        case ReviewCommentCreated():
            return _of_review_comment(event, us, short_commands)


def _of_comment(event: CommentCreated | CommentEdited, us: AppIdentity, short_commands: bool) -> Understood:
    refusal = "we wrote it for somebody" if event.via_app_id == us.app_id else _not_a_person(event.author, us)
    if refusal:
        return Understood(event, f"ignored: {refusal}")
    if isinstance(event, CommentEdited):
        return _of_edit(event)
    wish = _Wish(SaidIn.CONVERSATION, "comment", event, event.comment_id, event.created_at)
    return _understood(event, wish.typed(event.body, short_commands))


def _of_review(event: ReviewSubmitted, us: AppIdentity, short_commands: bool) -> Understood:
    """A review that requests changes, or speaks to the bot, asks for a fix, also without the command."""
    refusal = _not_a_person(event.author, us)
    if refusal:
        return Understood(event, f"ignored: {refusal}")
    wish = _Wish(SaidIn.REVIEW, "review", event, CommentId(event.review_id), event.submitted_at)
    typed = wish.typed(event.body, short_commands)
    return _understood(event, wish.with_fix(typed, event.requests_changes or (not typed and mentions(event.body, us))))


def _of_review_comment(event: ReviewCommentCreated, us: AppIdentity, short_commands: bool) -> Understood:
    """A comment that speaks to the bot asks for a fix; an answer in a thread may, and whose thread it is has to be looked up."""
    refusal = _not_a_person(event.author, us)
    if refusal:
        return Understood(event, f"ignored: {refusal}")
    wish = _Wish(SaidIn.THREAD, "review-comment", event, event.comment_id, event.created_at)
    typed = wish.typed(event.body, short_commands)
    return _understood(event, wish.with_fix(typed, not typed and (event.is_reply or mentions(event.body, us))))


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody's words, and where they stand: what commands out of them have in common. `source` is the first part of their ids."""

    said_in: SaidIn
    source: str
    event: CommentCreated | ReviewSubmitted | ReviewCommentCreated
    comment_id: CommentId
    given_at: datetime

    def typed(self, body: str, short_commands: bool) -> tuple[Command, ...]:
        typed = commands_in(body, short_commands=short_commands)
        answers = answers_in(body) if self.said_in is SaidIn.CONVERSATION else ()
        return tuple(self._command(one) for one in (*typed, *answers))

    def with_fix(self, typed: tuple[Command, ...], implied: bool) -> tuple[Command, ...]:
        """And a `fix` that nobody typed, where the words ask for one all the same."""
        if not implied or any(command.verb is Verb.FIX for command in typed):
            return typed
        fix = Command(
            command_id=CommandId(f"{self.source}:{self.comment_id}"),
            verb=Verb.FIX,
            repo=self.event.repo,
            number=self.event.number,
            head_sha=None,
            actor=self.event.author,
            given_at=self.given_at,
            comment_id=self.comment_id,
            said_in=self.said_in,
            implied=True,
        )
        return (*typed, fix)

    def _command(self, typed: Typed) -> Command:
        """An UNKNOWN command's `arguments` hold nothing but the verb that may have been meant; `text` has the rest."""
        meant = (typed.nearest.value,) if typed.nearest else ()
        return Command(
            command_id=CommandId(f"{self.source}:{self.comment_id}:{typed.line}"),
            verb=typed.verb,
            repo=self.event.repo,
            number=self.event.number,
            head_sha=None,
            actor=self.event.author,
            given_at=self.given_at,
            arguments=meant if typed.verb is Verb.UNKNOWN else typed.arguments,
            comment_id=self.comment_id,
            text=typed.text,
            said_in=self.said_in,
            on_issue=isinstance(self.event, CommentCreated) and not self.event.on_pull_request,
        )


def _of_press(delivery: Delivery, event: ButtonPressed | RerunAsked | IssueLabelled, us: AppIdentity) -> Understood:
    """A label is a button on an issue."""
    return _of_label(delivery, event, us) if isinstance(event, IssueLabelled) else _of_check(delivery, event, us)


def _of_label(delivery: Delivery, event: IssueLabelled, us: AppIdentity) -> Understood:
    refusal = _not_a_person(event.sender, us)
    if event.label.casefold() != LABEL:
        refusal = "not our label"
    if refusal:
        return Understood(event, f"ignored: {refusal}")
    command = Command(
        command_id=CommandId(f"label:{delivery.delivery_id}"),
        verb=Verb.ORCHESTRATE,
        repo=event.repo,
        number=event.number,
        head_sha=None,
        actor=event.sender,
        given_at=delivery.received_at,
        on_issue=True,
    )
    return _understood(event, (command,))


def _of_check(delivery: Delivery, event: ButtonPressed | RerunAsked, us: AppIdentity) -> Understood:
    """A button or a 're-run': bound to the check's commit; `arguments` holds the run's id where the check named one."""
    refusal = "a check of another App" if event.app_id != us.app_id else _not_a_person(event.sender, us)
    verb = BUTTONS.get(event.identifier) if isinstance(event, ButtonPressed) else Verb.RETRY
    if verb is None:
        refusal = refusal or "no button of ours has this name"
    if refusal or verb is None:
        return Understood(event, f"ignored: {refusal}")
    command = Command(
        command_id=CommandId(f"action:{delivery.delivery_id}"),
        verb=verb,
        repo=event.repo,
        number=None,
        head_sha=event.head_sha,
        actor=event.sender,
        given_at=delivery.received_at,
        arguments=(event.external_id,) if event.external_id else (),
    )
    return _understood(event, (command,))


def _not_a_person(actor: Person, us: AppIdentity) -> str:
    """Why this account may not command, "" when it may: two bots that answer each other must stop after no round at all."""
    if actor.user_id == us.bot_user.user_id:
        return "it came from us"
    return "it came from a bot" if actor.is_bot else ""


def _understood(
    event: Event, commands: tuple[Command, ...], heads: tuple[tuple[RepoId, PrNumber, Sha], ...] = ()
) -> Understood:
    outcome = "asked: " + ", ".join(command.verb.value for command in commands) if commands else "no command in it"
    return Understood(event, outcome, commands, heads)
