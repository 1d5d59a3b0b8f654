"""Reading a spec, whatever its format: which files it wants, what they say, and what the base had to say. Pure.

Nothing downstream knows the difference: every format gives the same `Reading`.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Reading, Spec, SpecFormat
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths


class Format(Protocol):
    """A format's reader. All three are pure and never raise, whatever the bytes; they take time linear in the files."""

    def wanted(self, place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
        """The files of a tree that reading the spec at `place` takes, its own and others it refers to."""

    def read(self, place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
        """The spec at the head; `files` holds what `wanted` named there. What cannot be read is a finding with its place."""

    def before(self, place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
        """What the base demanded in the same place: `files` holds what `wanted` named in the base's tree, `head` is the head's spec (None: it
        is gone). None when the base had nothing to say here."""


if TYPE_CHECKING:
    from bot.core.specs.formats import kiro, native, openspec, speckit

    READERS: tuple[Format, ...] = (native, speckit, kiro, openspec)

_MODULES = {
    SpecFormat.NATIVE: "native",
    SpecFormat.SPECKIT: "speckit",
    SpecFormat.KIRO: "kiro",
    SpecFormat.OPENSPEC: "openspec",
}


def format_of(place: SpecPlace) -> Format:
    """The reader of the format that a place says."""
    return _reader(place.format)


@cache
def _reader(which: SpecFormat) -> Format:
    """Loaded when the first spec of its format is read: loading all of them takes a linter as long as two hundred specs."""
    return cast(Format, import_module(f"bot.core.specs.formats.{_MODULES[which]}"))
