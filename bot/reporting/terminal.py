"""The same words for a terminal: plain text, no Markdown; colours and layout belong to the command line."""

from bot.core.proofs.model import CriterionVerdict
from bot.core.proofs.scripts import first_line
from bot.core.runs import RunReport
from bot.reporting.evidence import failing_tests, how_it_ended
from bot.reporting.headline import headline
from bot.reporting.masking import Redactor
from bot.reporting.reasons import in_plain_text, say_before_and_after
from bot.reporting.sanitize import one_line
from bot.reporting.words import SIGNS, cost, duration

TEXT_CHARS = 60
COMMAND_CHARS = 90
NAME_CHARS = 100
REASON_CHARS = 140
"""Of a criterion's text, a command, a test's name or message, a reason: what fits a terminal's line or two."""

TESTS_SHOWN = 2
REASONS_SHOWN = 2
"""Of what failed: enough to know where to look; the check has all of it."""


def headline_line(report: RunReport, redactor: Redactor) -> str:
    """The run in one line."""
    line = headline(redactor.clean(report))
    return redactor.mask(f"{line.sign} {line.title}")


def verdict_lines(report: RunReport, redactor: Redactor) -> tuple[str, ...]:
    """`criterion_lines` of the report's verification."""
    return criterion_lines(report.verification.verdicts if report.verification else (), redactor)


def criterion_lines(verdicts: tuple[CriterionVerdict, ...], redactor: Redactor) -> tuple[str, ...]:
    """A line for each criterion in the spec's order, with an indented line for each command, reason and way out that matters."""
    return tuple(redactor.mask(line) for verdict in redactor.clean(verdicts) for line in _verdict(verdict))


def bill_line(report: RunReport) -> str:
    """Time and money."""
    return f"{duration(report.seconds)} · {cost(report.spent, report.budget)}"


def _verdict(verdict: CriterionVerdict) -> list[str]:
    """One line where it holds; where it does not, also each command, its first failing tests and the way out."""
    lines = [f"{SIGNS[verdict.verdict]} {verdict.name} {verdict.verdict.value}: {one_line(verdict.text, TEXT_CHARS)}"]
    reasons = () if verdict.verdict.done else verdict.reasons[:REASONS_SHOWN]
    for shown in verdict.shown:
        tests = failing_tests(shown.candidate)
        lines.append(f"    $ {one_line(shown.script, COMMAND_CHARS)}")
        if not say_before_and_after(reasons, first_line(shown.script) if len(verdict.shown) > 1 else ""):
            lines.append(f"      before: {how_it_ended(shown.base)} -> after: {how_it_ended(shown.candidate)}")
        if not verdict.verdict.done:
            lines += [
                f"      {one_line(t.name, NAME_CHARS)}: {one_line(t.message, NAME_CHARS)}" for t in tests[:TESTS_SHOWN]
            ]
            lines += [f"      and {len(tests) - TESTS_SHOWN} more"] if len(tests) > TESTS_SHOWN else []
    if verdict.note and not any(verdict.note in reason for reason in reasons):
        lines.append(f"    {one_line(in_plain_text([verdict.note])[0], REASON_CHARS)}")
    if not verdict.verdict.done:
        lines += [f"    {one_line(reason, REASON_CHARS)}" for reason in in_plain_text(reasons)]
        lines += [f"    way out: {one_line(verdict.way_out, REASON_CHARS)}"] if verdict.way_out else []
    return lines
