"""An execution: which command runs on which tree, and what came of it as a value that is worth keeping."""

import hashlib
from collections.abc import Iterable, Mapping

from bot.core.codec import canonical
from bot.core.ports.sandbox import BoxResult
from bot.core.proofs.missing import IN_JAVASCRIPT
from bot.core.proofs.model import Executed, Execution, Harness, TestResult
from bot.core.proofs.reports import parse_report, worse
from bot.core.proofs.runners.registry import canary_script, runner_variables, told_by_command, told_by_output
from bot.core.visible import visible_bytes
from bot.ids import Digest, TreeSha

KEY_VERSION = 5
"""Part of every key. Raised when an execution comes to mean something else (another shell, another harness), so that no result
from before is taken for one of now."""

STUBS = "SPECBOT_STUBS"
"""The variable that tells the harness which names get a stand-in, and of which kind."""

JS_STUBS = "SPECBOT_JS_STUBS"
"""The same for JavaScript, one a line: a module's path may hold spaces."""

OUTPUT_HEAD = 8_000
"""Characters kept of an output's beginning: what was run and how it started."""

OUTPUT_TAIL = 24_000
"""Characters kept of an output's end: failures and summaries stand there. Head and tail of three commands fit a check's text."""


def execution(
    tree: TreeSha,
    script: str,
    environment: Digest,
    harness: Harness,
    *,
    stubs: tuple[str, ...] = (),
    again: int = 0,
) -> Execution:
    """The execution of a script on a tree; equal arguments give an equal key, and any difference another one."""
    content = {
        "v": KEY_VERSION,
        "tree": tree,
        "script": script,
        "environment": environment,
        "harness": harness.value,
        "stubs": list(stubs),
        "again": again,
    }
    key = Digest(hashlib.sha256(canonical(content).encode("ascii")).hexdigest())
    return Execution(tree, script, environment, harness, key, stubs, again)


def argv(execution: Execution) -> tuple[str, ...]:
    """What the box starts. The canary's shell fails when any part of a pipe fails: a planted failure must not end in a `| tail`."""
    if execution.harness is Harness.CANARY:
        return ("/bin/bash", "-c", "set -o pipefail\n" + canary_script(execution.script))
    return ("/bin/sh", "-c", execution.script)


def variables(execution: Execution) -> dict[str, str]:
    """What the box's command needs in its environment besides the harness's own: what makes its runners name their tests, and the names
    that get a stand-in."""
    added = runner_variables(execution.script)
    if not execution.stubs:
        return added
    kind, *names = execution.stubs
    if names and all(name.startswith(IN_JAVASCRIPT) for name in names):
        return {**added, JS_STUBS: "\n".join((kind, *(name.removeprefix(IN_JAVASCRIPT) for name in names)))}
    return {**added, STUBS: " ".join(execution.stubs)}


def executed(execution: Execution, result: BoxResult, files: Mapping[str, bytes] | None = None) -> Executed:
    """What an execution showed, from what the box gave back; `files` are the report files that the command wrote, by path.

    The output, the report and the files are hostile; this never raises.
    """
    report = parse_report(result.report)
    whole, output = result.output_bytes <= len(result.output), visible_bytes(result.output)
    said = list(told_by_output(execution.script, output, whole=whole))
    if not said and not report.sessions:
        said = list(told_by_command(output, files or {}, whole=whole))
    named = [*([report.tests] if report.tests is not None else []), *(one.tests for one in said)]
    return Executed(
        key=execution.key,
        exit_code=result.exit_code,
        stopped_by=result.stopped_by,
        output=_head_and_tail(output),
        output_digest=result.output_digest,
        seconds=result.seconds,
        tests=_together(named) if named else None,
        python_started=report.python_started,
        broken=result.broken,
        sessions=report.sessions + tuple(session for one in said for session in one.sessions),
        python_cut_short=report.python_cut_short,
        left=report.left,
        nodes_started=report.nodes_started,
        nodes_cut_short=report.nodes_cut_short,
    )


def _together(named: Iterable[tuple[TestResult, ...]]) -> tuple[TestResult, ...]:
    """The tests of several runners, sorted by name; of one name the worst stands."""
    merged: dict[str, TestResult] = {}
    for test in (test for tests in named for test in tests):
        if test.name not in merged or worse(test.outcome, merged[test.name].outcome):
            merged[test.name] = test
    return tuple(merged[name] for name in sorted(merged))


def _head_and_tail(text: str) -> str:
    if len(text) <= OUTPUT_HEAD + OUTPUT_TAIL:
        return text
    left_out = len(text) - OUTPUT_HEAD - OUTPUT_TAIL
    return f"{text[:OUTPUT_HEAD]}\n[… {left_out:,} characters left out …]\n{text[-OUTPUT_TAIL:]}"
