"""What only a person can decide, and who that person may be."""

import pytest

from bot.core.proofs.allowances import allowances
from bot.ids import PrNumber, RepoId
from bot.reporting.names import ACCEPTANCE
from tests.stories.moments import asked
from tests.support.stage import BASE, CONFIGURATION, GOOD, SPEC, Stage, implementing

MANIFEST = '{\n  "name": "greet",\n  "dependencies": {\n    "left-pad": "^1.3.0"\n  }\n}\n'
WIDER = SPEC.replace("scope: [greet.py]", "scope: [greet.py, package.json]")


@pytest.mark.soak
def test_a_new_dependency_waits_for_a_word_of_somebody_who_did_not_bring_it():
    base = {
        **BASE,
        ".github/specbot.yml": CONFIGURATION + "four_eyes: true\n",
        "package.json": '{\n  "name": "greet"\n}\n',
    }
    script = implementing({"greet.py": GOOD, "package.json": MANIFEST}, finding=False)
    with Stage(script, base=base) as stage, stage.worker():
        pull = stage.open(WIDER)
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != start, "nothing failed, so the work is on the branch"
        assert stage.told(head)[ACCEPTANCE] == ["action_required"]
        assert stage.title(pull).startswith("A person has to allow TP203 package.json; 2 of 2 done")
        assert "`/specbot allow TP203 REASON`" in stage.status(pull)
        assert stage.blockers(pull)
        (note,) = stage.checks(head)[-1].output.annotations
        assert (note.path, note.start_line, note.level) == ("package.json", 4, "warning")

        stage.say(pull, "/specbot allow TP203 we want it", login="ada")
        assert "ada opened this pull request: `allow` is for somebody else" in stage.answer(
            pull, "/specbot allow TP203 we want it"
        )
        stage.say(pull, "/specbot allow TP102 we want it", login="grace")
        refusal = stage.answer(pull, "/specbot allow TP102 we want it")
        assert "nothing of this change breaks it" in refusal
        assert "`TP203`" in refusal
        assert len(stage.runs_at(pull)) == 1

        calls = len(asked(stage))
        stage.say(pull, "/specbot allow TP203 read it, eleven lines", login="grace")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the proofs to be run again")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert len(asked(stage)) == calls, "no model is called for it"
        said = stage.checks(head)[-1].output.summary or ""
        assert "☑️ `TP203` `package.json:4`" in said
        assert "allowed by grace on " in said
        assert "read it, eleven lines" in said
        (word,) = allowances(stage.store.ledger(RepoId(stage.repo.id), PrNumber(pull.number)))
        assert (word.rule, word.path, word.by.login, word.head) == ("TP203", "package.json", "grace", head)

        stage.push({"greet.py": GOOD + "# read again\n"})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", "a push that leaves it alone leaves the word standing"
        stage.push({"package.json": MANIFEST.replace("^1.3.0", "^1.4.0")}, login="grace")
        stage.settled(pull)
        summary = stage.checks(stage.head(pull))[-1].output.summary or ""
        assert "TP203" not in summary, "what a person pushes is their own"
        assert stage.acceptance(pull) == "success"


REFACTORING = """\
---
title: One place for the greeting
status: ready
scope: [greet.py, words.py]
---

# One place for the greeting

## Acceptance criteria

- **AC-1** People are greeted as before.

  ```sh keep
  python3 -c "from greet import greet; assert greet('Ada') == 'hello'"
  ```

## Tasks

- [ ] **T-1** Move the word into `words.py` (owns: `greet.py`, `words.py`; proves: AC-1)
"""
MOVED = {
    "words.py": 'HELLO = "hello"\n',
    "greet.py": "from words import HELLO\n\n\ndef greet(name):\n    return HELLO\n",
}


def test_a_refactoring_is_done_although_nothing_is_red_before():
    with Stage(implementing(MOVED, finding=False)) as stage, stage.worker():
        pull = stage.open(REFACTORING)
        start = stage.head(pull)
        stage.settled(pull)
        head = stage.head(pull)
        assert head != start, "the work was done, although all criteria held before"
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "1 of 1 criteria kept"
        assert stage.file(head, "words.py") == MOVED["words.py"]
        told = next(seen for seen in stage.model.requests if seen.label.startswith("implementer/"))
        assert "must still hold when the work is done: AC-1" in str(told.body["messages"])

        calls = len(asked(stage))
        stage.push({"words.py": MOVED["words.py"] + "\n"})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert len(asked(stage)) == calls, "what is done is not asked for again"
