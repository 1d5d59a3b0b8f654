"""From what was shown to a verdict on each criterion (DESIGN, *Proof*). The worst of a criterion's commands is its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.proofs.canary import CanaryReading, CanaryState, canary_holds, needs_canary
from bot.core.proofs.colours import colour, failing, names_in_words, own_word, passing
from bot.core.proofs.comparison import lost, lost_in_words, newly_red, not_shown_green
from bot.core.proofs.marks import MARK_IT
from bot.core.proofs.missing import Language, Missing, in_words, only_missing
from bot.core.proofs.model import (
    Colour,
    CriterionVerdict,
    Executed,
    Reading,
    Shown,
    TamperFinding,
    TamperWeight,
    Verdict,
)
from bot.core.proofs.scripts import first_line
from bot.core.proofs.trusted import TrustedPaths
from bot.core.specs.model import Criterion, ProofKind

WORST_FIRST = (
    Verdict.TAMPERED,
    Verdict.FAILED,
    Verdict.NO_EVIDENCE,
    Verdict.FLAKY,
    Verdict.VACUOUS,
    Verdict.UNPROVEN,
    Verdict.JUDGED,
    Verdict.WAIVED,
    Verdict.ACCEPTED,
    Verdict.KEPT,
    Verdict.PROVEN,
)
"""What somebody must hear first stands first."""

_LOOK_INTO = "use a runner that Specbot can look into, or mend the failing tests first"

_NOT_RUN = Reading(Colour.NO_EVIDENCE, "it was not run")
_NOTHING_TRUSTED = TrustedPaths.nothing()


@dataclass(frozen=True, slots=True)
class Step:
    """The verdict on one command, with sentences for people."""

    verdict: Verdict
    reasons: tuple[str, ...]
    way_out: str = ""


def judge_criterion(
    criterion: Criterion,
    kind: ProofKind,
    shown: Sequence[Shown],
    *,
    trusted: TrustedPaths,
    own: Sequence[Shown] = (),
    tampering: Sequence[TamperFinding] = (),
    settled: bool = False,
) -> CriterionVerdict:
    """The verdict on a criterion that counts as `kind` here.

    `shown` has one entry for each command, run with the trusted files laid over both trees. `own` has the same commands on the
    candidate exactly as it is, so with its own tests; only their `candidate` is looked at. `settled`: the base has it word for word and
    nothing but specs changed, so what was decided when it was merged still stands. Pure; never raises.
    """
    hard = tuple(found for found in tampering if found.weight is TamperWeight.HARD)
    if hard:
        reasons = tuple(f"{found.rule} `{_place(found)}`: {found.message}" for found in hard)
        step = Step(
            Verdict.TAMPERED, reasons, "take these changes out of the branch, or name them under `removes:` in the spec"
        )
    elif kind is ProofKind.ACCEPT:
        way_out = f"look at it, and if it holds, `/specbot accept {criterion.criterion_id} SHA`"
        step = Step(Verdict.UNPROVEN, ("it needs a person: no command can show it",), way_out)
    elif settled:
        step = Step(Verdict.KEPT, ("unchanged, and nothing but specs changed since it was merged",))
    elif kind is ProofKind.GONE:
        reason = "the base demands it, and this pull request takes it out: a person has to agree"
        step = Step(Verdict.UNPROVEN, (reason,), f"put it back, or `/specbot waive {criterion.criterion_id} REASON`")
    elif not shown:
        step = _without_command(kind)
    else:
        judge = _keep if kind is ProofKind.KEEP else _change
        steps = [judge(one, trusted) for one in shown]
        steps += [_own_suite(one, _base_of(one, shown)) for one in own]
        step = _together(steps, [*shown, *own])
    return CriterionVerdict(
        name=criterion.name,
        text=criterion.text,
        kind=kind,
        position=criterion.position,
        criterion_digest=criterion.digest,
        verdict=step.verdict,
        reasons=step.reasons,
        shown=(*shown, *own),
        way_out=step.way_out,
        lost=step.verdict is Verdict.NO_EVIDENCE and any(_judged_before(one, trusted) for one in shown),
    )


def _place(found: TamperFinding) -> str:
    return f"{found.path}:{found.line}" if found.line else found.path


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that somebody must hear first. `verdicts` is not empty."""
    return min(verdicts, key=WORST_FIRST.index)


def _without_command(kind: ProofKind) -> Step:
    way_out = f"add a fenced `sh verify` block that fails without the change, or {MARK_IT}"
    if kind is ProofKind.KEEP:
        return Step(Verdict.UNPROVEN, ("it stood before, but no command shows that it still holds",), way_out)
    return Step(Verdict.UNPROVEN, ("no command shows it",), way_out)


