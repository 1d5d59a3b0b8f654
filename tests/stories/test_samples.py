"""Honest work in other people's repositories is green, without a word of configuration: Python, JavaScript and Rust."""

import os
import shutil

import pytest

from bot.core.proofs.model import Verdict, Verification
from bot.workflows.notes import find
from tests import samples
from tests.stories.moments import asked
from tests.support.stage import Stage, implementing

NODE = pytest.mark.skipif(
    not all(shutil.which(tool, path=os.defpath) for tool in ("node", "npm")),
    reason="no Node below /usr on this machine, and boxes see no other",
)
CARGO = pytest.mark.skipif(shutil.which("rustc") is None, reason="no Rust on this machine")

NAMED = {
    "python": "`tests/test_spoken.py`",
    "javascript": "`test/voucher.test.js`",
    "rust": "`postage`",
}
"""What the first criterion's red names: the whole file, because what it imports was not there."""

GREEN = {
    "python": {"tests/test_spoken.py::test_as_people_say_it[60-1 hour]"},
    "javascript": {"test/voucher.test.js::a voucher::takes its percentage off"},
    "rust": {"postage (tests/postage.rs)::postage_of_a_letter"},
}


@pytest.mark.parametrize(
    "language",
    [
        pytest.param("python", marks=pytest.mark.soak),
        pytest.param("javascript", marks=NODE),
        pytest.param("rust", marks=[CARGO, pytest.mark.soak]),
    ],
)
def test_honest_work_is_green_without_configuration(language: str) -> None:
    base, head, work = (samples.files(language, part) for part in ("base", "head", "work"))
    assert ".github/specbot.yml" not in {**base, **head, **work}
    with Stage(implementing(work, finding=False), base=base) as stage, stage.worker():
        pull = stage.open(None, files=head)
        start = stage.head(pull)
        stage.settled(pull)
        assert stage.acceptance(pull) == "success", stage.checks(stage.head(pull))[-1].output
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        assert stage.head(pull) != start
        assert asked(stage)[0].startswith("implementer/")

        found = find(stage.house, stage.runs_at(pull)[-1].run_id, Verification)
        assert found is not None
        proven, kept = found.verdicts
        assert (proven.verdict, kept.verdict) == (Verdict.PROVEN, Verdict.KEPT)
        assert NAMED[language] in proven.reasons[0]
        candidate = proven.shown[0].candidate
        assert candidate is not None
        assert {test.name for test in candidate.tests or ()} >= GREEN[language]
        assert any(reason.startswith("canary held") for reason in (*proven.reasons, *kept.reasons))
