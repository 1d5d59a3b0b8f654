"""Names of criteria from other tools' specs: they can be copied into a command, and the way out speaks of their own format."""

from dataclasses import replace

from bot.core.proofs.contracts import WAY_OUT
from bot.core.proofs.marks import MARK_IT
from bot.core.proofs.model import Verdict
from bot.core.runs import RunReport, RunState
from bot.core.specs.model import ProofKind, Reading, SpecFormat
from bot.core.visible import visible
from bot.ids import CriterionName
from bot.reporting.headline import capital, prose_label
from bot.reporting.ways_out import way_out
from tests.reporting.reports import SPEC, criterion, reading, report, run, verification

KIRO = ".kiro/specs/greet"
OTHER = "openspec/changes/greet"


def foreign(path: str, format: SpecFormat, *files: str) -> Reading:
    plain = reading(path=path)
    assert plain.spec is not None
    return replace(plain, spec=replace(plain.spec, format=format, files=files))


def told(name: str, *readings: Reading) -> tuple[str, str, RunReport]:
    """How a criterion without a command is called in prose, and the way out of it."""
    verdict = replace(criterion(1, Verdict.UNPROVEN, kind=ProofKind.NONE, way_out=WAY_OUT), name=CriterionName(name))
    told_of = report(run(RunState.WAITING), verification(verdict), readings=readings)
    return prose_label(verdict.name, told_of), way_out(verdict, told_of), told_of


def test_a_name_that_looks_like_a_reference_is_code_and_nothing_invisible_parts_it() -> None:
    kiro, openspec = (
        foreign(KIRO, SpecFormat.KIRO, f"{KIRO}/requirements.md"),
        foreign(OTHER, SpecFormat.OPENSPEC, f"{OTHER}/proposal.md"),
    )
    name, *_ = told(f"{KIRO}#1.2", kiro, openspec)
    assert name == "`specs/greet#1.2`"
    assert visible(name) == name
    assert told(f"{OTHER}#box/parts/one-part", kiro, openspec)[0] == "changes/greet#box/parts/one-part"
    assert told(f"{KIRO}#1.2", kiro)[0] == r"1\.2", "alone it needs no path"


def test_the_way_out_names_the_place_where_the_format_leaves_a_criterion_to_a_person() -> None:
    _, way, _ = told(f"{KIRO}#1.2", foreign(KIRO, SpecFormat.KIRO, f"{KIRO}/requirements.md"))
    assert MARK_IT not in way
    assert f'put `"1.2": {{accept: true}}` under `proofs:` in the front matter of `{KIRO}/requirements.md`' in way
    assert MARK_IT in told(f"{SPEC}#AC-1", reading())[1]


def test_a_sentence_that_opens_with_a_name_leaves_it_as_it_is() -> None:
    assert capital("changes/greet#a/b waits for a person") == "changes/greet#a/b waits for a person"
    assert capital("waits for a person") == "Waits for a person"
    assert capital("") == ""
