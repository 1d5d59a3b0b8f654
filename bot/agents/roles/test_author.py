"""The test author: turns criteria without a command into tests, from the spec and the base tree alone. It never sees an implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.agents.material import material, one_line, tree_listing
from bot.agents.outcome import AgentOutcome
from bot.agents.prompts import render
from bot.agents.roles.repository_ways import root_ways
from bot.agents.roles.role import Opening, Role
from bot.agents.roles.spec_text import SPEC_CHARACTERS, shown_specs
from bot.agents.tools.bash import bash
from bot.agents.tools.blocked import BLOCKED
from bot.agents.tools.create import CREATE
from bot.agents.tools.edit import EDIT
from bot.agents.tools.finish_contracts import FINISH_CONTRACTS, WRITTEN_CONTRACTS, WrittenContracts
from bot.agents.tools.list import LIST
from bot.agents.tools.read import READ
from bot.agents.tools.search import SEARCH
from bot.core.proofs.contract_files import FOLDER, Runner, contract_command, contract_paths
from bot.core.specs.model import Criterion, Spec
from bot.ids import CriterionName

NAME = "test_author"

TREE_CHARACTERS = 6_000
"""Of the listing (about 1,500 tokens): where the code lies that the tests are about, and how tests are written here."""

OUTPUT_CHARACTERS = 6_000
"""Of what a contract printed on the base (about 1,500 tokens): the failure and where it came from."""


@dataclass(frozen=True, slots=True)
class AuthorBriefing:
    """What the test author is told.

    `criteria` are those that need a contract, `paths` the files of the base tree, `environment` what runs the tests, `rejected` by criterion what
    people said against earlier contracts (untrusted, newest last), `agents_md` the base branch's AGENTS.md, `places` by criterion the paths where its
    test may lie, where these are not all.
    """

    specs: tuple[Spec, ...]
    criteria: tuple[Criterion, ...]
    paths: tuple[str, ...]
    environment: str
    rejected: Mapping[CriterionName, Sequence[str]] = field(default_factory=dict)
    agents_md: bytes | None = None
    places: Mapping[CriterionName, Mapping[str, Runner]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContractFault:
    """Why a contract was not taken: a sentence of ours, and what its run printed on the base."""

    criterion: CriterionName
    reason: str
    output: str = ""


def author() -> Role:
    """The role; the same bytes in every run."""
    tools = (bash(writable=True), LIST, SEARCH, READ, CREATE, EDIT, FINISH_CONTRACTS, BLOCKED)
    return Role(NAME, tools, render("test_author", folder=FOLDER))


def author_opening(briefing: AuthorBriefing) -> Opening:
    """The first user message: the spec, the code from above, and each criterion with the places where its test may lie."""
    return Opening(
        render(
            "test_author_opening",
            agents_md=root_ways(briefing.agents_md),
            specs=shown_specs(briefing.specs),
            environment=one_line(briefing.environment, 1_000),
            tree=material("files", tree_listing(briefing.paths, TREE_CHARACTERS), TREE_CHARACTERS),
            criteria=[_criterion(criterion, briefing) for criterion in briefing.criteria],
        )
    )


def rewrite_message(faults: Sequence[ContractFault]) -> str:
    """What the author is told of contracts that were not taken, for a `Continuation`."""
    return render("test_author_again", faults=[_fault(fault) for fault in faults])


def written(outcome: AgentOutcome) -> WrittenContracts | None:
    """What was handed in; None when the author ended otherwise."""
    return WRITTEN_CONTRACTS.decode(outcome.handed_in) if outcome.handed_in else None


def _criterion(criterion: Criterion, briefing: AuthorBriefing) -> str:
    places = [
        f"- {runner.value}: {path} (run by: {contract_command(path, runner)})"
        for path, runner in briefing.places.get(criterion.name, contract_paths(criterion.name)).items()
    ]
    said = [f"An earlier test was rejected: {one_line(one, 500)}" for one in briefing.rejected.get(criterion.name, ())]
    text = "\n".join([criterion.text.strip(), "one file, at one of these places:", *places, *said])
    return material(f"criterion {criterion.name}", text, SPEC_CHARACTERS)


def _fault(fault: ContractFault) -> str:
    text = "\n".join([fault.reason, *([fault.output.rstrip()] if fault.output.strip() else [])])
    return material(f"contract for {fault.criterion}", text, OUTPUT_CHARACTERS)
