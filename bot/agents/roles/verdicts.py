"""Verdicts as an agent reads them. All of it is material: names, reasons and outputs quote what strangers wrote."""

from collections.abc import Sequence

from bot.agents.material import material, one_line
from bot.agents.tools.output import head_and_tail
from bot.core.proofs.model import CriterionVerdict, Executed, Shown, TamperFinding, TamperWeight
from bot.core.reviews.rows import is_row

OUTPUT_CHARACTERS = 6_000
"""Of each failing command: a test run's summary and first failures."""

VERDICT_CHARACTERS = 20_000
"""Of one criterion with all its commands; a list of verdicts or findings needs less."""


def describe_verdict(verdict: CriterionVerdict) -> str:
    """One criterion that does not hold: why, and what its commands printed on the candidate."""
    # A criterion's words stand in the spec, those of a reviewer's finding nowhere else.
    found = [one_line(verdict.text, 2_000)] if is_row(verdict.name) else []
    reasons = [*found, *(f"- {one_line(reason, 500)}" for reason in verdict.reasons)]
    commands = [_command(shown) for shown in verdict.shown]
    title = f"criterion {verdict.name}: {verdict.verdict.value}"
    return material(title, "\n".join([*reasons, *commands]) or "(no reason was given)", VERDICT_CHARACTERS)


def _command(shown: Shown) -> str:
    script = f"command:\n{shown.script.strip()}"
    if shown.candidate is None:
        return f"{script}\nIt was not run on your work."
    output = head_and_tail(shown.candidate.output.strip() or "(no output)", OUTPUT_CHARACTERS)
    return f"{script}\non your work: {_ending(shown.candidate)}\noutput:\n{output}"


def _ending(executed: Executed) -> str:
    if executed.broken:
        return f"the sandbox failed: {one_line(executed.broken)}"
    if executed.stopped_by:
        return f"stopped: {executed.stopped_by.value}"
    return "ended by a signal" if executed.exit_code is None else f"exit status {executed.exit_code}"


def describe_tampering(findings: Sequence[TamperFinding]) -> str:
    """Changes that make a proof worthless or wait for a person's word, one a line; "" when there are none."""
    may_not = [found for found in findings if found.weight is TamperWeight.HARD or found.waits]
    lines = [f"- {one_line(f.path)}: {one_line(f.message, 500)}" for f in may_not]
    return material("changes that may not be made", "\n".join(lines), VERDICT_CHARACTERS) if lines else ""


def one_line_each(verdicts: Sequence[CriterionVerdict]) -> str:
    """A short list for the reviewer; "" when there are none."""
    lines = [f"- {one_line(v.name)}: {v.verdict.value}" for v in verdicts]
    return material("verdicts", "\n".join(lines), VERDICT_CHARACTERS) if lines else ""
