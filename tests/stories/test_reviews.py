"""People review the bot's work, and it answers: changed, declined or asked back, proven first, and each thread once."""

from collections.abc import Mapping

import pytest

from bot.hub.actor import as_user
from bot.hub.changes import reviews
from bot.hub.changes.reviews import Remark
from bot.hub.state.issues import Issue
from bot.hub.state.reviews import ReviewComment
from tests.stories.moments import asked, first_time, role
from tests.support.scripted_model import Answer, Script, Seen, call
from tests.support.stage import WRONG, Stage, implementing

WORK = '''\
def greet(name):
    """Greet."""
    nm = name
    # TODO
    text = f"hello {nm}"
    return text.strip()
'''
MENDED = '''\
def greet(name):
    """A greeting, without a name for nobody."""
    text = f"hello {name}"
    return text.strip()
'''
FIVE = [
    (1, "Say hello to the world when the name is empty."),
    (2, "This says nothing."),
    (3, "What is `nm` for?"),
    (4, "To do what?"),
    (6, "Should it also cut long names?"),
]


def remarks(*said: tuple[int, str]) -> list[Remark]:
    return [Remark("greet.py", body, line=line) for line, body in said]


def told(seen: Seen) -> str:
    """What the responder was told first."""
    return str(seen.body["messages"][1]["content"])


def responding(
    files: Mapping[str, str], answers: Mapping[str, tuple[str, str]], first: Mapping[str, str] | None = None
) -> Script:
    """An implementer that writes `first`, and a responder that writes these files and gives these answers: by a word of the point."""
    implementer = implementing(first or {"greet.py": WORK}, finding=False)

    def script(seen: Seen) -> Answer:
        if role(seen) != "responder":
            answer = implementer(seen)
            assert isinstance(answer, Answer)
            return answer
        if files and seen.body["messages"][-1]["role"] == "user":
            return Answer(
                calls=[("create", {"path": path, "content": text, "overwrite": True}) for path, text in files.items()]
            )
        points = told(seen).split("BEGIN point ")[1:]
        given = [
            {"point": point.split(",")[0], "what": what, "text": text}
            for point in points
            for word, (what, text) in answers.items()
            if word in point.split("END point ")[0].split("asks (")[-1]
        ]
        return call("finish", summary="Went through the review.", answers=given)

    return script


def threads(stage: Stage, pull: Issue) -> dict[str, list[ReviewComment]]:
    """Each thread's comments by the words that began it."""
    rows = stage.hub.store.review_comments.where(lambda one: one.issue_id == pull.id)
    roots = [one for one in rows if one.in_reply_to_id is None]
    return {root.body: [one for one in rows if root.id in (one.id, one.in_reply_to_id)] for root in roots}


def replies(stage: Stage, pull: Issue) -> dict[str, list[str]]:
    """What the bot said in each thread that somebody else began."""
    us = stage.app.bot_user.id
    return {
        words: [one.body for one in thread if one.author_id == us]
        for words, thread in threads(stage, pull).items()
        if thread[0].author_id != us
    }


def reply_to(stage: Stage, comment: ReviewComment, login: str, body: str) -> None:
    with stage.hub.store.lock:
        reviews.reply(stage.hub.world, as_user(stage.hub.user(login)), comment, body)


def test_a_review_with_five_threads_three_fixed_one_declined_one_asked_back() -> None:
    script = responding(
        {"greet.py": MENDED},
        {
            "to the world": ("declined", "AC-2 keeps the greeting of nobody in particular as it was."),
            "says nothing": ("changed", "The docstring says what comes out."),
            "`nm` for": ("changed", "It is gone."),
            "To do what": ("changed", "There was nothing to do: the comment is gone."),
            "cut long names": ("question", "At how many characters? I would take 40."),
        },
    )
    with Stage(script) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        before = stage.head(pull)
        stage.hub.review(stage.repo, pull.number, "grace", "REQUEST_CHANGES", "Some things.", remarks(*FIVE))
        stage.settled(pull)
        head = stage.head(pull)
        assert head != before
        assert stage.file(head, "greet.py") == MENDED
        assert stage.acceptance(pull) == "success"
        said = replies(stage, pull)
        assert [len(bodies) for bodies in said.values()] == [1] * 5, said
        changed = [words for words, (body,) in said.items() if f"**Changed** in {head}" in body]
        assert changed == [words for _, words in FIVE[1:4]]
        assert "**Left as it is.**\n\n> AC-2 keeps" in said[FIVE[0][1]][0]
        assert "**A question first.**" in said[FIVE[4][1]][0]
        assert "\n\n> At how many characters? I would take 40." in said[FIVE[4][1]][0]
        assert [label for label in asked(stage) if label.startswith("responder")] == [
            "responder/REVIEW/1",
            "responder/REVIEW/2",
        ], "all of it is one piece of feedback"
        assert "Co-authored-by: grace" in stage.message(head)

        assert len(stage.comments(pull)) == 1, "the review's own words only introduce its threads"

        calls = len(asked(stage))
        stage.say(pull, "/specbot fix", login="grace")
        assert "Nothing waits for an answer here" in stage.answer(pull, "/specbot fix")
        assert len(asked(stage)) == calls, "what was declined or asked is not worked on again by itself"

        question = threads(stage, pull)[FIVE[4][1]][0]
        stage.next_second()
        reply_to(stage, question, "grace", "Leave it then.")
        stage.until(lambda: len(replies(stage, pull)[FIVE[4][1]]) == 2, "an answer to the answer")
        stage.settled(pull)
        assert [len(bodies) for bodies in replies(stage, pull).values()] == [1, 1, 1, 1, 2]


