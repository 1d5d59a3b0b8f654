"""What was executed for a criterion, for people: a table of all, and each with its commands and outputs."""

from bot.core.proofs.canary import CanaryState, canary_holds
from bot.core.proofs.model import (
    CriterionVerdict,
    Executed,
    Shown,
    StoppedBy,
    TamperFinding,
    TamperWeight,
    TestOutcome,
    TestResult,
)
from bot.core.proofs.scripts import first_line
from bot.core.reviews.rows import is_row
from bot.core.runs import RunReport
from bot.reporting.counting import count
from bot.reporting.cut import head_and_tail
from bot.reporting.headline import capital, label, prose_label
from bot.reporting.limits import OUTPUT_BYTES
from bot.reporting.reasons import in_order_of_time, say_before_and_after
from bot.reporting.sanitize import cell, cell_code, code, details, fence, inline, summary_html
from bot.reporting.ways_out import way_out
from bot.reporting.words import KINDS, SIGNS

DONE_OUTPUT_BYTES = 1_500
"""Ours: of a criterion that holds, the last words of its command are enough; the room belongs to what does not."""

FAILED_TESTS = 20
"""Ours: named tests listed for one command; after the 20th the list says no more than its number."""

PUT_BACK_SHOWN = 20
"""Ours: paths listed that were put back; an agent that runs wild may leave thousands."""

CANARIES = {
    CanaryState.HOLDS: "canary held",
    CanaryState.NOT_APPLICABLE: "no canary (not Python)",
    CanaryState.SUBVERTED: "**canary not noticed**",
    CanaryState.UNSTEADY: "canary: two runs disagree",
    CanaryState.CANNOT_TELL: "canary: cannot tell",
}
"""Whether a failure that was planted in the same run was noticed."""

STOPPED = {
    StoppedBy.TIME: "timed out",
    StoppedBy.MEMORY: "out of memory",
    StoppedBy.OUTPUT: "too much output",
    StoppedBy.DISK: "disk full",
}


def table(verdicts: tuple[CriterionVerdict, ...], report: RunReport) -> str:
    """Criterion, verdict, proof; the order of the spec. While the run is live, what is not done is open and not yet failed."""
    rows = [f"| {_criterion(v, report)} | {_verdict(v, report)} | {_proof(v)} |" for v in verdicts]
    return "\n".join(["| criterion | verdict | proof |", "| --- | --- | --- |", *rows])


def tampering(findings: tuple[TamperFinding, ...]) -> str:
    """What in the diff makes proofs worthless or doubtful, "" when there is nothing."""
    if not findings:
        return ""
    rows = [_tampered(found) for found in sorted(findings, key=_worst_first)]
    return "\n".join(["**The change touches what proofs stand on**", "", *rows])


def _worst_first(found: TamperFinding) -> int:
    return 0 if found.weight is TamperWeight.HARD else 1 if found.waits else 2


def _tampered(found: TamperFinding) -> str:
    sign = {TamperWeight.HARD: "⛔", TamperWeight.NOTE: "ℹ️"}.get(found.weight, "❔" if found.waits else "☑️")
    allowed = f" ({inline(found.allowed, 500)})" if found.allowed else ""
    return f"- {sign} `{found.rule}` {code(place(found))}: {inline(found.message, 500)}{allowed}"


def place(found: TamperFinding) -> str:
    """`tests/test_a.py:12`, and where that line is one of the starting head, that too."""
    if not found.line:
        return found.path
    return f"{found.path}:{found.line}{' before' if found.before else ''}"


def put_back(report: RunReport) -> str:
    """What agents changed and may not change, "" when there is nothing: it is no part of the work, and nobody has to look for it there."""
    if not report.put_back:
        return ""
    return f"**{put_back_title(report)}**\n\n{put_back_list(report)}"


def put_back_title(report: RunReport) -> str:
    """How much was put back, as a heading."""
    paths = len({one.partition(": ")[0] for one in report.put_back})
    return f"{count(paths, 'path')} of the agent's work {'was' if paths == 1 else 'were'} put back"


def put_back_list(report: RunReport) -> str:
    """Each path with the reason, the first ones."""
    rows = [_put_back(one) for one in report.put_back[:PUT_BACK_SHOWN]]
    more = len(report.put_back) - len(rows)
    return "\n".join([*rows, f"- … and {more:,} more"] if more else rows)


def _put_back(one: str) -> str:
    path, _, reason = one.partition(": ")
    return f"- {code(path)}: {inline(reason, 500)}" if reason else f"- {code(path)}"


def worst_first(verdicts: tuple[CriterionVerdict, ...]) -> tuple[CriterionVerdict, ...]:
    """Failed and tampered, then open, then done; within that the order of the spec."""
    return tuple(sorted(verdicts, key=lambda v: (v.verdict.done, not v.verdict.bad)))


