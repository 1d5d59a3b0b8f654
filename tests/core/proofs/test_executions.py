"""What is run, and what is kept of it."""

from bot.core.ports.sandbox import BoxResult
from bot.core.proofs.executions import OUTPUT_HEAD, OUTPUT_TAIL, argv, executed, execution
from bot.core.proofs.model import Harness, Session, StoppedBy
from bot.ids import TreeSha
from tests.core.proofs.builders import digest

TREE = TreeSha("a" * 40)
ENVIRONMENT = digest("environment")


def test_the_key_covers_everything_that_matters() -> None:
    one = execution(TREE, "pytest", ENVIRONMENT, Harness.REPORT)
    others = [
        execution(TreeSha("b" * 40), "pytest", ENVIRONMENT, Harness.REPORT),
        execution(TREE, "pytest ", ENVIRONMENT, Harness.REPORT),
        execution(TREE, "pytest", digest("other"), Harness.REPORT),
        execution(TREE, "pytest", ENVIRONMENT, Harness.CANARY),
    ]
    assert one == execution(TREE, "pytest", ENVIRONMENT, Harness.REPORT)
    assert len({one.key, *(other.key for other in others)}) == 5


def test_the_shells() -> None:
    script = "pytest -q | tail -3"
    assert argv(execution(TREE, script, ENVIRONMENT, Harness.REPORT)) == ("/bin/sh", "-c", script)
    assert argv(execution(TREE, script, ENVIRONMENT, Harness.CANARY)) == (
        "/bin/bash",
        "-c",
        "set -o pipefail\n" + script,
    )


def test_what_a_box_gave_back_is_kept_clean_and_short() -> None:
    output = b"\x1b[31mred\x1b[0m\x00\xff" + b"x" * 100_000 + b"the end"
    line = b'{"kind": "session", "session": "1", "root": "/ws"}\n'
    result = BoxResult(1, StoppedBy.NOTHING, output, len(output), digest("all of it"), 1.5, line, "")
    one = execution(TREE, "pytest", ENVIRONMENT, Harness.REPORT)
    kept = executed(one, result)
    assert (kept.key, kept.exit_code, kept.output_digest, kept.seconds) == (one.key, 1, digest("all of it"), 1.5)
    assert kept.sessions == (Session(None, 0),)
    assert kept.tests == ()
    assert kept.output.startswith("red\ufffdxxx")
    assert kept.output.endswith("the end")
    assert "\x1b" not in kept.output
    assert "characters left out" in kept.output
    assert len(kept.output) < OUTPUT_HEAD + OUTPUT_TAIL + 100


def test_a_short_output_is_kept_whole() -> None:
    result = BoxResult(0, StoppedBy.NOTHING, b"fine\n", 5, digest("fine\n"), 0.1)
    kept = executed(execution(TREE, "true", ENVIRONMENT, Harness.REPORT), result)
    assert (kept.output, kept.tests, kept.sessions, kept.python_started) == ("fine\n", None, (), 0)
