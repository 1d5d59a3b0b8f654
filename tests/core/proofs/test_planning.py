"""Which executions are needed, each once, and the way from their results to verdicts."""

from dataclasses import replace

from bot.core.proofs.model import Executed, Execution, Harness, TamperFinding, TamperWeight, Verdict
from bot.core.proofs.planning import Claim, ProofPlan, Trees, claims_of, plan_of_proofs
from bot.core.proofs.trusted import trusted_paths
from bot.core.specs.compare import compare
from bot.core.specs.keep_commands import keep_criteria
from bot.core.specs.model import Command, Position, ProofKind, Spec, Status
from bot.ids import Digest, TreeSha
from tests.core.proofs.builders import SPEC, criterion, digest, failed, passed, ran, with_canary

BASE, CANDIDATE, OWN = TreeSha("b" * 40), TreeSha("c" * 40), TreeSha("d" * 40)
ENVIRONMENT = digest("environment")
TRUSTED = trusted_paths()
PYTEST = "python -m pytest -q tests"
SPEC_IN_FORCE = Spec(
    SPEC,
    "Cut",
    Status.READY,
    digest("raw"),
    "text",
    keep=(Command(PYTEST, Position(SPEC, 4)), Command("python lint.py", Position(SPEC, 5))),
    criteria=(
        criterion(ProofKind.CHANGE, PYTEST, number=1),
        criterion(ProofKind.CHANGE, PYTEST, "python cli.py", number=2),
        criterion(ProofKind.ACCEPT, number=3),
        criterion(ProofKind.NONE, number=4, text="Nobody proves this."),
    ),
)


def plan(own: TreeSha = OWN) -> ProofPlan:
    return plan_of_proofs(claims_of([SPEC_IN_FORCE], {}), Trees(BASE, CANDIDATE, own), ENVIRONMENT)


def run_all(executions: tuple[Execution, ...], green_on: set[TreeSha]) -> dict[Digest, Executed]:
    """What an honest machine gives back: green where told, and a canary that is noticed."""
    results = {}
    for one in executions:
        if one.script == PYTEST:
            normal = ran(0, passed("t::a")) if one.tree in green_on else ran(1, failed("t::a"))
            result = with_canary(normal) if one.harness is Harness.CANARY else normal
        else:
            result = ran(0 if one.tree in green_on and one.harness is Harness.REPORT else 97)
        results[one.key] = replace(result, key=one.key)
    return results


def test_equal_executions_are_shared() -> None:
    reports = plan().reports()
    assert len(reports) == len(set(reports)) == len({one.key for one in reports})
    wanted = {(one.tree, one.script) for one in reports}
    scripts = [PYTEST, "python cli.py", "python lint.py"]
    assert wanted == {
        *((tree, script) for tree in (BASE, CANDIDATE) for script in scripts),
        (OWN, PYTEST),
        (OWN, "python lint.py"),
    }
    assert {one.harness for one in reports} == {Harness.REPORT}
    assert reports[0].tree == CANDIDATE


def test_a_candidate_may_have_an_environment_of_its_own() -> None:
    before, after = plan(), plan().with_own_environment(Digest("other"))
    assert {one.environment for one in after.reports() if one.tree == BASE} == {ENVIRONMENT}
    assert {one.environment for one in after.reports() if one.tree != BASE} == {"other"}
    assert len({one.key for one in before.reports()} & {one.key for one in after.reports()}) == sum(
        one.tree == BASE for one in before.reports()
    )
    assert after.environment == "other"
    assert after.with_own_environment(ENVIRONMENT) == before


def test_the_own_suite_is_not_run_twice_when_nothing_trusted_changed() -> None:
    assert {one.tree for one in plan(own=CANDIDATE).reports()} == {BASE, CANDIDATE}


def test_canaries_follow_what_may_count() -> None:
    planned = plan()
    results = run_all(planned.reports(), {CANDIDATE, OWN})
    canaries = planned.canaries(results)
    assert {(one.tree, one.script, one.harness) for one in canaries} == {
        (CANDIDATE, script, Harness.CANARY) for script in (PYTEST, "python cli.py", "python lint.py")
    }
    red = run_all(planned.reports(), set())
    assert [one.script for one in planned.canaries(red)] == [PYTEST]
    assert planned.canaries({}) == ()


