"""What the base demands, run on the base exactly as it is: with its own tests, and not with those that the head laid over both trees.

A test that the head takes out or empties is missing on both sides of a proof, so nothing would be lost there. The base's own run remembers it. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.proofs.colours import colour
from bot.core.proofs.comparison import lost, lost_in_words
from bot.core.proofs.model import Colour, CriterionVerdict, Executed, Shown, Verdict
from bot.core.proofs.trusted import TrustedPaths
from bot.core.specs.naming import bare

WAY_OUT = (
    "put it back, or name the files under `removes:` in the spec, or say why it may go: `/specbot waive {name} REASON`"
)


def as_it_stood(
    verdict: CriterionVerdict, shown: Sequence[Shown], trusted: TrustedPaths, removed: Collection[str] = ()
) -> CriterionVerdict:
    """The verdict, open for a person where something was green on the base as it stands there and is not any more. `removed` are files that are
    meant to go: their tests may be missing, but what is green may not become red for them."""
    if verdict.verdict not in (Verdict.KEPT, Verdict.NO_EVIDENCE):
        return verdict
    reasons = [reason for one in shown if one.stood and (reason := _less(one, one.stood, trusted, removed))]
    if not reasons:
        return verdict
    way_out = WAY_OUT.format(name=bare(verdict.name))
    return replace(verdict, verdict=Verdict.UNPROVEN, reasons=(*reasons, *verdict.reasons), way_out=way_out)


def _less(shown: Shown, stood: Executed, trusted: TrustedPaths, removed: Collection[str]) -> str:
    """What the base's own run shows and the candidate does not, in words; "" when that is nothing."""
    if shown.candidate is None:
        return ""
    before, after = (colour(one, shown.script, trusted) for one in (stood, shown.candidate))
    if before.colour is Colour.GREEN and after.colour is Colour.RED and not _fails_anew(stood, shown.candidate):
        return f"green on the base with the base's own tests, and not here: {after.reason}"
    if after.colour is not Colour.GREEN:
        return ""
    missing = {name: word for name, word in lost(stood, shown.candidate).items() if not _of(name, stood, removed)}
    return f"green on the base with the base's own tests, {lost_in_words(missing)}" if missing else ""


def _fails_anew(stood: Executed, candidate: Executed) -> bool:
    """Red by other tests alone: all that was green still is, so a test that came with the head is what fails."""
    return bool(stood.tests) and not lost(stood, candidate)


def _of(name: str, stood: Executed, files: Collection[str]) -> bool:
    """Whether the test of this name stands in one of these files, as far as the runner says."""
    paths = {test.path for test in stood.tests or () if test.name == name}
    modules = [file.rpartition(".")[0].replace("/", ".") for file in files]
    return (
        not paths.isdisjoint(files)
        or any(name.startswith(f"{file}::") for file in files)
        or any(name.startswith(f"{module}.") for module in modules)
    )
