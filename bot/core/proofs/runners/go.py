"""`go test`: read from what it prints, as JSON (`-json`, see `go doc test2json`) or as text, and given a canary in each package.

The variable GOFLAGS asks for JSON without touching the command. A test can print lines that look like the runner's own; in JSON they
are quoted, in text they are believed as far as the exit status and the canary agree.

The canary is a test file of its own in each folder that has tests. It sees a `TestMain` that ends with 0, an `init` that exits, a command
that throws the exit status away. It does not see code that knows its name, and it is not reached under `-short`-like build tags.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.runners.told import MESSAGE_LINES, UNREADABLE, Teller, Told, lines_of, number, told
from bot.core.proofs.scripts import without_comments

NAME = "go"

FOLDERS = 200
"""Folders that get a canary; a command that tests more packages is said to be not wholly reached."""

_OUTCOMES = {"pass": TestOutcome.PASSED, "fail": TestOutcome.FAILED, "skip": TestOutcome.SKIPPED}
_WORDS = {"PASS": "pass", "FAIL": "fail", "SKIP": "skip", "ok": "pass"}
_ENDED = re.compile(r" *--- (PASS|FAIL|SKIP): (\S{1,500}) \([\d.]+s\)")
_PACKAGE = re.compile(r"(ok|FAIL)\s+(\S{1,300})\s+(?:\(cached\)|[\d.]+s|\[.{1,60}\])")
_FAULT = re.compile(r"(?:vet: )?(?:\./)?([^\s:]{1,300}\.go):(\d{1,9})(?::\d{1,9})?: (.{1,500})")
_FAULTS_OF = re.compile(r"# (\S{1,300})(?: \[.{1,300}\])?")
_GRAMMAR = re.compile(r"syntax error|expected '?\S+'?, found|illegal character|not terminated")
_PACKAGE_CLAUSE = re.compile(r"(?m)^package[ \t]+([A-Za-z_]\w{0,100})")
_OTHER_JSON = re.compile(r"\bgo\s+(?:vet|list|build|run|install|generate|env|version|mod|get)\b")
_FILTER = re.compile(r"(\s-{1,2}(?:test\.)?run[= ])(?:'([^'\n]*)'|\"([^\"\n]*)\"|([^\s'\"|;&]+))")


def variables(script: str) -> dict[str, str]:
    """What makes `go test` name its tests: JSON, or `-v` where another go command of the script would understand `-json` differently."""
    return {"GOFLAGS": "-v" if _OTHER_JSON.search(without_comments(script)) else "-json"}


def listening(script: str) -> str:
    """The script with the planted test let through its `-run` filters."""
    return _FILTER.sub(lambda found: f"{found[1]}'{found[2] or found[3] or found[4] or ''}|^TestSpecbotCanary'", script)


def plants(paths: Sequence[str], read: Callable[[str], str], token: str) -> dict[str, str]:
    """A failing test for each folder with tests, by path. `token` is 16 hex digits; `read` gives a file's text, "" where there is none."""
    beside = {path.rpartition("/")[0]: path for path in sorted(paths) if path.endswith("_test.go")}
    planted: dict[str, str] = {}
    for folder, path in list(beside.items())[:FOLDERS]:
        package = _PACKAGE_CLAUSE.search(read(path))
        if package:
            name = f"{folder}/" if folder else ""
            planted[f"{name}specbot_canary_{token}_test.go"] = (
                f'package {package[1]}\n\nimport "testing"\n\n'
                f'func TestSpecbotCanary{token}(t *testing.T) {{ t.Fatal("planted: a run in which this is green proves nothing") }}\n'
            )
    return planted


