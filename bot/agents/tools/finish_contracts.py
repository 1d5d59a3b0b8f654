"""The test author's `finish`: which criteria have a contract now, each with its file, and which cannot be tested."""

from dataclasses import dataclass

from pydantic import Field

from bot.agents.outcome import AgentStatus
from bot.agents.tools.tool import Arguments, Ending, HandedIn
from bot.core.codec import Format
from bot.core.visible import visible
from bot.ids import CriterionName

MOST_CONTRACTS = 60
"""Of one author; as many criteria as a task of a plan may prove."""

REASON_LENGTH = 500
"""Characters of a reason that a person reads in a table."""


@dataclass(frozen=True, slots=True)
class WrittenContract:
    """A claim: whether the file is there, where it may be and red, code looks."""

    criterion: CriterionName
    path: str


@dataclass(frozen=True, slots=True)
class Untestable:
    """A criterion that no test can show, in the author's words (untrusted)."""

    criterion: CriterionName
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenContracts:
    contracts: tuple[WrittenContract, ...]
    untestable: tuple[Untestable, ...] = ()


class ContractArguments(Arguments):
    criterion: str = Field(min_length=1, max_length=500, description="The criterion's name as it was told.")
    path: str = Field(min_length=1, max_length=500, description="The file you wrote: one of the places named for it.")


class UntestableArguments(Arguments):
    criterion: str = Field(min_length=1, max_length=500)
    reason: str = Field(min_length=1, max_length=REASON_LENGTH, description="Why no test can show it.")


class FinishContractsArguments(Arguments):
    summary: str = Field(min_length=1, max_length=2_000, description="What the tests check, in a few sentences.")
    contracts: list[ContractArguments] = Field(default_factory=list, max_length=MOST_CONTRACTS)
    untestable: list[UntestableArguments] = Field(
        default_factory=list, max_length=MOST_CONTRACTS, description="Criteria that only a person can judge."
    )


WRITTEN_CONTRACTS = Format(WrittenContracts)
"""What the test author hands in, as stored in `AgentOutcome.handed_in`; its golden file is `tests/agents/golden/contracts.v1.json`."""


def _hand_in(arguments: FinishContractsArguments) -> HandedIn:
    written = WrittenContracts(
        tuple(
            WrittenContract(
                CriterionName(_line(one.criterion)), _line(one.path).removeprefix("/ws/").removeprefix("./")
            )
            for one in arguments.contracts
        ),
        tuple(Untestable(CriterionName(_line(one.criterion)), _line(one.reason)) for one in arguments.untestable),
    )
    return HandedIn(summary=visible(arguments.summary), value=WRITTEN_CONTRACTS.encode(written))


def _line(text: str) -> str:
    return " ".join(visible(text).split())


FINISH_CONTRACTS = Ending(
    "finish",
    "Hand in the tests: the files as they are now. Ends your task.",
    FinishContractsArguments,
    AgentStatus.FINISHED,
    _hand_in,
)
