"""Reports what `unittest` runs, and in canary mode adds tests that must fail.

Loaded when a `TextTestRunner` starts to run. Standard library only, Python 3.8 or newer. See FORMAT.md for what is written.
"""

from __future__ import annotations

import collections
import itertools
import json
import os
import re
import sys
import unittest
from collections.abc import Callable, Iterator
from typing import Any

CHARACTERS = 1000
"""Of a name and of a failure's words, as in the pytest plugin."""

CROWDED_BYTES = 524_288
"""When the report is longer than this (half of what is read), failures are named without their text."""

PLANTED = "planted by the harness; a run in which this is green proves nothing"

NESTED = "SPECBOT_NESTED"
"""Set while tests run: what they start in their turn is not reported."""

_FRAME = re.compile(r'File "([^"\n]+)", line (\d{1,9})')
_numbers = itertools.count(1)


def run(original: Callable[..., Any], runner: Any, suite: Any) -> Any:
    """`TextTestRunner.run`, seen from outside. Only the outermost run of a process that no other runner started is reported."""
    if "SPECBOT_REPORT" not in os.environ or NESTED in os.environ:
        return original(runner, suite)
    session = _Session(os.environ["SPECBOT_REPORT"], os.environ.get("SPECBOT_TREE", "/ws"))
    canary = os.environ.pop("SPECBOT_CANARY", "")
    os.environ[NESTED] = "1"
    try:
        if canary:
            suite = unittest.TestSuite([suite, *_planted(canary, suite)])
        made = runner._makeResult

        def watched() -> Any:
            result = made()
            session.watch(result, canary)
            return result

        runner._makeResult = watched
        try:
            result = original(runner, suite)
        finally:
            del runner._makeResult
        session.end(result)
        return result
    finally:
        os.environ.pop(NESTED, None)
        if canary:
            os.environ["SPECBOT_CANARY"] = canary


def _planted(name: str, suite: Any) -> list[Any]:
    """In the module of the test that runs last: whatever is done to the tests there, so that they pass, is done to these too."""
    last = collections.deque(_leaves(suite), maxlen=1)
    module = type(last[0]).__module__ if last else "specbot"

    def fails(case: Any) -> None:
        raise AssertionError(PLANTED)

    def differs(case: Any) -> None:
        case.assertEqual(1, 2, PLANTED)  # noqa: PT009 - code under test may have replaced it

    names = {"__module__": module, f"test_{name}": fails, f"test_{name}_case": differs}
    kind: Any = type("Canary", (unittest.TestCase,), names)
    return [kind(f"test_{name}"), kind(f"test_{name}_case")]


def _leaves(suite: Any) -> Iterator[Any]:
    try:
        tests = iter(suite)
    except TypeError:
        yield suite
        return
    for test in tests:
        yield from _leaves(test)