def _together(steps: Sequence[Step], shown: Sequence[Shown]) -> Step:
    if len(steps) == 1:
        return steps[0]
    ordered = sorted(zip(steps, shown, strict=True), key=lambda pair: WORST_FIRST.index(pair[0].verdict))
    reasons = [f"`{first_line(one.script)}`: {reason}" for step, one in ordered for reason in step.reasons]
    return Step(ordered[0][0].verdict, tuple(dict.fromkeys(reasons)), ordered[0][0].way_out)


def _change(shown: Shown, trusted: TrustedPaths) -> Step:
    """Red on the base, green on the candidate, and the canary noticed."""
    base, candidate = _readings(shown, trusted)
    both = (f"before: {base.reason}", f"after: {candidate.reason}")
    canary = _canary(shown)
    fault = _fault(shown, candidate, canary, both)
    if fault is not None:
        return fault
    if candidate.colour is Colour.RED:
        return Step(Verdict.FAILED, (both[1], both[0]))
    if base.colour is Colour.GREEN:
        way_out = "sharpen the command so that it fails without the change, or write it as `sh keep`"
        return Step(Verdict.VACUOUS, ("green before the change too, so it shows nothing", *both), way_out)
    if base.colour is Colour.NO_EVIDENCE:
        return Step(Verdict.NO_EVIDENCE, both, "make the command run on the base too: it must fail there, not break")
    doubt = _hidden(shown, both) or _unsteady(shown, trusted, both) or _only_a_name(shown, trusted, both)
    if doubt is not None:
        return doubt
    return _if_canary_held(Step(Verdict.PROVEN, (*both, *_not_stubbed(shown))), canary)


def _hidden(shown: Shown, both: tuple[str, str]) -> Step | None:
    """A test that was red and is skipped or missing now is not green."""
    hidden = not_shown_green(shown.base, shown.candidate)
    if not hidden:
        return None
    reason = f"red before and not green now, but skipped or missing: {names_in_words(hidden)}"
    return Step(Verdict.NO_EVIDENCE, (reason, *both), "let these tests run and pass")


def _unsteady(shown: Shown, trusted: TrustedPaths, both: tuple[str, str]) -> Step | None:
    """Where the same command on the same tree showed something else the second time."""
    way_out = "make the test steady: no clock, no order, no chance"
    for which, first, again in (
        ("before", shown.base, shown.base_again),
        ("after", shown.candidate, shown.candidate_again),
    ):
        if first is None or again is None:
            continue
        once, twice = (colour(one, shown.script, trusted) for one in (first, again))
        unlike = (set(passing(first)) ^ set(passing(again))) | (set(failing(first)) ^ set(failing(again)))
        if once.colour is not twice.colour:
            reason = f"run twice on the same files ({which} the change), it was {once.colour.value} and then {twice.colour.value}: {twice.reason}"
            return Step(Verdict.FLAKY, (reason, *both), way_out)
        if unlike:
            reason = f"two runs on the same files ({which} the change) disagree about {names_in_words(unlike)}"
            return Step(Verdict.FLAKY, (reason, *both), way_out)
    return None


def _only_a_name(shown: Shown, trusted: TrustedPaths, both: tuple[str, str]) -> Step | None:
    """Red for a missing name alone must stay red when something empty bears that name."""
    missing = only_missing(shown.base)
    if missing is None:
        return None
    for one in shown.stubbed:
        if one.broken:
            reason = f"the run with a stand-in for {in_words(missing)} broke: {one.broken}"
            return Step(Verdict.NO_EVIDENCE, (reason, *both), "verify again")
        if colour(one, shown.script, trusted).colour is Colour.GREEN:
            reason = f"red before only because {in_words(missing)} was missing: with an empty stand-in it is green, so it shows nothing"
            way_out = "let the command look at what it does, not only whether it is there"
            return Step(Verdict.VACUOUS, (reason, *both), way_out)
    return None


def _not_stubbed(shown: Shown) -> tuple[str, ...]:
    """Where nothing could stand in for what was missing: said, because the red may ask for no more than a name."""
    missing = only_missing(shown.base)
    if missing is None or missing.language is Language.PYTHON or any(_stood_in(one, missing) for one in shown.stubbed):
        return ()
    untried = f"with a stand-in it was not tried ({missing.language.value})"
    return (f"red before only because {in_words(missing)} was missing; {untried}",)


def _stood_in(stubbed: Executed, missing: Missing) -> bool:
    """Something else was red than before, so the stand-ins were there."""
    still = only_missing(stubbed)
    return still is None or not still.names & missing.names


def _keep(shown: Shown, trusted: TrustedPaths) -> Step:
    """A failure that comes and goes on the same files is nobody's."""
    base, candidate = _readings(shown, trusted)
    step, both = _kept(shown, base, candidate), (f"before: {base.reason}", f"after: {candidate.reason}")
    return (_unsteady(shown, trusted, both) if step.verdict is Verdict.FAILED else None) or step


