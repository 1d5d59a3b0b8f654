"""What a canary run has more than another one: tests in pytest's session that must fail.

Standard library and pytest (6.2 or newer) only, Python 3.8 or newer. See FORMAT.md for what it can catch.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

PLANTED = "planted by the harness; a run in which this is green proves nothing"


class CanaryItem(pytest.Item):
    """The test that must fail, where no function of the repository is there to stand beside."""

    def runtest(self) -> None:
        raise AssertionError(PLANTED)

    def repr_failure(self, excinfo: Any, style: Any = None) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[str, int | None, str]:
        return ("specbot", None, self.name)


class Canary:
    def __init__(self, name: str) -> None:
        self._name = name

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> Generator[None, Any, None]:
        yield
        if self._name:
            # Last, so that `-x` does not keep the others from running.
            items.extend(_planted(self._name, session, items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["specbot_canary"] = self._name


def _planted(name: str, session: pytest.Session, items: list[pytest.Item]) -> list[pytest.Item]:
    """Tests that must fail, of each kind that is to run, in the module that runs last: whatever is done to the tests there, so that they
    pass, is done to these too."""
    functions = [item for item in items if isinstance(item, pytest.Function)]
    module = functions[-1].getparent(pytest.Module) if functions else None
    if module is None:
        return [CanaryItem.from_parent(session, name=name, nodeid=f"specbot::{name}")]
    planted: list[pytest.Item] = [pytest.Function.from_parent(module, name=name, callobj=_failing(name, module))]
    case: Any = next((parent for item in functions for parent in item.listchain() if _is_unittest(parent)), None)
    if case is not None:
        import unittest  # noqa: PLC0415 - only suites that use it pay for it

        tests = {f"test_{name}": lambda case: case.assertEqual(1, 2, PLANTED)}  # noqa: PT009 - code under test may have replaced it
        node = type(case).from_parent(module, name="Canary")
        node.obj = type("Canary", (unittest.TestCase,), tests)
        planted += node.collect()
    return planted


def _failing(name: str, module: Any) -> Callable[[], object]:
    """A function like the module's own tests: named like one, with that module's file and name. What is done to tests by such marks (in memory,
    by a trace) is done to it too."""
    file = str(getattr(module, "path", None) or module.fspath)
    names: dict[str, Any] = {"__name__": module.obj.__name__, "__file__": file}
    code = compile(f"def test_{name}():\n    raise AssertionError({PLANTED!r})\n", file, "exec", dont_inherit=True)
    exec(code, names)  # noqa: S102 - two lines of our own
    function: Callable[[], object] = names[f"test_{name}"]
    return function


def _is_unittest(node: Any) -> bool:
    return type(node).__name__ == "UnitTestCase" and type(node).__module__ == "_pytest.unittest"