def test_from_results_to_verdicts() -> None:
    planned = plan()
    results = run_all(planned.reports(), {CANDIDATE, OWN})
    results |= run_all(planned.canaries(results), {CANDIDATE, OWN})
    verification = planned.judge(results, TRUSTED)
    assert {verdict.name.rpartition("#")[2]: verdict.verdict for verdict in verification.verdicts} == {
        "AC-1": Verdict.PROVEN,
        "AC-2": Verdict.PROVEN,
        "AC-3": Verdict.UNPROVEN,
        "AC-4": Verdict.UNPROVEN,
        "keep-1": Verdict.KEPT,
        "keep-2": Verdict.KEPT,
    }
    assert (verification.candidate_tree, verification.base_tree, verification.environment) == (OWN, BASE, ENVIRONMENT)
    assert not verification.done


def test_missing_results_are_no_evidence() -> None:
    verification = plan().judge({}, TRUSTED)
    assert {verdict.verdict for verdict in verification.verdicts} == {Verdict.NO_EVIDENCE, Verdict.UNPROVEN}


def test_tampering_goes_into_the_verification() -> None:
    hard = TamperFinding("TP102", TamperWeight.HARD, ".github/x.yml", "changed")
    verification = plan().judge({}, TRUSTED, [hard])
    assert {verdict.verdict for verdict in verification.verdicts} == {Verdict.TAMPERED}
    assert verification.tampering == (hard,)


def test_keep_commands_are_criteria_of_their_own() -> None:
    first, second = keep_criteria(SPEC_IN_FORCE)
    assert (first.name, second.name) == (f"{SPEC}#keep-1", f"{SPEC}#keep-2")
    assert first.position.line == 4
    assert first.digest != second.digest
    assert PYTEST in first.text


def test_a_draft_claims_nothing() -> None:
    assert claims_of([replace(SPEC_IN_FORCE, status=Status.DRAFT)], {}) == ()


def test_what_the_base_had_is_kept_whatever_it_says() -> None:
    base = replace(SPEC_IN_FORCE, criteria=SPEC_IN_FORCE.criteria[:1], keep=())
    claims = claims_of([SPEC_IN_FORCE], {SPEC: compare(SPEC_IN_FORCE, base)})
    kinds = [claim.kind for claim in claims]
    assert kinds[:4] == [ProofKind.KEEP, ProofKind.CHANGE, ProofKind.ACCEPT, ProofKind.NONE]
    assert replace(claims[0], compared=None) == Claim(SPEC_IN_FORCE.criteria[0], ProofKind.KEEP)


def test_what_looks_proven_is_doubted_until_nothing_is_left_to_run() -> None:
    planned = plan()
    results = run_all(planned.reports(), {CANDIDATE, OWN})
    again = planned.doubts(results, TRUSTED)
    assert {(one.tree, one.script, one.again) for one in again} == {
        (tree, script, 1) for tree in (BASE, CANDIDATE) for script in (PYTEST, "python cli.py")
    }
    assert planned.doubts(results | run_all(again, {CANDIDATE}), TRUSTED) == ()
    assert planned.doubts(run_all(planned.reports(), set()), TRUSTED) == ()
    assert planned.doubts({}, TRUSTED) == ()


def missing(name: str) -> Executed:
    return ran(1, failed("t::a", message=f"NameError: name '{name}' is not defined"))


def test_stand_ins_follow_one_missing_name_to_the_next() -> None:
    planned = plan()
    results = run_all(planned.reports(), {CANDIDATE, OWN})
    base = next(one for one in planned.reports() if one.tree == BASE and one.script == PYTEST)
    results[base.key] = missing("a")
    asked = []
    names = iter("bcdefg")
    while wanted := planned.doubts(results, TRUSTED):
        asked += [one.stubs for one in wanted if one.stubs]
        results |= {one.key: missing(next(names)) if one.stubs else results.get(one.key, ran(1)) for one in wanted}
    assert asked == [
        ("nothing", "!a"),
        ("raises", "!a"),
        ("nothing", "!a", "!b"),
        ("raises", "!a", "!c"),
        ("nothing", "!a", "!b", "!d"),
        ("raises", "!a", "!c", "!e"),
    ]
    shown = planned.judge(results, TRUSTED).verdicts[0].shown[0]
    assert len(shown.stubbed) == 6
    assert shown.base_again is not None
