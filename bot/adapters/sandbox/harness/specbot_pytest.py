"""pytest plugin: reports named results, and in canary mode adds a test that must fail.

Standard library and pytest (6.2 or newer) only, Python 3.8 or newer. See FORMAT.md for what is written.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Generator
from typing import Any

import pytest
from specbot_planted import Canary  # type: ignore[import-not-found]

NAME_CHARACTERS = 1000
"""Parametrized tests can have names of any length."""

MESSAGE_CHARACTERS = 1000
"""Enough for an assertion with both its sides; the whole text stands in the output."""

CROWDED_BYTES = 524_288
"""When the report is longer than this (half of what is read), failures are named without their text."""

OWN_OPTION = "-p specbot_pytest"

WORSE = {"passed": 0, "skipped": 1, "failed": 2, "error": 3}

_numbers = itertools.count(1)


def _write(report: str, line: dict[str, Any]) -> None:
    try:
        file = os.open(report, os.O_WRONLY | os.O_APPEND)
    except OSError:
        return
    try:
        if os.fstat(file).st_size > CROWDED_BYTES:
            line = {key: value for key, value in line.items() if key not in ("message", "path", "line")}
        os.write(file, json.dumps({key: value for key, value in line.items() if value != ""}).encode("ascii") + b"\n")
    except OSError:
        return
    finally:
        os.close(file)


class Hidden:
    """Our variables, kept from what tests start in their turn: it runs as it does without us."""

    def __init__(self) -> None:
        self._values = {name: os.environ.get(name) for name in ("SPECBOT_CANARY", "PYTEST_ADDOPTS")}
        os.environ.pop("SPECBOT_CANARY", None)
        os.environ["SPECBOT_NESTED"] = "1"
        others = os.environ.pop("PYTEST_ADDOPTS", "").replace(OWN_OPTION, "").strip()
        if others:
            os.environ["PYTEST_ADDOPTS"] = others

    def show(self, *names: str) -> None:
        if not names:
            os.environ.pop("SPECBOT_NESTED", None)
        for name in names or self._values:
            value = self._values[name]
            if value is not None:
                os.environ[name] = value


class Session:
    """One top-level pytest session: from before the first `conftest.py` to its end."""

    def __init__(self, report: str, root: str) -> None:
        self.canary = os.environ.get("SPECBOT_CANARY", "")
        self.hidden = Hidden()
        self.root = root
        self._report = report
        self._name = f"{os.getpid()}-{next(_numbers)}"
        self.write(kind="session", v=1, pytest=pytest.__version__, root=root)

    def write(self, **line: Any) -> None:
        kind = line.pop("kind")
        _write(self._report, {"kind": kind, "session": self._name, **line})


_opened: list[Session] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        # It runs the tests, its controller reports them.
        Hidden()
    elif "SPECBOT_REPORT" in os.environ:
        _opened.append(Session(os.environ["SPECBOT_REPORT"], str(early_config.rootpath)))


def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        config.pluginmanager.register(Canary(worker.get("specbot_canary", "")), "specbot-canary")
        config.pluginmanager.register(Exceptions(), "specbot-exceptions")
    elif _opened:
        session = _opened.pop()
        config.add_cleanup(session.hidden.show)
        config.pluginmanager.register(Canary(session.canary), "specbot-canary")
        config.pluginmanager.register(Exceptions(), "specbot-exceptions")
        config.pluginmanager.register(Reporter(session), "specbot-reporter")


class Exceptions:
    """Puts what was raised, and where, onto the reports; reports travel from xdist's workers with it."""

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, call: Any) -> Generator[None, Any, None]:
        outcome = yield
        if call.excinfo is not None and outcome.excinfo is None:
            outcome.get_result().specbot_exception = call.excinfo.type.__name__

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, Any, None]:
        outcome = yield
        if outcome.excinfo is not None:
            return
        report = outcome.get_result()
        call = getattr(report, "call", None)
        if report.outcome == "failed" and call is not None and call.excinfo is not None:
            # pytest wraps what the import raised into an error of its own.
            raised = call.excinfo.value.__cause__ or call.excinfo.value
            report.specbot_exception = type(raised).__name__
            report.specbot_message = str(raised)
            report.specbot_place = list(_place_of(raised))


