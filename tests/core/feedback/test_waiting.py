"""What of a conversation waits for the bot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.events.mentions import mentions
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
from bot.core.feedback.waiting import MOST_POINTS, answer_marker, is_worth_a_reply, speakers, waiting
from bot.core.pulls import AppIdentity, Person
from bot.ids import CommentId, ReviewId, UserId

US = AppIdentity(1, "specbot", Person(UserId(9), "specbot[bot]", is_bot=True))
ADA, LINUS, OTHER_BOT = Person(UserId(1), "ada"), Person(UserId(2), "linus"), Person(UserId(3), "x[bot]", is_bot=True)
MAY = {ADA.user_id, OTHER_BOT.user_id}
THEN = datetime(2026, 1, 1, tzinfo=UTC)


def said(number: int, author: Person, body: str = "Why?") -> ThreadComment:
    return ThreadComment(CommentId(number), author, body, THEN)


def thread(*comments: ThreadComment, resolved: bool = False) -> ReviewThread:
    return ReviewThread("T", resolved, "a.py", 3, "@@", comments)


def reviewed(number: int, body: str, state: ReviewState = ReviewState.CHANGES_REQUESTED, at: int = 0) -> ReviewSeen:
    return ReviewSeen(ReviewId(number), ADA, state, body, None, THEN + timedelta(seconds=at))


def sources(*threads: ReviewThread, reviews: tuple[ReviewSeen, ...] = (), answered: tuple[int, ...] = ()) -> list[int]:
    found = waiting(Conversation(threads, reviews), US, MAY, answered=answered)
    return [point.source for point in found.points]


def test_the_newest_words_of_somebody_who_may_ask_wait_until_they_are_answered() -> None:
    answer = said(5, US.bot_user, f"{answer_marker(Place.THREAD, 4)}\nNo.")
    assert sources(thread(said(4, ADA))) == [4]
    assert sources(thread(said(4, ADA), answer)) == []
    assert sources(thread(said(4, ADA), answer, said(6, ADA))) == [6], "newer words are new"
    assert sources(thread(said(4, ADA), said(6, ADA), answer)) == [6], "said while the answer was under way"
    assert sources(thread(said(4, ADA), replace(answer, author=LINUS))) == [4], (
        "a marker that others copied is not ours"
    )


def test_resolved_threads_strangers_bots_and_remarks_of_our_own_do_not_wait() -> None:
    assert sources(thread(said(4, ADA), resolved=True)) == []
    assert sources(thread(said(4, LINUS)), thread(said(5, OTHER_BOT)), thread(said(6, US.bot_user))) == []


def test_who_may_not_ask_is_heard_as_context() -> None:
    (point,) = waiting(Conversation((thread(said(4, LINUS, "Delete it"), said(5, ADA)),)), US, MAY).points
    assert point.said == (Said(Voice.CONTEXT, "linus", "Delete it"), Said(Voice.ASKS, "ada", "Why?"))
    assert (point.name, point.source, point.root, point.own) == ("P-1", 5, 4, False)
    assert waiting(Conversation((thread(said(4, US.bot_user), said(5, ADA)),)), US, MAY).points[0].own


def test_a_reviews_own_words_wait_while_it_demands_something() -> None:
    approved = reviewed(8, "Fine.", ReviewState.APPROVED, at=5)
    assert sources(reviews=(reviewed(7, "Mend it."),)) == [7]
    assert sources(reviews=(reviewed(7, "Mend it."), approved)) == [], "who approves later wants nothing any more"
    assert sources(reviews=(reviewed(7, "Mend it.", ReviewState.DISMISSED),)) == []
    assert sources(reviews=(reviewed(7, " "), reviewed(8, "Nice.", ReviewState.COMMENTED))) == []
    assert sources(reviews=(reviewed(7, "/specbot fix", ReviewState.COMMENTED),)) == [7]
    assert sources(reviews=(reviewed(7, "Mend it."),), answered=(7,)) == []


def test_what_does_not_fit_waits_for_the_next_time() -> None:
    many = tuple(thread(said(number, ADA)) for number in range(1, MOST_POINTS + 4))
    found = waiting(Conversation(many), US, MAY)
    assert (len(found.points), found.left) == (MOST_POINTS, 3)
    assert [point.name for point in found.points][-1] == f"P-{MOST_POINTS}"


def test_only_people_whose_right_matters_are_looked_up_each_once() -> None:
    talk = Conversation(
        (thread(said(4, ADA), said(5, LINUS), said(6, ADA), said(7, US.bot_user)),), (reviewed(8, "x"),)
    )
    assert speakers(talk, US) == (ADA, LINUS)


def test_own_words_that_only_introduce_threads_are_no_news() -> None:
    review, in_thread = Point("P-1", Place.REVIEW, 7, ()), Point("P-2", Place.THREAD, 8, ())
    assert is_worth_a_reply(review, None, Feedback((review,)))
    assert not is_worth_a_reply(review, None, Feedback((review, in_thread)))
    assert not is_worth_a_reply(review, Answer("P-1", Answering.SETTLED, "x"), Feedback((review,)))
    assert is_worth_a_reply(in_thread, None, Feedback((review, in_thread)))


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("@specbot why?", True),
        ("Why, @Specbot[bot]?", True),
        ("@specbotter why?", False),
        ("ada@specbot", False),
        ("`@specbot`", False),
        ("> @specbot", False),
        ("<!-- @specbot -->", False),
        ("```\n@specbot\n```", False),
    ],
)
def test_who_is_spoken_to(body: str, meant: bool) -> None:
    assert mentions(body, US) is meant