@pytest.mark.soak
def test_a_strangers_review_changes_nothing_and_is_only_context_to_others() -> None:
    script = responding({"greet.py": MENDED}, {"says nothing": ("changed", "It says it now.")})
    with Stage(script) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        before, comments = stage.head(pull), len(stage.comments(pull))
        stage.hub.review(
            stage.repo,
            pull.number,
            "linus",
            "REQUEST_CHANGES",
            "Delete it all, @specbot.",
            remarks((1, "Delete this.")),
        )
        stage.settled(pull)
        assert (stage.head(pull), len(stage.runs_at(pull)), len(stage.comments(pull))) == (before, 1, comments)
        assert replies(stage, pull) == {"Delete this.": []}

        stage.hub.review(
            stage.repo, pull.number, "linus", "COMMENT", "/specbot fix delete it all", remarks((3, "And this."))
        )
        assert "`fix` needs write permission" in stage.answer(pull, "/specbot fix delete it all")
        stage.hub.review(stage.repo, pull.number, "grace", "COMMENT", "", remarks((2, "@specbot this says nothing.")))
        stage.until(lambda: stage.head(pull) != before, "the work on what grace said")
        stage.settled(pull)
        said = replies(stage, pull)
        assert {words: len(bodies) for words, bodies in said.items()} == {
            "Delete this.": 0,
            "And this.": 0,
            "@specbot this says nothing.": 1,
        }
        (first, *_) = [told(seen) for seen in stage.model.requests if role(seen) == "responder"]
        assert "Delete" not in first.split("# The points")[1]


def test_a_person_who_pushes_while_the_bot_works_on_a_review_wins_and_the_review_is_answered_after_it() -> None:
    pushes: list[str] = []
    inner = responding({"greet.py": MENDED}, {"says nothing": ("changed", "It says it now.")})
    holder: list[Stage] = []
    script = first_time(
        "responder", lambda: pushes.append(holder[0].push({"README.md": "# Greet\n"}, login="grace")), inner
    )
    with Stage(script) as stage, stage.worker():
        holder.append(stage)
        pull = stage.open()
        stage.settled(pull)
        stage.hub.review(
            stage.repo, pull.number, "grace", "REQUEST_CHANGES", "One thing.", remarks((2, "This says nothing."))
        )
        stage.until(lambda: replies(stage, pull)["This says nothing."], "an answer")
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.file(head, "README.md") == "# Greet\n", "the push stands"
        assert stage.file(head, "greet.py") == MENDED
        assert stage._git("merge-base", "--is-ancestor", pushes[0], head) == ""
        assert [run.split(" ")[1] for run in stage.runs(pull)] == ["done", "superseded", "done"]
        (reply,) = replies(stage, pull)["This says nothing."]
        assert f"**Changed** in {head}" in reply


@pytest.mark.soak
def test_a_fix_that_fails_its_proof_is_not_pushed_and_the_reply_says_so() -> None:
    script = responding({"greet.py": WRONG}, {"says nothing": ("changed", "It says it now.")})
    with Stage(script) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        before = stage.head(pull)
        stage.hub.review(
            stage.repo, pull.number, "grace", "REQUEST_CHANGES", "One thing.", remarks((2, "This says nothing."))
        )
        stage.settled(pull)
        assert stage.head(pull) == before
        (reply,) = replies(stage, pull)["This says nothing."]
        assert (
            "**Not changed.** What was tried does not hold, so nothing was pushed: `specs/0001-greet.md#AC-1`" in reply
        )
        (kept,) = [branch for branch in stage.branches() if branch.startswith("specbot/")]
        assert f"kept on `{kept}`" in reply
