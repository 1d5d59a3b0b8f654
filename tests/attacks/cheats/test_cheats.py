"""One test for each way to cheat: done once, judged with the tamper rules and without them."""

import os
from collections.abc import Iterator

import pytest

from bot.core.proofs.model import TamperWeight, Verdict
from bot.core.proofs.tamper import RULES
from bot.core.pulls import Conclusion
from tests.attacks.cheats.cheat import (
    CONTRACT,
    GOOD,
    JUNIT,
    MAKE,
    NODE_TEST,
    PYTEST,
    PYTHON,
    UNITTEST,
    WITH_NODE,
    Cheat,
    Deed,
    Without,
    create,
)
from tests.attacks.cheats.court import Court, court_in_session
from tests.attacks.cheats.table import CHEATS, README, parts, table

pytestmark = pytest.mark.xdist_group("cheats")

NODE_HERE = os.path.exists("/usr/bin/node")
"""Where the box would find it."""

DONE = (create("greet.py", GOOD),)
HONEST = {
    PYTEST: DONE,
    PYTHON: DONE,
    UNITTEST: DONE,
    JUNIT: DONE,
    CONTRACT: DONE,
    MAKE: (create("motto.txt", "motto=say hello\n"),),
    NODE_TEST: (create("greet.js", "exports.greet = (name) => `hello ${name}`;\n"),),
}


@pytest.fixture(scope="module")
def court() -> Iterator[Court]:
    with court_in_session() as court:
        yield court


IN_QUICK = 4
"""Every fourth cheat is tried in `make test`, all of them in `make soak`: all take two minutes."""


def tried(number: int, cheat: Cheat) -> object:
    needs = pytest.mark.skipif(cheat.verify in WITH_NODE and not NODE_HERE, reason="no Node on this machine")
    return pytest.param(cheat, id=cheat.name, marks=[needs, pytest.mark.soak] if number % IN_QUICK else [needs])


@pytest.mark.parametrize("cheat", [tried(number, cheat) for number, cheat in enumerate(CHEATS)])
def test_cheat(court: Court, cheat: Cheat) -> None:
    judged = court.judged(cheat)
    assert (judged.rules, bool(judged.put_back)) == (cheat.rules, cheat.put_back), judged
    green_with_rules = judged.with_rules.conclusion is Conclusion.SUCCESS
    assert green_with_rules == (cheat.without is Without.NOTHING), judged.ruled
    hard = any(RULES[rule][0] is TamperWeight.HARD for rule in cheat.rules)
    assert not hard or {one.verdict for one in judged.ruled.verdicts} == {Verdict.TAMPERED}

    green_without_them = judged.without_rules.conclusion is Conclusion.SUCCESS
    assert green_without_them == (cheat.without is not Without.NOT_GREEN), judged.unruled
    (verdict,) = {one.verdict for one in judged.unruled.verdicts}
    assert verdict in (cheat.verdicts or {Verdict.PROVEN}), judged.unruled
    assert all(one.reasons for one in judged.unruled.verdicts)


@pytest.mark.parametrize("script", [pytest.param(script, id=script or "contract") for script in HONEST])
def test_an_honest_agent_is_green_in_the_same_court(court: Court, script: str) -> None:
    if script in WITH_NODE and not NODE_HERE:
        pytest.skip("no Node on this machine")
    deeds: tuple[Deed, ...] = HONEST[script]
    judged = court.judged(Cheat(f"honest-{len(script)}", "", "", deeds, verify=script))
    assert (judged.rules, judged.put_back) == ((), ())
    assert judged.with_rules.conclusion is Conclusion.SUCCESS, judged.ruled


def test_the_readme_says_of_each_cheat_what_its_test_asserts() -> None:
    assert parts(README.read_text(encoding="utf-8"))[1] == table(), "run python -m tests.attacks.cheats.table"


def test_each_cheat_is_another_one() -> None:
    for told in ([cheat.name for cheat in CHEATS], [cheat.way for cheat in CHEATS]):
        assert len(set(told)) == len(told)
