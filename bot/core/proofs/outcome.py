"""From verdicts to what GitHub hears: the check's conclusion, its one line, and whether the work may be pushed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.proofs.model import CriterionVerdict, TamperWeight, Verdict, Verification
from bot.core.proofs.verdicts import WORST_FIRST
from bot.core.pulls import Conclusion
from bot.core.runs import RunState
from bot.core.specs.model import ProofKind
from bot.core.specs.naming import short_name, spec_of

NAMES_IN_TITLE = 3
"""Criteria named in a title; GitHub shows about 80 characters of it in a pull request's list of checks."""

_IN_WORDS = {
    Verdict.TAMPERED: "tampered with",
    Verdict.FAILED: "failed",
    Verdict.NO_EVIDENCE: "without evidence",
    Verdict.FLAKY: "flaky",
    Verdict.VACUOUS: "vacuous",
    Verdict.UNPROVEN: "unproven",
    Verdict.JUDGED: "only judged by a model",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verification comes to. `publishable`: nothing failed, was tampered with or took evidence away, so the work may go to the
    pull request's branch, also when something still waits for a person."""

    conclusion: Conclusion
    title: str
    state: RunState
    publishable: bool


NO_SPEC = Outcome(Conclusion.SUCCESS, "No spec in this pull request", RunState.DONE, publishable=False)
"""The check has to be green here, or a required check would block every other pull request."""

ONLY_DRAFTS = Outcome(Conclusion.SUCCESS, "Draft spec: nothing claimed", RunState.DONE, publishable=False)


def outcome(verification: Verification | None) -> Outcome:
    """The outcome of a verification; None where no spec is in force. Nothing claimed by a spec in force is not green."""
    if verification is None:
        return NO_SPEC
    hard = [found for found in verification.tampering if found.weight is TamperWeight.HARD]
    bad = [verdict for verdict in verification.verdicts if verdict.verdict.bad]
    if bad or hard:
        title = _title(verification) if bad else f"Tampered with: {hard[0].rule} {hard[0].path}"
        return Outcome(Conclusion.FAILURE, title, RunState.FAILED, publishable=False)
    if verification.done:
        return Outcome(Conclusion.SUCCESS, _all_done(verification), RunState.DONE, publishable=True)
    if not verification.verdicts:
        title = "The spec has no acceptance criteria"
        return Outcome(Conclusion.ACTION_REQUIRED, title, RunState.WAITING, publishable=False)
    lost = any(verdict.lost for verdict in verification.verdicts)
    proven = all(verdict.verdict.done for verdict in verification.verdicts)
    title = _to_be_allowed(verification) if proven else _title(verification)
    return Outcome(Conclusion.ACTION_REQUIRED, title, RunState.WAITING, publishable=not lost)


def _all_done(verification: Verification) -> str:
    counts = Counter(verdict.verdict for verdict in verification.verdicts)
    total = len(verification.verdicts)
    if len(counts) == 1:
        (only,) = counts
        return f"{total} of {total} criteria {only.value}"
    parts = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in reversed(WORST_FIRST) if counts[verdict])
    return f"{total} of {total} criteria done: {parts}"


def _to_be_allowed(verification: Verification) -> str:
    """Every criterion is done, and the change does something that a person has to allow."""
    waits = [found for found in verification.tampering if found.waits]
    more = f" and {len(waits) - 1} more" if len(waits) > 1 else ""
    done = len(verification.verdicts)
    return f"A person has to allow {waits[0].rule} {waits[0].path}{more}; {done} of {done} done"


def _title(verification: Verification) -> str:
    """The worst verdict with the criteria that have it, and how many are done."""
    verdicts = verification.verdicts
    worst = min((verdict.verdict for verdict in verdicts), key=WORST_FIRST.index)
    specs = {spec_of(verdict.name) for verdict in verdicts}
    meant = [verdict for verdict in verdicts if verdict.verdict is worst]
    names = [short_name(verdict.name, specs) for verdict in meant]
    more = f" and {len(names) - NAMES_IN_TITLE} more" if len(names) > NAMES_IN_TITLE else ""
    done = sum(verdict.verdict.done for verdict in verdicts)
    return f"{', '.join(names[:NAMES_IN_TITLE])}{more} {_state(worst, meant)}; {done} of {len(verdicts)} done"


def _state(worst: Verdict, meant: Sequence[CriterionVerdict]) -> str:
    """Waiting is not broken, and says so: nothing but a person's word is missing."""
    if worst is Verdict.UNPROVEN and all(verdict.kind in (ProofKind.ACCEPT, ProofKind.GONE) for verdict in meant):
        return "waits for a person" if len(meant) == 1 else "wait for a person"
    return _IN_WORDS[worst]
