"""`specbot lint`: check spec files, here and now; mend what is safe to mend; explain the rules."""

import gc
import importlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from bot.core.specs.model import Finding, Reading, Severity
from bot.local_lint import Bench, Mended
from bot.reporting.line_diff import as_seen, line_diff
from bot.reporting.lint import lint_lines, lint_summary, mended_lines
from bot.reporting.masking import Redactor

COLLECT_AFTER = 20_000
"""Objects between two rounds of Python's garbage collector. Reading specs makes no circles of objects: the memory is the same, and with Python's 700 a
twentieth of the time goes into looking for them."""


@click.command(name="lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, and say what is left.")
@click.option("--diff", is_flag=True, help="With --fix: show what would be mended, and write nothing.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--hook", is_flag=True, help="A tool names the files: leave out those that are no spec.")
@click.option("-v", "--verbose", is_flag=True, help="Say so when there is nothing to say.")
@click.option("--explain", metavar="RULE", help="Print a rule's page (SB103), or the list of rules (all).")
@click.option("--rules", is_flag=True, help="List the rules.")
def command(
    paths: tuple[Path, ...],
    *,
    as_json: bool,
    fix: bool,
    diff: bool,
    strict: bool,
    hook: bool,
    verbose: bool,
    explain: str | None,
    rules: bool,
) -> None:
    """Check specs: the files and folders named, or all of this repository.

    Silent where there is nothing to say. Exit status 1 when a finding is an error, 2 when the call itself is wrong.
    """
    if rules or explain is not None:
        # Loaded when it is asked for: what draws pages takes as long to load as a repository of specs to lint.
        importlib.import_module("bot.commands.rule_page").show(explain or "all")
        return
    if diff and (as_json or not fix):
        raise click.UsageError("--diff goes with --fix, and without --json")
    gc.set_threshold(COLLECT_AFTER)
    bench = Bench.at(Path.cwd())
    chosen = bench.choose(paths, by_tool=hook)
    for path in chosen.gone:
        click.echo(f"specbot: {path} is not there and was left out", err=True)
    if not fix:
        readings = bench.lint(chosen.places)
        told = _as_json(readings) if as_json else _as_text(readings)
    else:
        mended = [bench.mend(place) for place in chosen.places]
        if diff:
            _show(mended)
            sys.exit(_status([one.before for one in mended], strict))
        for one in mended:
            bench.write(one)
        readings = [one.after for one in mended]
        told = _as_json(readings, mended) if as_json else _as_text(readings, mended)
    if told:
        click.echo(told)
    elif verbose or sys.stderr.isatty():
        click.echo(lint_summary(readings), err=True)
    sys.exit(_status(readings, strict))


def _status(readings: Iterable[Reading], strict: bool) -> int:
    fatal = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return int(any(finding.severity in fatal for reading in readings for finding in reading.findings))


def _as_text(readings: Sequence[Reading], mended: Sequence[Mended] = ()) -> str:
    """Empty where there is nothing to say."""
    done = [finding for one in mended for finding in one.mending.mended]
    lines = [*mended_lines(done, Redactor()), *lint_lines(readings, Redactor())]
    return "\n".join([*lines, lint_summary(readings, len(done))]) if lines else ""


def _as_json(readings: Sequence[Reading], mended: Sequence[Mended] = ()) -> str:
    told: list[dict[str, object]] = [
        {"path": reading.path, "findings": [_finding(finding) for finding in reading.findings]} for reading in readings
    ]
    for entry, one in zip(told, mended, strict=False):
        entry["mended"] = [_finding(finding) for finding in one.mending.mended]
    return json.dumps(told, indent=1)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.position.path,
        "line": finding.position.line,
        "column": finding.position.column,
        "end_line": finding.position.end_line,
        "message": finding.message,
        "hint": finding.hint,
        "fixable": finding.fix is not None,
    }


def _show(mended: Iterable[Mended]) -> None:
    """The diff: as it is for a pipe, with everything seen on a terminal."""
    pairs = [(path, one.files[path], data) for one in mended for path, data in sorted(one.mending.files.items())]
    diff = b"".join(line_diff(*pair) for pair in pairs)
    click.echo(as_seen(diff) if sys.stdout.isatty() else diff, nl=False)