def account(verdict: CriterionVerdict, report: RunReport) -> str:
    """All about one criterion, folded; open when it failed."""
    summary = (
        f"{SIGNS[verdict.verdict]} <b>{summary_html(label(verdict.name, report))}</b> {verdict.verdict.value}: "
        f"{summary_html(verdict.text)}"
    )
    kind = "shown by a reviewer" if is_row(verdict.name) else KINDS[verdict.kind]
    body = [f"*{kind}* · {code(f'{verdict.position.path}:{verdict.position.line}')}"]
    body += [f"- {inline(reason, 2000)}" for reason in in_order_of_time(verdict.reasons)]
    if verdict.way_out:
        body.append(f"\nWay out: {inline(way_out(verdict, report), 2000)}")
    room = DONE_OUTPUT_BYTES if verdict.verdict.done else OUTPUT_BYTES
    body += [_command(shown, _reading(shown, verdict), room, done=verdict.verdict.done) for shown in verdict.shown]
    return details(summary, "\n".join(body), opened=verdict.verdict.bad)


def how_it_ended(executed: Executed | None) -> str:
    """`exit 1, 5 of 16 tests failed`, `timed out`, `not run`."""
    if executed is None:
        return "not run"
    if executed.broken:
        return "the box failed"
    if executed.stopped_by is not StoppedBy.NOTHING:
        return STOPPED[executed.stopped_by]
    words = "killed by a signal" if executed.exit_code is None else f"exit {executed.exit_code}"
    return f"{words}, {_tests(executed.tests)}" if executed.tests is not None else words


def failing_tests(executed: Executed | None) -> tuple[TestResult, ...]:
    """The named tests that failed or could not run."""
    tests = executed.tests if executed and executed.tests else ()
    return tuple(t for t in tests if t.outcome in (TestOutcome.FAILED, TestOutcome.ERROR))


def _tests(tests: tuple[TestResult, ...]) -> str:
    if not tests:
        return "no test was found"
    failed = sum(t.outcome in (TestOutcome.FAILED, TestOutcome.ERROR) for t in tests)
    skipped = sum(t.outcome is TestOutcome.SKIPPED for t in tests)
    words = f"{failed} of {count(len(tests), 'test')} failed" if failed else f"{len(tests) - skipped} passed"
    return f"{words}, {skipped} skipped" if skipped else words


def _criterion(verdict: CriterionVerdict, report: RunReport) -> str:
    return f"**{prose_label(verdict.name, report)}** {cell(verdict.text, 90)}"


def _verdict(verdict: CriterionVerdict, report: RunReport) -> str:
    if report.run.state.live and not verdict.verdict.done:
        return "⏳&nbsp;open"
    return f"{SIGNS[verdict.verdict]}&nbsp;{verdict.verdict.value}"


def _proof(verdict: CriterionVerdict) -> str:
    if not verdict.shown:
        return cell(verdict.reasons[0]) if verdict.reasons else "nothing was executed"
    shown = [f"{cell_code(_first_line(s.script), 70)}<br>{_before_and_after(s)}" for s in verdict.shown]
    return "<br>".join([*shown, *([f"*{cell(verdict.note)}*"] if verdict.note else [])])


def _before_and_after(shown: Shown) -> str:
    """What the criterion rests on: the command on the base, on the work, and whether the run was listening."""
    if _own_tests(shown):
        return f"with the branch's own tests: {how_it_ended(shown.candidate)}"
    words = f"before: {how_it_ended(shown.base)} → after: {how_it_ended(shown.candidate)}"
    return " · ".join(part for part in (words, _canary(shown)) if part)


def _own_tests(shown: Shown) -> bool:
    return shown.base is None and shown.canary is None and shown.candidate is not None


def _canary(shown: Shown) -> str:
    if shown.candidate is None or (shown.canary is None and shown.candidate.exit_code != 0):
        return ""
    return CANARIES[canary_holds(shown.candidate, shown.canary, shown.script).state]


def _reading(shown: Shown, verdict: CriterionVerdict) -> str:
    """What stands under a command: what it came to, or only what the verdict's reasons do not say already."""
    command = first_line(shown.script) if len(verdict.shown) > 1 else ""
    if _own_tests(shown) or not say_before_and_after(verdict.reasons, command):
        return _before_and_after(shown)
    heard = _canary(shown)
    return f"{capital(heard)}." if heard and not any("canary" in reason for reason in verdict.reasons) else ""


def _command(shown: Shown, reading: str, room: int, *, done: bool) -> str:
    parts = ["", fence(head_and_tail(shown.script, OUTPUT_BYTES), "sh"), *([reading] if reading else [])]
    failing = () if done else failing_tests(shown.candidate)
    parts += [f"- {code(t.name)}: {inline(t.message, 300)}".rstrip(": ") for t in failing[:FAILED_TESTS]]
    if len(failing) > FAILED_TESTS:
        parts.append(f"- … and {len(failing) - FAILED_TESTS} more")
    for when, executed in (("After", shown.candidate), ("Before", shown.base)):
        if executed is None or (done and when == "Before"):
            continue
        output = executed.broken or executed.output
        words = f"{when}, {how_it_ended(executed)}, {executed.seconds:.1f} s"
        parts += ["", f"{words}:", "", fence(head_and_tail(output, room) if output.strip() else "(no output)", "text")]
    return "\n".join(parts)


def _first_line(script: str) -> str:
    lines = script.strip().splitlines()
    return f"{lines[0]} …" if len(lines) > 1 else "".join(lines)
