"""The spec of the head against the base's: what stood stays demanded, and a person decides about what goes."""

from datetime import UTC, datetime

import pytest

from bot.core.events.model import Command, Verb
from bot.core.proofs.rulings import rulings
from bot.ids import CommandId, PrNumber
from bot.reporting.names import ACCEPTANCE
from bot.workflows.commands.rule import rule
from tests.stories.moments import asked
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, Stage, implementing, never

MERGED = {**BASE, SPEC_PATH: SPEC, "greet.py": GOOD}
LOOKS = "- **AC-3** (accept) The greeting sounds friendly.\n"


def test_a_typing_mistake_mended_in_a_merged_spec_costs_nothing():
    with Stage(
        never, base={**MERGED, SPEC_PATH: SPEC.replace("The greeting names", "The greetnig names") + LOOKS}
    ) as stage:
        with stage.worker():
            pull = stage.open(SPEC + LOOKS)
            stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "3 of 3 criteria kept"
        assert stage.blockers(pull) == []


@pytest.mark.soak
def test_what_looked_right_once_is_looked_at_again_when_the_code_changed():
    with Stage(never, base={**MERGED, SPEC_PATH: SPEC + LOOKS}) as stage, stage.worker():
        pull = stage.open(SPEC.replace("as before", "as ever before") + LOOKS, files={"greet.py": GOOD + "\n# ha\n"})
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert stage.title(pull).startswith("AC-3 waits for a person; 2 of 3 done")
        head = stage.head(pull)
        line = f"/specbot accept AC-3 {head[:7]}"
        assert f"`{line}`" in stage.status(pull), "the line to paste"

        stage.say(pull, line, login="linus")
        assert "needs write permission" in stage.answer(pull, line)
        stage.say(pull, "/specbot accept AC-3", login="grace")
        assert "names the commit" in stage.answer(pull, "/specbot accept AC-3")
        stage.say(pull, f"/specbot accept AC-1 {head[:7]}", login="grace")
        assert "it is kept already" in stage.answer(pull, f"/specbot accept AC-1 {head[:7]}")
        stage.say(pull, line, login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to run again")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert "accepted by grace on" in (stage.checks(head, ACCEPTANCE)[-1].output.text or "")

        stage.push({"greet.py": GOOD + "\n# ho\n"})
        stage.until(lambda: stage.head(pull) != head, "the push")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required", "an acceptance covers a tree"


def test_a_criterion_that_is_taken_out_needs_a_person():
    shorter = SPEC[: SPEC.index("- **AC-2**")]
    with Stage(never, base=MERGED) as stage, stage.worker():
        pull = stage.open(shorter)
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert stage.title(pull).startswith("AC-2 waits for a person; 1 of 2 done. AC-2: the base demands it")
        assert "`/specbot waive AC-2 REASON`" in stage.status(pull)

        stage.say(pull, "/specbot waive AC-2", login="grace")
        assert "needs its reason" in stage.answer(pull, "/specbot waive AC-2")
        stage.say(pull, "/specbot waive AC-9 gone", login="grace")
        assert "no criterion AC-9" in stage.answer(pull, "/specbot waive AC-9 gone")
        stage.say(pull, "/specbot waive AC-2 nobody in particular is never greeted", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to run again")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "2 of 2 criteria done: 1 kept, 1 waived"

        stage.push({SPEC_PATH: shorter + "\n## Out of scope\n\nNobody.\n"})
        stage.until(lambda: len(stage.runs_at(pull)) == 3, "the next head to be looked at")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", "a waiver survives pushes that leave the criterion alone"
        assert asked(stage) == []


def test_a_merged_spec_that_is_deleted_or_made_a_draft_is_held_against_the_pull_request():
    with Stage(never, base=MERGED) as stage, stage.worker():
        pull = stage.open(None, files={SPEC_PATH: None})
        draft = stage.open(SPEC.replace("status: ready", "status: draft"), branch="draft")
        stage.settled(pull)
        stage.settled(draft)
        for one in (pull, draft):
            assert stage.acceptance(one) == "action_required"
            assert stage.title(one).startswith("AC-1, AC-2 wait for a person; 0 of 2 done")
        assert "taken out here" in (stage.checks(stage.head(pull), "Specbot / spec")[-1].output.summary or "")


def test_a_spec_that_moves_takes_its_criteria_along():
    with Stage(never, base=MERGED) as stage, stage.worker():
        pull = stage.open(None, files={SPEC_PATH: None, "specs/people/0001-greet.md": SPEC})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "2 of 2 criteria kept"


FIRST = SPEC.replace("scope: [greet.py]", "scope: [greet.py]\ndepends: [specs/0000-names.md]")


def test_a_spec_waits_for_the_one_that_it_depends_on():
    names = SPEC.replace("Greet people by name", "Names").replace("status: ready", "status: draft")
    with Stage(implementing({"greet.py": GOOD})) as stage, stage.worker():
        pull = stage.open(FIRST, files={"specs/0000-names.md": names})
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert stage.title(pull) == (
            f"The spec {SPEC_PATH} depends on specs/0000-names.md: it is a draft in this pull request"
        )
        assert asked(stage) == []
        assert stage.blockers(pull)

        stage.push({"specs/0000-names.md": names.replace("status: draft", "status: ready")})
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to be looked at")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", "both come together"


@pytest.mark.soak
def test_a_spec_whose_dependency_is_merged_is_worked_on():
    with Stage(implementing({"greet.py": GOOD}), base={**BASE, "specs/0000-names.md": SPEC}) as stage, stage.worker():
        pull = stage.open(FIRST)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"


def test_specs_that_wait_for_each_other_are_an_error():
    back = SPEC.replace("Greet people by name", "Names").replace("scope:", f"depends: [{SPEC_PATH}]\nscope:")
    with Stage(never) as stage, stage.worker():
        pull = stage.open(FIRST, files={"specs/0000-names.md": back})
        stage.settled(pull)
        assert stage.acceptance(pull) == "failure"
        assert stage.title(pull).startswith("The spec has 2 errors")
        assert "wait for each other" in stage.status(pull)


def test_a_ruling_that_is_carried_out_again_after_a_crash_is_the_same_one():
    with Stage(never, base=MERGED) as stage, stage.worker() as engine:
        pull = stage.open(SPEC[: SPEC.index("- **AC-2**")])
        stage.settled(pull)
        seen = stage.house.github.pull_request(stage.runs_at(pull)[0].repo, PrNumber(pull.number))
        words = ("AC-2", "the", "key", "is", stage.environ["OPENAI_API_KEY"])
        command = Command(
            CommandId("comment:1:1"),
            Verb.WAIVE,
            seen.repo,
            seen.number,
            seen.head_sha,
            seen.author,
            datetime.now(UTC),
            words,
        )
        for _ in range(2):
            assert rule(stage.house, engine, command) == ""
            stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to run again")
            stage.settled(pull)
        assert len(stage.runs_at(pull)) == 2
        (ruling,) = rulings(stage.store.ledger(seen.repo.repo_id, seen.number))
        assert stage.environ["OPENAI_API_KEY"] not in ruling.reason
        assert stage.acceptance(pull) == "success"
