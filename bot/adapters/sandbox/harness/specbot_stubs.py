"""Stand-ins for names that are missing: is a test red only because there is nothing yet, or also because nothing works yet?

`SPECBOT_STUBS` holds the kind (`nothing`: what is called returns nothing; `raises`: it raises) and the names: `text:cut` an attribute of a
module, `text.new:` a module, `@Text.cut` an attribute of a class, `!cut` a plain name. Nothing is written into the tree.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class StandInError(Exception):
    """Raised by a stand-in of the kind that raises."""


def install(told: str) -> None:
    kind, *names = told.split()
    wanted = _Wanted(kind == "raises")
    for name in names:
        if name.startswith("!"):
            if not hasattr(builtins, name[1:]):
                setattr(builtins, name[1:], wanted.stand_in(name[1:]))
        elif name.startswith("@"):
            kind_name, _, attribute = name[1:].partition(".")
            wanted.classes.setdefault(kind_name, []).append(attribute)
        else:
            module, _, attribute = name.partition(":")
            (wanted.attributes if attribute else wanted.modules).add(module)
    sys.meta_path.insert(0, wanted)
    sys.meta_path.append(_Absent(wanted))


class _Wanted:
    """Finds modules as the others do, and completes them once they are loaded."""

    def __init__(self, raises: bool) -> None:
        self._raises = raises
        self.modules: set[str] = set()
        self.attributes: set[str] = set()
        self.classes: dict[str, list[str]] = {}

    def stand_in(self, name: str) -> Any:
        def stub(*arguments: object, **named: object) -> None:
            if self._raises:
                raise StandInError(name)

        stub.__name__ = stub.__qualname__ = name
        return stub

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        parents = {module.rpartition(".")[0] for module in self.modules}
        if name not in self.attributes and name not in parents and not self.classes:
            return None
        for finder in sys.meta_path:
            if finder is self or isinstance(finder, _Absent):
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                self._completed(spec)
                return spec
        return None

    def _completed(self, spec: ModuleSpec) -> None:
        load = getattr(spec.loader, "exec_module", None)
        if load is None or isinstance(spec.loader, type):
            return

        def exec_module(module: ModuleType) -> None:
            load(module)
            self._complete(module)

        try:
            spec.loader.exec_module = exec_module  # type: ignore[union-attr, method-assign]
        except AttributeError:
            return

    def _complete(self, module: ModuleType) -> None:
        name = module.__name__
        if name in self.attributes:
            self.answer(module)
        if any(wanted.rpartition(".")[0] == name for wanted in self.modules) and not hasattr(module, "__path__"):
            module.__path__ = []
        for kind_name, attributes in self.classes.items():
            kind = module.__dict__.get(kind_name)
            if isinstance(kind, type) and kind.__module__ == name:
                for attribute in attributes:
                    if not hasattr(kind, attribute):
                        setattr(kind, attribute, self.stand_in(attribute))

    def answer(self, module: ModuleType) -> None:
        """Every name that the module lacks is there from now on, but for those of Python's own protocols."""
        before = module.__dict__.get("__getattr__")

        def answered(name: str) -> Any:
            if before is not None:
                try:
                    return before(name)
                except AttributeError:
                    pass
            if name.startswith("__"):
                raise AttributeError(name)
            return self.stand_in(name)

        module.__getattr__ = answered  # type: ignore[method-assign]


class _Absent:
    """Stands last: makes the wanted modules that nobody found."""

    def __init__(self, wanted: _Wanted) -> None:
        self._wanted = wanted

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        wanted = self._wanted.modules
        if name in wanted or any(module.startswith(f"{name}.") for module in wanted):
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        self._wanted.answer(module)
