"""What of a conversation waits for the bot. Pure; read afresh each time, so no event can be lost or counted twice.

A thread waits while it is not resolved and its newest words by somebody who may write were not answered by the bot. A review's own words wait
while it requests changes or asks for a fix, unless it was dismissed. What is answered carries the bot's marker, so a decline stands until
somebody writes something new below it.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from bot.core.events.comments import commands_in
from bot.core.events.mentions import mentions
from bot.core.events.model import Verb
from bot.core.feedback.model import (
    Answer,
    Answering,
    Conversation,
    Feedback,
    Place,
    Point,
    ReviewSeen,
    ReviewState,
    ReviewThread,
    Said,
    ThreadComment,
    Voice,
)
from bot.core.pulls import AppIdentity, Person
from bot.ids import UserId

MOST_POINTS = 30
"""Of one run. A review with more is answered in several: one agent that has to keep fifty wishes in mind forgets the first ones."""


def answer_marker(place: Place, source: int) -> str:
    """First line of the answer to these very words; GitHub does not show it. Stored outside, so it never changes."""
    return f"<!-- specbot:answer:{place.value}:{source} -->"


def asks_for_fix(body: str) -> bool:
    """Whether a text gives the command `/specbot fix`."""
    return any(typed.verb is Verb.FIX for typed in commands_in(body))


def demands(review: ReviewSeen, us: AppIdentity) -> bool:
    """Whether a review as it stands now wants something of the bot with its own words. An approval that speaks to it does too."""
    if review.state is ReviewState.DISMISSED or not review.body.strip():
        return False
    requests = review.state is ReviewState.CHANGES_REQUESTED
    return requests or asks_for_fix(review.body) or mentions(review.body, us)


def speakers(conversation: Conversation, us: AppIdentity) -> tuple[Person, ...]:
    """Every person of the conversation whose right to ask has to be known, each once."""
    said = [comment.author for thread in conversation.threads if not thread.resolved for comment in thread.comments]
    found = [*said, *(review.author for review in conversation.reviews if demands(review, us))]
    people = {person.user_id: person for person in found if not person.is_bot and person.user_id > 0}
    people.pop(us.bot_user.user_id, None)
    return tuple(people.values())


def waiting(
    conversation: Conversation,
    us: AppIdentity,
    may_ask: Collection[UserId],
    *,
    answered: Collection[int] = (),
    asked_by: Point | None = None,
) -> Feedback:
    """Everything that waits. `may_ask` are the accounts that may write here, `answered` the reviews that were answered. `asked_by` is the
    command in the conversation that asks for this, where it has words of its own."""
    reviews = [r for r in conversation.reviews if r.author.user_id in may_ask and demands(r, us)]
    open_ones = [r for r in reviews if r.review_id not in answered and not _taken_back(r, conversation.reviews)]
    points = [_of_review(review) for review in open_ones]
    points += [point for thread in conversation.threads if (point := _of_thread(thread, us, may_ask)) is not None]
    points += [asked_by] if asked_by is not None else []
    kept = points[:MOST_POINTS]
    return Feedback(
        tuple(replace(point, name=f"P-{number}") for number, point in enumerate(kept, 1)), len(points) - len(kept)
    )


def is_worth_a_reply(point: Point, answer: Answer | None, feedback: Feedback) -> bool:
    """Whatever asks in a thread or by a command is answered. A review's own words often only introduce its threads: then they are no news."""
    if point.place is not Place.REVIEW:
        return True
    if answer is None:
        return not any(other.place is Place.THREAD for other in feedback.points)
    return answer.what is not Answering.SETTLED


def _taken_back(review: ReviewSeen, reviews: tuple[ReviewSeen, ...]) -> bool:
    """Who approves later demands no change any more; GitHub leaves the earlier review as it was."""
    later = (one for one in reviews if one.author.user_id == review.author.user_id)
    return any(one.state is ReviewState.APPROVED and one.submitted_at > review.submitted_at for one in later)


def is_answered(thread: ReviewThread, comment: ThreadComment, us: AppIdentity) -> bool:
    """Whether the bot answered these very words."""
    marker = answer_marker(Place.THREAD, comment.comment_id)
    return any(marker in one.body.split("\n", 1)[0] for one in thread.comments if _is_us(one.author, us))


def _of_thread(thread: ReviewThread, us: AppIdentity, may_ask: Collection[UserId]) -> Point | None:
    if thread.resolved:
        return None
    asking = [one for one in thread.comments if _voice(one, us, may_ask) is Voice.ASKS]
    if not asking or is_answered(thread, asking[-1], us):
        return None
    return Point(
        name="",
        place=Place.THREAD,
        source=asking[-1].comment_id,
        said=tuple(_said(thread.comments, us, may_ask)),
        thread_id=thread.thread_id,
        root=thread.root.comment_id,
        path=thread.path,
        line=thread.line,
        hunk=thread.hunk,
        own=_is_us(thread.root.author, us),
    )


def _of_review(review: ReviewSeen) -> Point:
    said = (Said(Voice.ASKS, review.author.login, review.body),)
    return Point("", Place.REVIEW, review.review_id, said)


def _said(comments: tuple[ThreadComment, ...], us: AppIdentity, may_ask: Collection[UserId]) -> Iterator[Said]:
    for one in comments:
        yield Said(_voice(one, us, may_ask), one.author.login, one.body)


def _voice(comment: ThreadComment, us: AppIdentity, may_ask: Collection[UserId]) -> Voice:
    if _is_us(comment.author, us):
        return Voice.BOT
    asks = comment.author.user_id in may_ask and not comment.author.is_bot
    return Voice.ASKS if asks else Voice.CONTEXT


def _is_us(person: Person, us: AppIdentity) -> bool:
    return person.user_id == us.bot_user.user_id
