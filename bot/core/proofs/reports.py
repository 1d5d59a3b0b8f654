"""The harness's report -> named tests. The format is `bot/adapters/sandbox/harness/FORMAT.md`; every byte of a report is hostile.

Code under test can write lines of its own into it. So nothing here decides anything: a report is only believed as far as the
exit status and the canary agree with it (`colours`, `canary`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.core.proofs.model import Left, Session, TestOutcome, TestResult
from bot.core.visible import visible

REPORT_BYTES = 1 << 20
"""The harness caps its report at 1 MiB; more is not its own."""

LINES = 50_000
"""Lines looked at: an honest line has more than 20 bytes, so 1 MiB holds no more."""

TESTS = 20_000
"""Named tests kept of one report: twice what 1 MiB of honest lines can hold."""

SESSIONS = 100
"""Runner sessions kept of one report; a command that starts more is no test run."""

NAME_LENGTH = 500
"""Characters of a test's name; parametrised names get long, but a table has to show them."""

MESSAGE_LENGTH = 1_000
"""Characters of a failure's words, as FORMAT.md promises."""

CANARY_PREFIX = "specbot::canary_"
"""How the planted test's name begins; no node id of a real file can begin so."""

CHECKOUT = "/ws"
"""Where the checkout lies in the box: names are made relative to it."""

PYTEST = "pytest"
"""The runner of a session that names none: the first one that the harness knew."""

RUNNERS = (PYTEST, "unittest", "node", "jest")
"""The runners that report through the harness; a session of another name is nobody's."""

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,16}")
_WORST_FIRST = (TestOutcome.ERROR, TestOutcome.FAILED, TestOutcome.SKIPPED, TestOutcome.PASSED)


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says. `tests` is None when no runner reported; the planted test is in `sessions`, never in `tests`."""

    tests: tuple[TestResult, ...] | None
    sessions: tuple[Session, ...]
    python_started: int
    python_cut_short: int
    left: tuple[Left, ...] = ()
    nodes_started: int = 0
    nodes_cut_short: int = 0


@dataclass(slots=True)
class _Session:
    """A session while its lines are read. `prefix` is the root's place below the checkout."""

    prefix: str
    runner: str = PYTEST
    tests: dict[str, TestResult] = field(default_factory=dict)
    exit_status: int | None = None
    collected: int = 0
    canaries: dict[str, TestOutcome | None] = field(default_factory=dict)

    def session(self) -> Session:
        states = list(self.canaries.values())
        failed = bool(states) and all(state in (TestOutcome.FAILED, TestOutcome.ERROR) for state in states)
        return Session(self.exit_status, self.collected, failed, self.runner, TestOutcome.PASSED in states)


def parse_report(data: bytes) -> Report:
    """Read a report. Whatever is not understood is left out; never raises. Tests are sorted by name; of one name in several
    sessions the worst outcome stands."""
    sessions: dict[str, _Session] = {}
    started, running = 0, Counter[int | None]()
    nodes_started, nodes = 0, Counter[int | None]()
    left: dict[Left, None] = {}
    for line in _lines(data[:REPORT_BYTES]):
        kind, session = line.get("kind"), sessions.get(_text(line, "session", 100))
        if kind == "python":
            started += 1
            running[_number(line, "pid")] += 1 if _number(line, "depth") == 0 else 0
        elif kind == "main" and line.get("end") == "exit" and line.get("status") == 0 and _shown(line, "through"):
            left[Left(*(_shown(line, key) for key in ("main", "through")))] = None
        elif kind == "exit":
            running[_number(line, "pid")] -= 1
        elif kind in ("node", "node-exit"):
            nodes_started += kind == "node"
            nodes[_number(line, "pid")] += (1 if kind == "node" else -1) if _number(line, "depth") == 0 else 0
        elif kind == "session" and session is None and len(sessions) < SESSIONS:
            runner = _text(line, "runner", 20) or PYTEST
            if runner in RUNNERS:
                sessions[_text(line, "session", 100)] = _Session(_prefix(_text(line, "root", 1_000)), runner)
        elif kind == "test" and session is not None:
            _add_test(session, line)
        elif kind == "end" and session is not None:
            session.exit_status, session.collected = _number(line, "exit"), _number(line, "collected") or 0
    return Report(
        tests=_merged(sessions) if sessions else None,
        sessions=tuple(one.session() for one in sessions.values()),
        python_started=started,
        python_cut_short=_unended(running),
        left=tuple(left)[:SESSIONS],
        nodes_started=nodes_started,
        nodes_cut_short=_unended(nodes),
    )


