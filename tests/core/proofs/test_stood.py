"""What the base demands is not lost by taking its tests away: the base's own run remembers them."""

from collections.abc import Collection
from dataclasses import replace

from bot.core.proofs.model import CriterionVerdict, Executed, Shown, Verdict
from bot.core.proofs.planning import Trees, claims_of, plan_of_proofs
from bot.core.proofs.stood import as_it_stood
from bot.core.proofs.trusted import trusted_paths
from bot.core.specs.compare import compare
from bot.core.specs.model import Command, Position, ProofKind, Spec, Status
from bot.ids import TreeSha
from tests.core.proofs.builders import SPEC, criterion, digest, failed, passed, ran

PYTEST = "python -m pytest -q tests"
KEPT = criterion(ProofKind.KEEP, PYTEST)
BOTH = ran(0, passed("tests/test_a.py::one", "tests/test_b.py::two"))
ONE = ran(0, passed("tests/test_a.py::one"))


def seen(
    stood: Executed | None,
    candidate: Executed,
    verdict: Verdict = Verdict.KEPT,
    removed: Collection[str] = (),
    script: str = PYTEST,
) -> CriterionVerdict:
    shown = Shown(script, candidate, candidate, None, stood=stood)
    judged = CriterionVerdict(KEPT.name, KEPT.text, KEPT.kind, KEPT.position, KEPT.digest, verdict, ("after: green",))
    return as_it_stood(judged, [shown], trusted_paths(), removed)


def test_a_test_that_is_missing_now_waits_for_a_person() -> None:
    found = seen(BOTH, ONE)
    assert found.verdict is Verdict.UNPROVEN
    assert found.reasons == (
        "green on the base with the base's own tests, `tests/test_b.py::two` missing now",
        "after: green",
    )
    assert "/specbot waive AC-1 REASON" in found.way_out


def test_what_is_meant_to_go_may() -> None:
    assert seen(BOTH, ONE, removed=["tests/test_b.py"]).verdict is Verdict.KEPT
    by_module = ran(0, passed("tests.test_a.A.one", "tests.test_b.B.two"))
    left = ran(0, passed("tests.test_a.A.one"))
    assert seen(by_module, left, removed=["tests/test_b.py"]).verdict is Verdict.KEPT
    assert seen(by_module, left, removed=["tests/test_bc.py"]).verdict is Verdict.UNPROVEN


def test_what_was_green_may_not_be_red_whatever_is_meant_to_go() -> None:
    gone = ran(1, failed("tests.test_b"))
    assert seen(BOTH, gone, removed=["tests/test_b.py"]).verdict is Verdict.UNPROVEN
    assert seen(ran(0), ran(1), script="sh check.sh").verdict is Verdict.UNPROVEN
    assert seen(ran(0), ran(1), Verdict.NO_EVIDENCE, script="sh check.sh").verdict is Verdict.UNPROVEN


def test_a_new_test_that_is_red_takes_nothing_away() -> None:
    more = ran(1, (*passed("tests/test_a.py::one", "tests/test_b.py::two"), *failed("tests/test_c.py::three")))
    assert seen(BOTH, more).verdict is Verdict.KEPT


def test_nothing_is_said_without_the_bases_own_run_and_nothing_bad_is_made_better() -> None:
    assert seen(None, ONE).verdict is Verdict.KEPT
    assert seen(BOTH, BOTH).verdict is Verdict.KEPT
    assert seen(BOTH, ONE, Verdict.FAILED).verdict is Verdict.FAILED
    assert seen(ran(1, failed("tests/test_a.py::one")), ONE).verdict is Verdict.KEPT


def test_only_what_the_base_demands_is_run_as_it_stood() -> None:
    base = Spec(
        SPEC, "Cut", Status.READY, digest("raw"), "", criteria=(KEPT,), keep=(Command("make", Position(SPEC, 2)),)
    )
    new = criterion(ProofKind.KEEP, "make more", number=2, text="More.")
    head = replace(base, criteria=(KEPT, new), keep=(*base.keep, Command("make lint", Position(SPEC, 3))))
    b, c, s = (TreeSha(letter * 40) for letter in "bcd")
    claims = claims_of([head], {SPEC: compare(head, base)})
    planned = plan_of_proofs(claims, Trees(b, c, c, s), digest("environment"))
    assert {one.script for one in planned.reports() if one.tree == s} == {PYTEST, "make"}
    unchanged = plan_of_proofs(claims, Trees(b, c, c, b), digest("environment"))
    assert {one.tree for one in unchanged.reports()} == {b, c}
    assert plan_of_proofs(claims, Trees(b, c, c), digest("environment")).reports() == unchanged.reports()
