"""A criterion without a command, all the way: the test author's contract is red, locked, implemented, green; and what happens to who edits it."""

import json

import pytest

from bot.core.proofs.contracts import contracts
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked, role
from tests.support.scripted_model import Answer, Fault, Script, Seen, call
from tests.support.stage import GOOD, SPEC, SPEC_PATH, Stage, implementing

WITHOUT = SPEC[: SPEC.index("  ```sh verify")] + SPEC[SPEC.index("- **AC-2**") :]
"""AC-1 says no command; AC-2 is kept by one."""

PATH = "tests/contracts/test_specs_0001_greet_ac_1_unittest.py"
CONTRACT = """\
import unittest

from greet import greet


class Names(unittest.TestCase):
    def test_the_greeting_names_the_person(self):
        for name in ("Ada", "Grace Hopper"):
            self.assertEqual(greet(name), f"hello {name}")
"""
GREEN = CONTRACT.replace('f"hello {name}"', '"hello"')
EDITED = CONTRACT.replace("assertEqual", "assertNotEqual")


def authored(*tests: str, rest: Script) -> Script:
    """A test author that writes these files one after the other, each handed in, and the rest of the work as `rest` does it."""
    left = list(tests)

    def script(seen: Seen) -> Answer | Fault:
        if role(seen) != "test_author":
            return rest(seen)
        if seen.body["messages"][-1]["role"] == "user":
            return call("create", path=PATH, content=left.pop(0), overwrite=True)
        return call("finish", summary="Tested.", contracts=[{"criterion": f"{SPEC_PATH}#AC-1", "path": PATH}])

    return script


def locked(stage, pull):
    return contracts(stage.store.ledger(RepoId(stage.repo.id), PrNumber(pull.number)))


def test_a_criterion_without_a_command_goes_all_the_way():
    with Stage(authored(GREEN, CONTRACT, CONTRACT, rest=implementing({"greet.py": GOOD}))) as stage, stage.worker():
        pull = stage.open(WITHOUT)
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert stage.acceptance(pull) == "success", stage.title(pull)
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert stage.file(head, PATH) == CONTRACT

        # The first test was green before any change: the author was told so, with the place, and wrote it again.
        assert [label for label in asked(stage) if label.startswith("test_author")] == [
            f"test_author/contracts/{turn}" for turn in (1, 2, 3, 4)
        ]
        again = next(s for s in stage.model.requests if s.label == "test_author/contracts/3").body["messages"][-1]
        assert "it is green before any change" in again["content"]

        (one,) = locked(stage, pull)
        assert (one.path, one.command) == (PATH, f"python3 -m unittest {PATH}")
        assert one.red.startswith("exit status 1") or "failed" in one.red
        told = next(s for s in stage.model.requests if role(s) == "implementer").body["messages"][1]["content"]
        assert f"command:\n{one.command}" in told
        assert f"`{PATH}`" in told

        # A commit of its own, below the work.
        above = stage._git("log", "--format=%H", f"{start}..{head}").split()
        assert above == [head, one.commit]
        assert stage._git("show", "--format=", "--name-only", one.commit).split() == [PATH]
        message = stage.message(one.commit)
        assert message.startswith("Contracts for AC-1\n")
        assert f"Spec: {SPEC_PATH}\nContract: AC-1\nSpecbot-Run: run-" in message
        assert PATH in stage.status(pull)
        assert one.digest[:12] in stage.status(pull)

        # The next head keeps the contract, and nobody is paid for it again.
        before = len(asked(stage))
        stage.push({"notes.md": "# Notes\n"})
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to be looked at")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert len(asked(stage)) == before
        assert one.digest[:12] in stage.status(pull), "what the verdict rests on is still said"

        # A person says that it does not say what the criterion means: another one is written, and holds for what is there.
        stage.say(pull, "/specbot contract reject AC-1 it must try more names", login="linus")
        assert "needs write permission" in stage.answer(pull, "/specbot contract reject AC-1 it must try more names")
        stage.say(pull, "/specbot contract reject AC-1 it must try more names", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 3, "the contract to be written again")
        stage.settled(pull)
        opening = next(s for s in stage.model.requests[before:] if role(s) == "test_author").body["messages"][1]
        assert "An earlier test was rejected: it must try more names" in opening["content"]
        assert stage.acceptance(pull) == "success", stage.title(pull)
        assert not any(label.startswith("implementer") for label in asked(stage)[before:]), "what is there holds"

        # A push that edits the contract takes its lock away: nothing is proven by it, and nobody is asked unbidden.
        before = len(asked(stage))
        stage.push({PATH: EDITED})
        stage.until(lambda: len(stage.runs_at(pull)) == 4, "the push to be looked at")
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert f"a push changed `{PATH}`" in (stage.checks(stage.head(pull), ACCEPTANCE)[-1].output.text or "")
        assert len(asked(stage)) == before


@pytest.mark.soak
def test_an_implementer_that_edits_the_contract_has_tampered_with_it():
    good = implementing({"greet.py": GOOD}, finding=False)

    def editing(seen: Seen) -> Answer | Fault:
        if role(seen) == "implementer" and seen.body["messages"][-1]["role"] == "user":
            lazy = ("bash", {"script": f"sed -i s/assertEqual/assertNotEqual/ {PATH}"})
            refused = ("create", {"path": PATH, "content": EDITED, "overwrite": True})
            return Answer(calls=[refused, lazy])
        return good(seen)

    with Stage(authored(CONTRACT, rest=editing)) as stage, stage.worker():
        pull = stage.open(WITHOUT)
        start = stage.head(pull)
        stage.settled(pull)
        assert stage.head(pull) == start, "nothing is published"
        assert stage.acceptance(pull) == "failure"
        assert "tampered with" in stage.title(pull)
        assert f"`TP104` `{PATH}`" in stage.status(pull)
        results = [
            m["content"]
            for s in stage.model.requests
            if role(s) == "implementer"
            for m in s.body["messages"]
            if m["role"] == "tool"
        ]
        assert any("It is a locked contract" in text and "Nothing was changed" in text for text in results)
        assert any("[you changed" in text for text in results)
        (one,) = locked(stage, pull)
        records = [
            json.loads(body) for _, _, _, body in stage.store.ledger(RepoId(stage.repo.id), PrNumber(pull.number))
        ]
        assert [r["path"] for r in records[-1]["tampering"] if r["rule"] == "TP104"] == [one.path]


def test_a_criterion_that_no_test_can_show_is_a_persons():
    why = {"criterion": f"{SPEC_PATH}#AC-1", "reason": "It is a matter of taste."}

    def honest(seen: Seen) -> Answer:
        assert role(seen) == "test_author", f"nobody else was to be asked: {seen.label}"
        return call("finish", summary="No test.", contracts=[], untestable=[why])

    with Stage(honest) as stage, stage.worker():
        pull = stage.open(WITHOUT)
        start = stage.head(pull)
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        assert "it cannot be tested: It is a matter of taste." in (stage.checks(start)[-1].output.text or "")
        assert stage.head(pull) == start
        assert asked(stage) == ["test_author/contracts/1"]
        assert locked(stage, pull) == ()