def worse(outcome: TestOutcome, than: TestOutcome) -> bool:
    """Whether `outcome` says worse of a test than another one does."""
    return _WORST_FIRST.index(outcome) < _WORST_FIRST.index(than)


def _unended(running: Counter[int | None]) -> int:
    """Starts without an end; an end without a start is forged and forgives nothing."""
    return sum(count for count in running.values() if count > 0)


def normalised(name: str) -> str:
    """A test's name as it is the same on every run: visible, on one line, without memory addresses, capped in length."""
    text = " ".join(visible(name).split()).removeprefix("./")
    return _ADDRESS.sub("0x…", text)[:NAME_LENGTH]


def _lines(data: bytes) -> Iterator[Mapping[str, object]]:
    """Whole lines that are JSON objects; the last one only when its line end is there."""
    for raw in data.split(b"\n")[:-1][:LINES]:
        if not raw.startswith(b"{"):
            continue
        try:
            line = json.loads(raw)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            yield line


def _add_test(session: _Session, line: Mapping[str, object]) -> None:
    name = normalised(_text(line, "name", 4 * NAME_LENGTH))
    outcome = _outcome(line)
    if name.startswith(CANARY_PREFIX):
        session.canaries[name] = outcome
    elif name and outcome is not None and (name in session.tests or len(session.tests) < TESTS):
        name = session.prefix + name
        session.tests[name] = TestResult(
            name, outcome, _message(line), _path(session, line), _number(line, "line") or 0
        )


def _message(line: Mapping[str, object]) -> str:
    """The exception's class and the failure's words; the class first, because judging a collection error needs it."""
    words = visible(_text(line, "message", MESSAGE_LENGTH)).strip()
    exception = visible(_text(line, "exception", 100)).strip()
    if not exception or words.startswith(exception):
        return words
    return f"{exception}: {words}"[:MESSAGE_LENGTH] if words else exception


def _path(session: _Session, line: Mapping[str, object]) -> str:
    path = _shown(line, "path")
    return path.removeprefix(CHECKOUT + "/") if path.startswith("/") else session.prefix + path if path else ""


def _merged(sessions: Mapping[str, _Session]) -> tuple[TestResult, ...]:
    merged: dict[str, TestResult] = {}
    for session in sessions.values():
        for name, test in session.tests.items():
            other = merged.get(name)
            if other is None or worse(test.outcome, other.outcome):
                merged[name] = test
    return tuple(merged[name] for name in sorted(merged)[:TESTS])


def _prefix(root: str) -> str:
    """A session's root below the checkout with a slash, so that two sessions in two folders do not share names."""
    below = visible(root).removeprefix(CHECKOUT).strip("/")
    return f"{below}/" if below and root.startswith(CHECKOUT + "/") else ""


def _outcome(line: Mapping[str, object]) -> TestOutcome | None:
    try:
        return TestOutcome(_text(line, "outcome", 20))
    except ValueError:
        return None


def _shown(line: Mapping[str, object], key: str) -> str:
    return " ".join(visible(_text(line, key, NAME_LENGTH)).split())


def _text(line: Mapping[str, object], key: str, limit: int) -> str:
    value = line.get(key)
    return value[:limit] if isinstance(value, str) else ""


def _number(line: Mapping[str, object], key: str) -> int | None:
    value = line.get(key)
    return value if type(value) is int and 0 <= value < 1 << 31 else None
