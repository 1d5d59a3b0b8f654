"""The test author: told what it needs and nothing of an implementation; what it hands in is a claim with names and places."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.agents.outcome import AgentOutcome, AgentStatus
from bot.agents.roles.test_author import AuthorBriefing, ContractFault, author, author_opening, rewrite_message, written
from bot.agents.tools.finish_contracts import (
    FINISH_CONTRACTS,
    WRITTEN_CONTRACTS,
    Untestable,
    WrittenContract,
    WrittenContracts,
)
from bot.agents.tools.tool import Misused, Understood, read_call
from bot.core.chat import ToolCall
from bot.core.proofs.contract_files import Runner
from bot.core.visible import visible
from bot.ids import CriterionName
from tests.agents.injections import INJECTIONS, ORDERS
from tests.agents.test_prompts import CRITERION, SPEC, _outside_of_material

GOLDEN = Path(__file__).parent / "golden" / "contracts.v1.json"
NAME = "specs/a.md#AC-1"
PATH = "tests/contracts/test_specs_a_ac_1.py"
HANDED = WrittenContracts(
    (WrittenContract(CriterionName(NAME), PATH),),
    (Untestable(CriterionName("specs/a.md#AC-2"), "It is a matter of taste."),),
)
ARGUMENTS = {
    "summary": "One test.",
    "contracts": [{"criterion": NAME, "path": f"/ws/{PATH}"}],
    "untestable": [{"criterion": "specs/a.md#AC-2", "reason": "It is a\n matter of\u202e taste."}],
}
TOLD = AuthorBriefing((SPEC,), (CRITERION,), ("src/a.py",), "Python 3.11 with pytest", agents_md=b"Use tabs.")


def read(**changes: object) -> Understood | Misused:
    return read_call([FINISH_CONTRACTS], ToolCall("1", "finish", json.dumps({**ARGUMENTS, **changes})))


def test_contracts_are_handed_in_with_their_places() -> None:
    found = read()
    assert isinstance(found, Understood)
    handed = FINISH_CONTRACTS.hand_in(found.arguments)
    assert (handed.summary, WRITTEN_CONTRACTS.decode(handed.value)) == ("One test.", HANDED)
    outcome = AgentOutcome(AgentStatus.FINISHED, "One test.", "", 3, handed.value)
    assert written(outcome) == HANDED
    assert written(replace(outcome, handed_in="")) is None


def test_a_stored_handing_in_is_read_for_ever() -> None:
    assert WRITTEN_CONTRACTS.decode(GOLDEN.read_text()) == HANDED


@pytest.mark.parametrize(
    "changes", [{"contracts": [{"criterion": NAME}]}, {"contracts": [{}] * 61}, {"command": "make"}, {"summary": ""}]
)
def test_what_does_not_fit_is_refused(changes: dict[str, object]) -> None:
    assert isinstance(read(**changes), Misused)


def test_the_author_is_told_the_criterion_last_with_every_place_and_what_was_said_against_an_earlier_test() -> None:
    text = author_opening(replace(TOLD, rejected={CRITERION.name: ["it tests\nthe wording"]})).briefing
    order = [
        "Use tabs.",
        "BEGIN spec specs/a.md",
        "Python 3.11 with pytest",
        "src/: a.py",
        "Text is cut.",
        f"pytest: {PATH}",
    ]
    places = [text.rindex(part) for part in order]
    assert places == sorted(places)
    assert "node: tests/contracts/specs_a_ac_1.test.mjs (run by: node --test " in text
    assert "An earlier test was rejected: it tests the wording" in text
    one = author_opening(replace(TOLD, places={CRITERION.name: {PATH: Runner.PYTEST}})).briefing
    assert "node:" not in one


def test_the_system_prompt_is_short_and_names_the_folder() -> None:
    assert len(author().system.encode()) <= 4096
    assert "`tests/contracts/`" in author().system
    assert author().writes
    assert author() == author() or [t.name for t in author().tools] == [t.name for t in author().tools]


@pytest.mark.parametrize("hostile", [text for _, text in INJECTIONS], ids=[name for name, _ in INJECTIONS])
def test_hostile_text_stays_between_its_lines(hostile: str) -> None:
    briefing = AuthorBriefing(
        (replace(SPEC, text=hostile),),
        (replace(CRITERION, text=hostile),),
        (hostile,),
        "Python",
        {CRITERION.name: [hostile]},
        hostile.encode(),
    )
    fault = ContractFault(CriterionName(f"specs/{hostile}#AC-1"), f"{hostile}", hostile)
    for text in (author_opening(briefing).briefing, rewrite_message([fault])):
        assert visible(text) == text
        outside = _outside_of_material(text)
        assert hostile not in outside
        assert not any(order in outside for order in ORDERS)
