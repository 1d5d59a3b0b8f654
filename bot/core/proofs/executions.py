"""An execution: which command runs on which tree, and what came of it as a value that is worth keeping."""

import hashlib

from bot.core.codec import canonical
from bot.core.ports.sandbox import BoxResult
from bot.core.proofs.model import Executed, Execution, Harness
from bot.core.proofs.reports import parse_report
from bot.core.visible import visible_bytes
from bot.ids import Digest, TreeSha

KEY_VERSION = 3
"""Part of every key. Raised when an execution comes to mean something else (another shell, another harness), so that no result
from before is taken for one of now."""

OUTPUT_HEAD = 8_000
"""Characters kept of an output's beginning: what was run and how it started."""

OUTPUT_TAIL = 24_000
"""Characters kept of an output's end: failures and summaries stand there. Head and tail of three commands fit a check's text."""


def execution(tree: TreeSha, script: str, environment: Digest, harness: Harness) -> Execution:
    """The execution of a script on a tree; equal arguments give an equal key, and any difference another one."""
    content = {
        "v": KEY_VERSION,
        "tree": tree,
        "script": script,
        "environment": environment,
        "harness": harness.value,
    }
    key = Digest(hashlib.sha256(canonical(content).encode("ascii")).hexdigest())
    return Execution(tree, script, environment, harness, key)


def argv(execution: Execution) -> tuple[str, ...]:
    """What the box starts. The canary's shell fails when any part of a pipe fails: a planted failure must not end in a `| tail`."""
    if execution.harness is Harness.CANARY:
        return ("/bin/bash", "-c", "set -o pipefail\n" + execution.script)
    return ("/bin/sh", "-c", execution.script)


def executed(execution: Execution, result: BoxResult) -> Executed:
    """What an execution showed, from what the box gave back. The output and the report are hostile; this never raises."""
    report = parse_report(result.report)
    return Executed(
        key=execution.key,
        exit_code=result.exit_code,
        stopped_by=result.stopped_by,
        output=_head_and_tail(visible_bytes(result.output)),
        output_digest=result.output_digest,
        seconds=result.seconds,
        tests=report.tests,
        python_started=report.python_started,
        broken=result.broken,
        sessions=report.sessions,
        python_cut_short=report.python_cut_short,
        left=report.left,
    )


def _head_and_tail(text: str) -> str:
    if len(text) <= OUTPUT_HEAD + OUTPUT_TAIL:
        return text
    left_out = len(text) - OUTPUT_HEAD - OUTPUT_TAIL
    return f"{text[:OUTPUT_HEAD]}\n[… {left_out:,} characters left out …]\n{text[-OUTPUT_TAIL:]}"