class _Session:
    def __init__(self, report: str, tree: str) -> None:
        self._report = report
        self._tree = tree
        self._name = f"{os.getpid()}-u{next(_numbers)}"
        version = ".".join(str(part) for part in sys.version_info[:3])
        self._write(kind="session", v=1, runner="unittest", unittest=version, root=tree)

    def watch(self, result: Any, canary: str) -> None:
        def seen(name: str, outcome: str, failing: bool) -> None:
            original = getattr(result, name, None)
            if original is None:
                return

            def method(test: Any, *arguments: Any, **more: Any) -> Any:
                fault = arguments[0] if failing and arguments else None
                self._test(test, outcome, fault, canary, arguments[0] if outcome == "skipped" and arguments else "")
                return original(test, *arguments, **more)

            setattr(result, name, method)

        seen("addSuccess", "passed", False)
        seen("addFailure", "failed", True)
        seen("addError", "error", True)
        seen("addSkip", "skipped", False)
        seen("addExpectedFailure", "skipped", True)
        seen("addUnexpectedSuccess", "failed", False)
        self._watch_subtests(result, canary)

    def _watch_subtests(self, result: Any, canary: str) -> None:
        """A subtest that fails fails its test, which gets no other report then."""
        original = getattr(result, "addSubTest", None)
        if original is None:
            return

        def method(test: Any, subtest: Any, fault: Any) -> Any:
            if fault is not None:
                failed = issubclass(fault[0], test.failureException)
                self._test(test, "failed" if failed else "error", fault, canary, "")
            return original(test, subtest, fault)

        result.addSubTest = method

    def end(self, result: Any) -> None:
        status = 0 if result.wasSuccessful() else 1
        self._write(kind="end", exit=status, collected=int(result.testsRun), deselected=0)

    def _test(self, test: Any, outcome: str, fault: Any, canary: str, reason: object) -> None:
        method = str(getattr(test, "_testMethodName", ""))
        if canary and method in (f"test_{canary}", f"test_{canary}_case"):
            self._write(kind="test", name=f"specbot::{method[5:]}", outcome=outcome)
            return
        place: tuple[str, int] = ("", 0)
        exception, message = "", str(reason)
        if fault is not None:
            exception, message, place = _described(test, fault)
        path = self._below(place[0]) if place[0] else ""
        line = {"message": message[:CHARACTERS], "exception": exception, "path": path, "line": place[1]}
        self._write(kind="test", name=self._name_of(test, method)[:CHARACTERS], outcome=outcome, **line)

    def _name_of(self, test: Any, method: str) -> str:
        """`file::Class::method`, as pytest names it; a module that could not be loaded is its file."""
        kind = type(test)
        if kind.__name__ == "_FailedTest":
            return self._file_of(method) or self._file_in(str(getattr(test, "_exception", "")), method) or method
        file = getattr(sys.modules.get(kind.__module__), "__file__", None)
        if not method or not file:
            return str(test.id())
        return f"{self._below(file)}::{kind.__qualname__}::{method}"

    def _file_of(self, module: str) -> str:
        below = module.replace(".", os.sep)
        for folder in (os.getcwd(), *sys.path):
            for file in (f"{below}.py", os.path.join(below, "__init__.py")):
                path = os.path.abspath(os.path.join(folder, file))
                if path.startswith(self._tree + os.sep) and os.path.isfile(path):
                    return self._below(path)
        return ""

    def _file_in(self, words: str, module: str) -> str:
        """The file of a module by its bare name, where the words of its failed import show it: `tests.test_cut` is called `test_cut` there."""
        names = (f"{module}.py", os.path.join(module, "__init__.py"))
        shown = (file for file, _ in _FRAME.findall(words) if file.startswith(self._tree + os.sep))
        return next((self._below(file) for file in shown if file.endswith(tuple(os.sep + name for name in names))), "")

    def _below(self, file: str) -> str:
        path = os.path.abspath(file)
        return path[len(self._tree) + 1 :] if path.startswith(self._tree + os.sep) else path

    def _write(self, **line: Any) -> None:
        try:
            file = os.open(self._report, os.O_WRONLY | os.O_APPEND)
        except OSError:
            return
        try:
            if os.fstat(file).st_size > CROWDED_BYTES:
                line = {key: value for key, value in line.items() if key not in ("message", "path", "line")}
            told = {"kind": line.pop("kind"), "session": self._name, **line}
            kept = {
                key: value for key, value in told.items() if value not in ("", None) and (key, value) != ("line", 0)
            }
            os.write(file, json.dumps(kept).encode("ascii") + b"\n")
        except OSError:
            return
        finally:
            os.close(file)


def _described(test: Any, fault: Any) -> tuple[str, str, tuple[str, int]]:
    """Class, words and place of what was raised. What kept a module from being loaded is only told as text, its last line first."""
    kind, value, trace = fault
    words = str(value)
    if type(test).__name__ == "_FailedTest" and "\n" in words:
        last = [line for line in words.splitlines() if line.strip()][-1]
        name, _, rest = last.partition(": ")
        places = _FRAME.findall(words)
        return name.rpartition(".")[2], rest, (places[-1][0], int(places[-1][1])) if places else ("", 0)
    place = ("", 0)
    while trace is not None:
        code = trace.tb_frame.f_code
        if "__unittest" not in trace.tb_frame.f_globals and not code.co_filename.startswith("<"):
            place = (code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return kind.__name__, words, place
