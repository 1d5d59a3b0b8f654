"""What the texts say about specs that were there before: what became of a criterion, that the base moved on, that a spec is only a draft."""

from dataclasses import replace

from bot.core.proofs.model import Verdict
from bot.core.runs import RunState
from bot.core.specs.model import ProofKind, Status
from bot.reporting.checks.acceptance import acceptance_check
from bot.reporting.comment import sticky_comment
from bot.reporting.headline import label
from bot.reporting.ways_out import way_out
from tests.reporting.reports import KEPT, PROVEN, REDACTOR, SPEC, VACUOUS, reading, report, run, verification

WAIVE = "put it back, or `/specbot waive AC-9 REASON`"


def test_what_became_of_a_criterion_stands_beside_its_proof() -> None:
    mended = replace(KEPT, note="only a typing mistake was mended (a | `b`)")
    said = sticky_comment(report(run(RunState.DONE), verification(mended, PROVEN)), REDACTOR)
    assert "<br>*only a typing mistake was mended" in said
    assert len([line for line in said.splitlines() if line.startswith("| **")]) == 2, "one row each, whatever it quotes"


def test_the_line_to_paste_names_the_spec_where_there_are_several() -> None:
    open_one = replace(VACUOUS, way_out=f"put it back, or `/specbot waive {VACUOUS.name.rpartition('#')[2]} REASON`")
    other = replace(PROVEN, name="specs/b.md#AC-1")
    name = VACUOUS.name.rpartition("/")[2]
    for way in (
        open_one.way_out,
        f"or `/specbot contract reject {VACUOUS.name.rpartition('#')[2]} REASON` has another",
    ):
        several = report(run(RunState.WAITING), verification(replace(open_one, way_out=way), other))
        assert f" {name} REASON`" in way_out(replace(open_one, way_out=way), several)


def test_a_draft_beside_it_makes_no_name_longer() -> None:
    readings = (reading(), reading(status=Status.DRAFT, path="specs/b.md"))
    for proof in (None, verification(VACUOUS)):
        told = report(run(RunState.WAITING), proof, readings=readings)
        assert label(VACUOUS.name, told) == VACUOUS.name.rpartition("#")[2]


def test_a_title_leaves_the_names_of_criteria_as_they_are() -> None:
    gone = replace(VACUOUS, name=f"{SPEC}#keep-1", kind=ProofKind.GONE, verdict=Verdict.UNPROVEN)
    assert acceptance_check(report(run(RunState.WAITING), verification(gone)), REDACTOR).title.startswith(
        "keep-1 waits"
    )


def test_a_base_that_moved_on_and_drafts_are_said() -> None:
    drafts = tuple(reading(status=Status.DRAFT, path=f"specs/d{n}.md") for n in range(5))
    told = report(run(RunState.DONE), verification(PROVEN), readings=(reading(), *drafts), moved=(SPEC,))
    summary = acceptance_check(told, REDACTOR).summary
    assert f"The base branch has changed `{SPEC}` too since this branch left it at `b3b3b3b`" in summary
    assert "`specs/d0.md`, `specs/d1.md`, `specs/d2.md` and 2 more specs are drafts and claim nothing." in summary
    one = report(run(RunState.DONE), verification(PROVEN), readings=(reading(), drafts[0]))
    assert "`specs/d0.md` is a draft and claims nothing." in acceptance_check(one, REDACTOR).summary
    assert "The base branch" not in acceptance_check(one, REDACTOR).summary