def _place_of(raised: BaseException) -> tuple[str, int]:
    if isinstance(raised, SyntaxError):
        return raised.filename or "", raised.lineno or 0
    place, frame = ("", 0), raised.__traceback__
    while frame is not None:
        if not frame.tb_frame.f_code.co_filename.startswith("<"):
            place = (frame.tb_frame.f_code.co_filename, frame.tb_lineno)
        frame = frame.tb_next
    return place


class Reporter:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._running: dict[str, dict[str, Any]] = {}
        self._deselected = 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        # xdist's workers read the options again; tests run only there.
        self._session.hidden.show("PYTEST_ADDOPTS")

    def pytest_deselected(self, items: list[Any]) -> None:
        self._deselected += len(items)

    def pytest_collectreport(self, report: Any) -> None:
        if report.outcome == "passed":
            return
        failed = report.outcome == "failed"
        path, line = getattr(report, "specbot_place", ("", 0))
        message = getattr(report, "specbot_message", "") or _message(report)
        self._write(
            report.nodeid,
            "error" if failed else "skipped",
            phase="collect",
            exception=getattr(report, "specbot_exception", ""),
            message=message,
            path=path,
            line=line,
        )

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome == "rerun":
            self._running.pop(report.nodeid, None)
            return
        test = self._running.setdefault(report.nodeid, {"outcome": ""})
        outcome = "error" if report.outcome == "failed" and report.when != "call" else report.outcome
        # Of a subtest only a failure speaks for its test; the test's own call report comes after it.
        counts = outcome in ("failed", "error") or not hasattr(report, "context")
        # Of equals the call speaks: only it knows of an expected failure that did not come.
        worse = WORSE.get(outcome, 3) - WORSE.get(test["outcome"], -1)
        if counts and (worse > 0 or (worse == 0 and report.when == "call")):
            test.update(_described(report, outcome))
        if report.when == "teardown":
            self._flush(report.nodeid)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: Any) -> Generator[None, Any, None]:
        yield
        for name in list(self._running):
            # It began and nobody saw it end: a crashed worker, an interrupt.
            self._running[name].update(outcome="error", message="the test did not come to its end")
            self._flush(name)
        self._session.write(
            kind="end",
            exit=int(session.exitstatus),
            collected=int(getattr(session, "testscollected", 0)),
            deselected=self._deselected,
        )

    def _flush(self, name: str) -> None:
        test = self._running.pop(name)
        self._write(name, test.pop("outcome") or "error", **test)

    def _write(self, name: str, outcome: str, **more: Any) -> None:
        canary, last = self._session.canary, name.rpartition("::")[2]
        if canary and canary in last:
            name = f"specbot::{canary}" if last == canary else f"specbot::{canary}_case"
        path = more.get("path") or ""
        if path.startswith(self._session.root + os.sep):
            more["path"] = os.path.relpath(path, self._session.root)
        if not more.get("line"):
            more.pop("line", None)
        more["message"] = (more.get("message") or "")[:MESSAGE_CHARACTERS]
        self._session.write(kind="test", name=name[:NAME_CHARACTERS], outcome=outcome, **more)


def _described(report: Any, outcome: str) -> dict[str, Any]:
    expected = hasattr(report, "wasxfail")
    if outcome == "passed":
        return {"outcome": outcome, "detail": "xpassed" if expected else ""}
    crash = getattr(getattr(report, "longrepr", None), "reprcrash", None)
    path, line = (crash.path, crash.lineno) if crash is not None else ("", 0)
    return {
        "outcome": outcome,
        "phase": report.when,
        "detail": "xfailed" if expected and outcome == "skipped" else "",
        "exception": "" if outcome == "skipped" else getattr(report, "specbot_exception", ""),
        "message": (report.wasxfail if expected else "") or _message(report),
        "path": str(path or ""),
        "line": int(line or 0),
    }


def _message(report: Any) -> str:
    shown = getattr(report, "longrepr", None)
    if isinstance(shown, tuple):
        return str(shown[2])
    crash = getattr(shown, "reprcrash", None)
    return str(crash.message if crash is not None else shown or "")