def _kept(shown: Shown, base: Reading, candidate: Reading) -> Step:
    """Green on the candidate, and on the base too or the base's failure is named; nothing that was green may be lost."""
    both = (f"before: {base.reason}", f"after: {candidate.reason}")
    canary = _canary(shown)
    fault = _fault(shown, candidate, canary, both)
    if fault is not None:
        return fault
    if candidate.colour is Colour.RED:
        step = _still_red(shown.base, shown.candidate, base.colour, both)
        return step if step.verdict is not Verdict.KEPT else _if_canary_held(step, canary)
    if base.colour is Colour.GREEN:
        return _if_canary_held(Step(Verdict.KEPT, both), canary)
    note = "it was red before and is green now" if base.colour is Colour.RED else "nothing to compare with"
    return _if_canary_held(Step(Verdict.KEPT, (note, *both)), canary)


def _fault(shown: Shown, candidate: Reading, canary: CanaryReading, both: tuple[str, str]) -> Step | None:
    """What spoils either kind of proof: a runner that does not listen, no evidence, a test that was green and is not."""
    if canary.state is CanaryState.SUBVERTED:
        return Step(Verdict.TAMPERED, (canary.reason, *both), canary.way_out)
    if candidate.colour is Colour.NO_EVIDENCE:
        return Step(Verdict.NO_EVIDENCE, (both[1], both[0]), "make the command run to its end in the environment")
    gone = lost(shown.base, shown.candidate)
    return Step(Verdict.FAILED, (f"green before, {lost_in_words(gone)}", *both)) if gone else None


def _still_red(base: Executed | None, candidate: Executed | None, before: Colour, both: tuple[str, str]) -> Step:
    """A keep command that is red on the candidate: blamed, unless every failure is named and stood before."""
    if before is not Colour.RED or candidate is None:
        return Step(Verdict.FAILED, (both[1], both[0]))
    if not failing(candidate) or not failing(base):
        way_out = "let the command name its tests (pytest does), or mend it on the base first"
        return Step(Verdict.NO_EVIDENCE, ("red before and after, and it does not say what failed", *both), way_out)
    if own_word(base) or own_word(candidate):
        reason = "red before and after, and only the command itself says that it is for the same tests"
        return Step(Verdict.NO_EVIDENCE, (reason, *both), _LOOK_INTO)
    fresh = newly_red(base, candidate)
    if fresh:
        return Step(Verdict.FAILED, (f"red now, and not before: {names_in_words(fresh)}", *both))
    return Step(Verdict.KEPT, (f"these failed before the change too: {names_in_words(failing(candidate))}", *both))


def _own_suite(own: Shown, base: Executed | None) -> Step:
    """The candidate with its own tests: nothing there may be red that was not red before."""
    if own.candidate is None:
        return Step(Verdict.NO_EVIDENCE, ("with the candidate's own tests it was not run",), "verify again")
    reading = colour(own.candidate, own.script, _NOTHING_TRUSTED)
    reason = f"with the candidate's own tests: {reading.reason}"
    if reading.colour is Colour.NO_EVIDENCE:
        return Step(Verdict.NO_EVIDENCE, (reason,), "make the command run to its end with the branch's own tests")
    if reading.colour is Colour.RED and own_word(own.candidate):
        return Step(Verdict.NO_EVIDENCE, (f"{reason}, and only the command itself says what failed",), _LOOK_INTO)
    if reading.colour is Colour.RED and (newly_red(base, own.candidate) or not failing(own.candidate)):
        return Step(Verdict.FAILED, (reason,))
    return Step(Verdict.KEPT, (reason,))


def _base_of(own: Shown, shown: Sequence[Shown]) -> Executed | None:
    return next((one.base for one in shown if one.script == own.script), None)


def _judged_before(shown: Shown, trusted: TrustedPaths) -> bool:
    return _readings(shown, trusted)[0].colour is not Colour.NO_EVIDENCE


def _readings(shown: Shown, trusted: TrustedPaths) -> tuple[Reading, Reading]:
    base = colour(shown.base, shown.script, trusted) if shown.base is not None else _NOT_RUN
    candidate = colour(shown.candidate, shown.script, trusted) if shown.candidate is not None else _NOT_RUN
    return base, candidate


def _canary(shown: Shown) -> CanaryReading:
    """Only a run that ended by itself and shows something that could count can be judged by its canary."""
    if shown.candidate is None or not needs_canary(shown.candidate):
        return CanaryReading(CanaryState.CANNOT_TELL, "nothing that could count", "verify again")
    return canary_holds(shown.candidate, shown.canary, shown.script)


def _if_canary_held(step: Step, canary: CanaryReading) -> Step:
    if canary.lets_count:
        return Step(step.verdict, (*step.reasons, canary.reason), step.way_out)
    verdict = Verdict.FLAKY if canary.state is CanaryState.UNSTEADY else Verdict.NO_EVIDENCE
    return Step(verdict, (canary.reason, *step.reasons), canary.way_out)
