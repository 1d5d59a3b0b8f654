"""Verdicts as an agent reads them."""

from collections.abc import Sequence

from bot.agents.material import material, one_line
from bot.core.proofs.model import CriterionVerdict, Executed, Shown, TamperFinding

OUTPUT_CHARACTERS = 6_000
"""Of each failing command: a test run's summary and first failures."""


def describe_verdict(verdict: CriterionVerdict) -> str:
    """One criterion that does not hold: why, and what its commands printed on the candidate."""
    lines = [f"## {one_line(verdict.name)}: {verdict.verdict.value}", ""]
    lines += [f"- {one_line(reason, 500)}" for reason in verdict.reasons]
    lines += [_command(shown) for shown in verdict.shown]
    return "\n".join(lines)


def _command(shown: Shown) -> str:
    script = material("command", shown.script, OUTPUT_CHARACTERS)
    if shown.candidate is None:
        return f"\n{script}\nIt was not run on your work."
    return f"\n{script}\nOn your work: {_ending(shown.candidate)}\n{material('output', shown.candidate.output, OUTPUT_CHARACTERS)}"


def _ending(executed: Executed) -> str:
    if executed.broken:
        return f"the sandbox failed: {one_line(executed.broken)}"
    if executed.stopped_by:
        return f"stopped: {executed.stopped_by.value}"
    return "ended by a signal" if executed.exit_code is None else f"exit status {executed.exit_code}"


def describe_tampering(findings: Sequence[TamperFinding]) -> str:
    """Changes that make a proof worthless, one a line; "" when there are none."""
    lines = [f"- {one_line(f.path)}: {one_line(f.message, 500)}" for f in findings]
    return "\n".join(["## Changes that may not be made", "", *lines]) if lines else ""


def one_line_each(verdicts: Sequence[CriterionVerdict]) -> str:
    """A short list for the reviewer; "" when there are none."""
    return "\n".join(f"- {one_line(v.name)}: {v.verdict.value}" for v in verdicts)
