"""Runs at the start of every Python in the box: counts it, sees it end, and is the canary of commands that run no tests.

Standard library only, Python 3.8 or newer. See FORMAT.md for what is written.
"""

from __future__ import annotations

import atexit
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Never imported in the box: every start of every Python would pay for it.
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

CANARY_EXIT = 97
"""The same number as in the package's `__init__`, which the box cannot import."""

CROWDED_BYTES = 262_144
"""When the report is longer than this, Pythons that were started by Pythons are no longer counted: the room belongs to named tests."""


def _write(report: str, line: str, depth: int) -> None:
    try:
        file = os.open(report, os.O_WRONLY | os.O_APPEND)
    except OSError:
        return
    try:
        if depth == 0 or os.fstat(file).st_size < CROWDED_BYTES:
            os.write(file, line.encode("ascii") + b"\n")
    except OSError:
        return
    finally:
        os.close(file)


def _depth() -> int:
    try:
        return int(os.environ.get("SPECBOT_DEPTH", "0"))
    except ValueError:
        return 0


def _watch_this_interpreter(report: str) -> None:
    depth, pid, canary = _depth(), os.getpid(), os.environ.get("SPECBOT_CANARY", "")

    def regular_end() -> None:
        if os.getpid() == pid:
            _write(report, f'{{"kind": "exit", "pid": {pid}}}', depth)
            if canary and depth == 0:
                _fail_as_canary(canary)

    # Registered before everything else, so that it runs after everything else.
    atexit.register(regular_end)
    version = ".".join(str(part) for part in sys.version_info[:3])
    _write(report, f'{{"kind": "python", "pid": {pid}, "depth": {depth}, "version": "{version}"}}', depth)
    os.environ["SPECBOT_DEPTH"] = str(depth + 1)
    if depth == 0:
        _watch_the_program(report)


def _watch_the_program(report: str) -> None:
    from importlib.util import module_from_spec, spec_from_file_location  # noqa: PLC0415 - needed at most starts anyway

    spec = spec_from_file_location(
        "specbot_main", os.path.join(os.path.dirname(os.path.abspath(__file__)), "specbot_main.py")
    )
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.watch(os.environ.get("SPECBOT_TREE", "/ws"), lambda line: _write(report, line, 0))


def _fail_as_canary(name: str) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.write(f"specbot::{name}\n")
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue
    os._exit(CANARY_EXIT)


OWN = ("specbot_pytest", "specbot_planted", "specbot_unittest", "specbot_stubs")


class _OwnPlugin:
    """Finds our modules here and nowhere else: `python -m pytest` looks in the tree under test before it looks here. Makes unittest tell us
    of its runs."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        if name in OWN:
            from importlib.util import spec_from_file_location  # noqa: PLC0415 - only runs of tests need it

            return spec_from_file_location(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py"))
        return _watched_unittest(path) if name == "unittest.runner" else None


def _watched_unittest(path: Sequence[str] | None) -> ModuleSpec | None:
    from importlib import import_module  # noqa: PLC0415 - only runs of tests need it
    from importlib.machinery import PathFinder  # noqa: PLC0415

    spec = PathFinder.find_spec("unittest.runner", path)
    if spec is None or spec.loader is None:
        return spec
    load = spec.loader.exec_module

    def exec_module(module: ModuleType) -> None:
        load(module)
        original = module.TextTestRunner.run

        def run(runner: object, suite: object) -> object:
            return import_module("specbot_unittest").run(original, runner, suite)

        module.TextTestRunner.run = run

    spec.loader.exec_module = exec_module  # type: ignore[method-assign]
    return spec


def _load_the_one_behind() -> None:
    """The environment may have a `sitecustomize` of its own, which ours hides. One of the tree under test is not loaded."""
    from importlib.machinery import PathFinder  # noqa: PLC0415 - most starts need it anyway, but only after ours is registered
    from importlib.util import module_from_spec  # noqa: PLC0415

    own = os.path.dirname(os.path.abspath(__file__))
    tree = os.environ.get("SPECBOT_TREE", "/ws")
    places = [place for place in map(os.path.abspath, sys.path) if place != own]
    found = PathFinder.find_spec(
        "sitecustomize", [place for place in places if place != tree and not place.startswith(tree + "/")]
    )
    if found is not None and found.loader is not None:
        found.loader.exec_module(module_from_spec(found))


if "SPECBOT_REPORT" in os.environ:
    _watch_this_interpreter(os.environ["SPECBOT_REPORT"])
    sys.meta_path.insert(0, _OwnPlugin)
    if os.environ.get("SPECBOT_STUBS"):
        from importlib import import_module

        import_module("specbot_stubs").install(os.environ["SPECBOT_STUBS"])
_load_the_one_behind()
