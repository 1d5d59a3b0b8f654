"""Do proofs that were run again agree with the ledger? Criterion by criterion, on what can be the same twice: how a command ended and what
its named tests said. Output and duration differ from run to run and are not compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.core.proofs.model import CriterionVerdict, Executed, Shown, Verdict, Verification
from bot.core.proofs.named import named_results
from bot.core.proofs.recorded import RecordedProof, RecordedRun, RecordedShown, RecordedVerdict

NAMES_SHOWN = 5
"""Tests named in a sentence; the rest is counted."""

BY_PEOPLE = frozenset({Verdict.ACCEPTED, Verdict.WAIVED})
"""Verdicts that no command gave, so none can give them again."""


class Agrees(StrEnum):
    """DECIDED: a person decided it then; there is nothing to run again, and nothing against it. ABSENT: one side does not know it."""

    YES = "agrees"
    NO = "differs"
    DECIDED = "decided by a person"
    ABSENT = "not comparable"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came of one criterion; `details` are sentences, empty when there is nothing to say."""

    criterion: str
    agrees: Agrees
    recorded: Verdict | None
    found: Verdict | None
    details: tuple[str, ...] = ()


def agreements(recorded: RecordedProof, found: Verification) -> tuple[Agreement, ...]:
    """One for each criterion of either side, those of the run first."""
    here = [_compared(recorded, verdict) for verdict in found.verdicts]
    known = {verdict.name for verdict in found.verdicts}
    gone = [
        Agreement(one.criterion, Agrees.ABSENT, one.verdict, None, ("the ledger has it, and it was not run here",))
        for one in recorded.verdicts
        if one.criterion not in known
    ]
    return (*here, *gone)


def all_agree(compared: tuple[Agreement, ...]) -> bool:
    """Whether nothing differs and nothing is unknown to either side, and there was something to compare."""
    return bool(compared) and all(one.agrees in (Agrees.YES, Agrees.DECIDED) for one in compared)


def _compared(recorded: RecordedProof, found: CriterionVerdict) -> Agreement:
    then = recorded.verdict(found.name, found.criterion_digest)
    if then is None:
        known = any(one.criterion == found.name for one in recorded.verdicts)
        why = "the ledger has it with another text or other commands" if known else "the ledger does not have it"
        return Agreement(found.name, Agrees.ABSENT, None, found.verdict, (why,))
    details = tuple(_differences(then, found))
    if details:
        return Agreement(found.name, Agrees.NO, then.verdict, found.verdict, details)
    if then.verdict in BY_PEOPLE:
        return Agreement(found.name, Agrees.DECIDED, then.verdict, found.verdict)
    same = then.verdict is found.verdict
    return Agreement(found.name, Agrees.YES if same else Agrees.NO, then.verdict, found.verdict)


def _differences(then: RecordedVerdict, now: CriterionVerdict) -> Iterator[str]:
    """The candidate with the branch's own tests is left out: whether it is run depends on what the branch changed."""
    before = {one.script: one for one in then.shown if one.base is not None or one.candidate is not None}
    for shown in now.shown:
        known = before.get(shown.script)
        if known is not None and shown.base is not None:
            yield from _of_command(known, shown)


def _of_command(then: RecordedShown, now: Shown) -> Iterator[str]:
    for side, recorded, executed in (
        ("before the change", then.base, now.base),
        ("after it", then.candidate, now.candidate),
    ):
        if recorded is not None and executed is not None:
            said = _difference(recorded, executed)
            if said:
                yield f"{side}: {said}"


def _difference(then: RecordedRun, now: Executed) -> str:
    if then.stopped_by != now.stopped_by.value or then.exit_code != now.exit_code:
        return f"{_ended(then.exit_code, then.stopped_by)} in the ledger, {_ended(now.exit_code, now.stopped_by.value)} here"
    if then.count != (None if now.tests is None else len(now.tests)):
        counted = "none reported" if now.tests is None else f"{len(now.tests)} here"
        return f"{then.count if then.count is not None else 'no'} named tests in the ledger, {counted}"
    if not then.tests or now.tests is None or named_results(now.tests)["digest"] == then.tests:
        return ""
    outcomes = {test.name: test.outcome.value for test in now.tests}
    changed = sorted(name for name, outcome in then.named if outcomes.get(name) != outcome)
    more = f" and {len(changed) - NAMES_SHOWN} more" if len(changed) > NAMES_SHOWN else ""
    names = ", ".join(changed[:NAMES_SHOWN]) or "tests that the ledger only counts"
    return f"other results of {names}{more}"


def _ended(exit_code: int | None, stopped_by: str) -> str:
    if stopped_by:
        return f"stopped by {stopped_by}"
    return "a signal" if exit_code is None else f"exit status {exit_code}"
