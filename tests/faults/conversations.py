"""Tales of talk: an issue becomes work, questions are answered, reviews and orders are answered, others' red checks are mended."""

from bot.hub.state.issues import Issue
from tests.faults.scene import Scene
from tests.faults.tale import Tale
from tests.stories.moments import role
from tests.stories.test_ci import mending, red, with_ci
from tests.stories.test_orchestrate import BODY, QUESTIONS, handing_in, open_issue, the_pull
from tests.stories.test_reviews import MENDED, WORK, remarks, reply_to, responding
from tests.support.scripted_model import Answer, Script, Seen, call
from tests.support.stage import GOOD, implementing

WITH_ANSWERS = BODY.replace("Titles and surnames.", "Errors are raised for empty names.")
POLITE = MENDED.replace("A greeting", "A polite greeting")


def orchestrated() -> Tale:
    """An issue, its draft pull request, the approval, the work."""

    def people(scene: Scene) -> Issue:
        issue = open_issue(scene)
        scene.say(issue, "/orchestrate", "grace")
        pull = the_pull(scene)
        scene.rest(pull)
        head = scene.head(pull)
        scene.say(pull, f"/specbot approve {head[:7]}", "grace")
        scene.until(lambda: len(scene.runs_at(pull)) == 2, "the work to begin")
        scene.rest(pull)
        return pull

    return Tale("orchestrated", lambda: authoring(asks=False), people)


def decided() -> Tale:
    """Two questions about a spec, one of them answered otherwise than recommended: the spec is written again."""

    def people(scene: Scene) -> Issue:
        issue = open_issue(scene)
        scene.say(issue, "/orchestrate", "grace")
        pull = the_pull(scene)
        scene.rest(pull)
        first = scene.head(pull)
        scene.mark()
        scene.say(pull, "1b", "grace")
        scene.rest(pull)
        scene.say(pull, "2a", "grace")
        scene.until(lambda: scene.head(pull) != first, "the answers in the spec")
        scene.rest(pull)
        return pull

    return Tale("decided", lambda: authoring(asks=True), people)


def answered() -> Tale:
    """A review that requests changes: one thread is done, the other is declined, the review's own words are heard."""

    def people(scene: Scene) -> Issue:
        pull = scene.open()
        scene.rest(pull)
        scene.mark()
        before = scene.head(pull)
        said = remarks((1, "Say hello to the world."), (2, "This says nothing."))
        scene.hub.review(scene.repo, pull.number, "grace", "REQUEST_CHANGES", "Two things.", said)
        scene.until(lambda: scene.head(pull) != before, "the work on the review")
        scene.rest(pull)
        return pull

    def script() -> Script:
        says = {
            "to the world": ("declined", "AC-2 keeps the greeting of nobody in particular as it was."),
            "says nothing": ("changed", "The docstring says what comes out."),
        }
        return responding({"greet.py": MENDED}, says)

    return Tale("answered", script, people)


def fixed() -> Tale:
    """`/specbot fix` with words of its own, while the bot's own remark has an answer by somebody whose word did not count when it was written: both
    are done, and the bot resolves its thread."""

    def people(scene: Scene) -> Issue:
        pull = scene.open()
        scene.rest(pull)
        (remark,) = scene.remarks(pull)
        reply_to(scene, remark, "linus", "Then say so in the docstring.")
        scene.rest(pull)
        scene.hub.set_permission(scene.repo, "linus", "write")
        scene.mark()
        scene.say(pull, "/specbot fix Be polite, please.", "grace")
        scene.until(lambda: len(scene.runs_at(pull)) == 2, "the work that was asked for")
        scene.rest(pull)
        return pull

    return Tale("fixed", remarking, people)


def mended() -> Tale:
    """Another App's check is red on what the bot published, and is mended once."""

    def people(scene: Scene) -> Issue:
        ci = with_ci(scene)
        pull = scene.open()
        scene.rest(pull)
        scene.mark()
        first = scene.head(pull)
        scene.hub.report_check(ci, scene.repo, first, "mypy", "failure", red())
        scene.until(lambda: scene.head(pull) != first, "the repair to be pushed")
        scene.rest(pull)
        scene.hub.report_check(ci, scene.repo, scene.head(pull), "mypy", "success")
        scene.until(lambda: ": 1 of 1 passed" in scene.status(pull), "the comment to tell of it")
        scene.rest(pull)
        return pull

    return Tale("mended", lambda: mending, people)


CONVERSATIONS = {make.__name__: make for make in (orchestrated, decided, answered, fixed, mended)}


def authoring(*, asks: bool) -> Script:
    """A spec author with two questions or none, who says in its second round what was answered; and an implementer of it. Asked twice, it says the
    same: a worker may die while it is being answered."""
    work = implementing({"greet.py": GOOD}, finding=False)

    def script(seen: Seen) -> Answer:
        if not seen.label.startswith("spec_author/"):
            answer = work(seen)
            assert isinstance(answer, Answer)
            return answer
        first = seen.label.startswith("spec_author/spec")
        return handing_in(BODY if first else WITH_ANSWERS, QUESTIONS if asks and first else None)

    return script


def remarking() -> Script:
    """An implementer, a reviewer with one remark on its work, and a responder that does what is asked."""
    work = implementing({"greet.py": WORK}, finding=False)
    says = {"docstring": ("changed", "It says it now."), "polite": ("changed", "It is polite now.")}
    answers = responding({"greet.py": POLITE}, says)

    def script(seen: Seen) -> Answer:
        if role(seen) == "reviewer" and "polite greeting" not in str(seen.body["messages"]):
            remark = {"path": "greet.py", "line": 3, "severity": "low", "message": "What of names with blanks?"}
            return call("finish", summary="Reads well.", findings=[remark])
        answer = answers(seen) if role(seen) == "responder" else work(seen)
        assert isinstance(answer, Answer)
        return answer

    return script