@dataclass(slots=True)
class _Run:
    """The packages of one output, and what was printed for tests that have not ended."""

    packages: dict[str, Teller] = field(default_factory=dict)
    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    running: dict[tuple[str, str], None] = field(default_factory=dict)
    faults: str = ""

    def package(self, name: str) -> Teller:
        return self.packages.setdefault(name, Teller(NAME))

    def end(self, package: str, outcome: str) -> None:
        teller = self.package(package)
        for key in [key for key in self.running if key[0] == package]:
            del self.running[key]
            teller.add(f"{package}::{key[1]}", TestOutcome.ERROR, "the test did not come to its end")
        if outcome == "fail" and not teller.red:
            teller.add(package, TestOutcome.ERROR, "\n".join(self.texts.get((package, ""), ())))
        teller.exit_status = 1 if outcome == "fail" else 0


def read(output: str) -> Told | None:
    """The named tests of `go test`'s output, `package::Test/subtest`; None when no package reported. Never raises."""
    run = _Run()
    for line in lines_of(output):
        event = _event(line) if line.startswith("{") else None
        if event is not None:
            _take(run, event)
        elif not _fault(run, line):
            _text_line(run, line)
    # A package in which no test is named had none.
    return told(one for one in run.packages.values() if one.tests or one.canaries)


def _event(line: str) -> Mapping[str, object] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("Action"), str) else None


def _take(run: _Run, event: Mapping[str, object]) -> None:
    action, package, test = (_text(event, key) for key in ("Action", "Package", "Test"))
    key = (package, test)
    if action == "build-output" or (action == "output" and not test):
        for line in lines_of(_text(event, "Output")):
            if not _fault(run, line) and line and package:
                _keep(run, key, line)
    elif not package:
        return
    elif action == "run" and test:
        run.package(package)
        run.running[key] = None
    elif action == "output":
        _keep(run, key, _text(event, "Output").rstrip())
    elif action in _OUTCOMES and test:
        run.running.pop(key, None)
        message = "\n".join(run.texts.pop(key, ())) if action != "pass" else ""
        run.package(package).add(f"{package}::{test}", _OUTCOMES[action], message)
    elif action in ("pass", "fail"):
        run.end(package, action)


def _keep(run: _Run, key: tuple[str, str], line: str) -> None:
    lines = run.texts.setdefault(key, [])
    if line.strip() and not line.lstrip().startswith(("=== ", "--- ")) and len(lines) < MESSAGE_LINES:
        lines.append(line.strip())


def _fault(run: _Run, line: str) -> bool:
    """A compiler's or vet's complaint belongs to the package named above it; the first one of a package is its message."""
    if heading := _FAULTS_OF.fullmatch(line):
        run.faults = heading[1].removesuffix("_test").removesuffix(".test")
        return True
    fault = _FAULT.fullmatch(line)
    if fault is None or not run.faults:
        return False
    words = f"{UNREADABLE}: {fault[3]}" if _GRAMMAR.search(fault[3]) else fault[3]
    run.package(run.faults).add(run.faults, TestOutcome.ERROR, words, fault[1], number(fault[2]))
    run.package(run.faults).exit_status = 1
    return True


def _text_line(run: _Run, line: str) -> None:
    """A line of the text form: tests of a package come before the line that names it."""
    if ended := _ENDED.fullmatch(line):
        run.package("").add(ended[2], _OUTCOMES[_WORDS[ended[1]]])
    elif package := _PACKAGE.match(line):
        run.faults = ""
        _close(run, package[2], _WORDS[package[1]], "[no tests to run]" in line)


def _close(run: _Run, package: str, outcome: str, empty: bool) -> None:
    before, teller = run.packages.pop("", Teller(NAME)), run.package(package)
    for name, test in before.tests.items():
        teller.add(f"{package}::{name}", test.outcome, test.message)
    teller.canaries |= before.canaries
    if outcome == "pass" and not empty and not teller.tests:
        teller.add(package, TestOutcome.PASSED)
    run.end(package, outcome)


def _text(event: Mapping[str, object], key: str) -> str:
    value = event.get(key)
    return value if isinstance(value, str) else ""
