"""Comments, reviews and reactions: one of ours each, whatever others write."""

from dataclasses import replace

import pytest

from bot.core.pulls import InlineComment, ReactionTarget, ReviewDraft
from bot.errors import Refused
from bot.hub.state.issues import Comment
from bot.hub.state.reviews import Review
from bot.ids import CommentId
from tests.adapters.github.conftest import World, client_of

MARKER = "<!-- specbot:sticky -->"


def comments(world: World) -> list[Comment]:
    issue = world.hub.issue(world.repository, world.pull.number)
    return world.hub.store.comments.where(lambda one: one.issue_id == issue.id)


def reviews(world: World) -> list[Review]:
    issue = world.hub.issue(world.repository, world.pull.number)
    return world.hub.store.reviews.where(lambda one: one.issue_id == issue.id)


def put(world: World, body: str) -> CommentId:
    return world.github.put_comment(world.repo, world.pull.number, MARKER, body)


def test_a_comment_is_made_once_and_edited_in_place(world: World) -> None:
    first = put(world, f"{MARKER}\none")
    assert put(world, f"{MARKER}\ntwo") == first
    assert [one.body for one in comments(world)] == [f"{MARKER}\ntwo"]


def test_an_unchanged_comment_is_not_edited(world: World) -> None:
    put(world, f"{MARKER}\none")
    writes = len(world.hub.journal.writes())
    put(world, f"{MARKER}\none")
    assert len(world.hub.journal.writes()) == writes


def test_the_marker_is_put_on_the_first_line_when_it_is_missing(world: World) -> None:
    assert put(world, "text") == put(world, "text")
    assert [one.body for one in comments(world)] == [f"{MARKER}\ntext"]


def test_a_marker_that_somebody_copied_is_not_ours(world: World) -> None:
    theirs = world.hub.comment(world.repository, world.pull.number, "ada", f"{MARKER}\nforged")
    ours = put(world, "true")
    assert ours != theirs.id
    assert [one.body for one in comments(world)] == [f"{MARKER}\nforged", f"{MARKER}\ntrue"]


def test_a_marker_further_down_does_not_count(world: World) -> None:
    """We quote what others wrote; a quoted marker does not make a reply the sticky comment."""
    other = world.github.put_comment(world.repo, world.pull.number, "<!-- reply -->", f"quoted:\n{MARKER}\nx")
    assert put(world, "sticky") != other
    assert len(comments(world)) == 2


def test_the_sticky_comment_is_found_on_the_second_page(world: World) -> None:
    """120 comments, ours among the last."""
    for number in range(110):
        world.hub.comment(world.repository, world.pull.number, "ada", f"talk {number}")
    ours = put(world, "one")
    assert put(world, "two") == ours
    assert len(comments(world)) == 111


def test_a_deleted_comment_is_made_anew(world: World) -> None:
    first = put(world, "one")
    world.hub.delete_comment(first, "ada")
    second = put(world, "two")
    assert second != first
    assert [one.body for one in comments(world)] == [f"{MARKER}\ntwo"]


def test_two_kinds_of_comments_live_side_by_side(world: World) -> None:
    sticky = put(world, "sticky")
    reply = world.github.put_comment(world.repo, world.pull.number, "<!-- specbot:reply 9 -->", "reply")
    assert sticky != reply


def review(world: World, *comments: InlineComment, marker: str = "<!-- specbot:review 1 -->") -> ReviewDraft:
    return ReviewDraft(marker, world.pull.head_sha, f"{marker}\nbody", comments)


def test_a_review_carries_its_comments_and_is_made_once(world: World) -> None:
    inline = (
        InlineComment("a.txt", 3, "one"),
        InlineComment("a.txt", 9, "range", 7),
        InlineComment("a.txt", 5, "same", 5),
    )
    first = world.github.put_review(world.repo, world.pull.number, review(world, *inline))
    assert world.github.put_review(world.repo, world.pull.number, review(world, *inline)) == first
    [made] = reviews(world)
    assert (made.state, made.commit_id) == ("COMMENTED", world.pull.head_sha)
    placed = world.hub.store.review_comments.where(lambda one: one.review_id == made.id)
    assert [(one.place.start_line, one.place.line, one.body) for one in placed] == [
        (None, 3, "one"),
        (7, 9, "range"),
        (None, 5, "same"),
    ]


def test_refused_lines_go_into_the_body_and_nothing_is_lost(world: World) -> None:
    inline = (InlineComment("a.txt", 3, "good"), InlineComment("b`.txt", 400, "outside"))
    first = world.github.put_review(world.repo, world.pull.number, review(world, *inline))
    assert world.github.put_review(world.repo, world.pull.number, review(world, *inline)) == first
    [made] = reviews(world)
    for text in ("body", "**`a.txt:3`**", "good", "**`b'.txt:400`**", "outside"):
        assert text in made.body
    assert world.hub.store.review_comments.where(lambda one: one.review_id == made.id) == []


def test_a_folded_review_stays_within_githubs_limit(world: World) -> None:
    inline = [InlineComment("a.txt", 500 + n, "x" * 9_000) for n in range(10)]
    world.github.put_review(world.repo, world.pull.number, review(world, *inline))
    [made] = reviews(world)
    assert len(made.body) <= 60_100
    assert made.body.endswith("(4 more remarks did not fit.)")


def test_a_review_that_is_refused_as_such_is_a_refusal(world: World) -> None:
    with pytest.raises(Refused):
        world.github.put_review(world.repo, world.pull.number, replace(review(world), body="x" * 70_000))
    assert reviews(world) == []


def test_a_review_with_a_copied_marker_is_not_ours(world: World) -> None:
    world.hub.review(world.repository, world.pull.number, "ada", "COMMENT", "<!-- specbot:review 1 -->\nforged")
    world.github.put_review(world.repo, world.pull.number, review(world))
    assert len(reviews(world)) == 2


def test_reactions_stand_once_on_each_kind_of_thing(world: World) -> None:
    comment = world.hub.comment(world.repository, world.pull.number, "ada", "/specbot help")
    review_id = world.github.put_review(world.repo, world.pull.number, review(world, InlineComment("a.txt", 3, "one")))
    [inline] = world.hub.store.review_comments.where(lambda one: one.review_id == review_id)
    before = len(world.hub.store.reactions)
    for _ in range(2):
        world.github.react(world.repo, ReactionTarget.ISSUE, world.pull.number, "rocket")
        world.github.react(world.repo, ReactionTarget.ISSUE_COMMENT, comment.id, "eyes")
        world.github.react(world.repo, ReactionTarget.REVIEW_COMMENT, inline.id, "+1")
    assert len(world.hub.store.reactions) == before + 3


def test_a_second_process_finds_what_the_first_wrote(world: World) -> None:
    """Nothing that makes writes repeatable lives in memory."""
    first = put(world, "one")
    other = client_of(world.hub, world.app)
    assert other.put_comment(world.repo, world.pull.number, MARKER, "two") == first
    assert [one.body for one in comments(world)] == [f"{MARKER}\ntwo"]
    other.close()
