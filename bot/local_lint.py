"""Linting and mending in somebody's work tree: which specs are meant, what there is to say about them, and what can be mended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.adapters.local.folder import Folder
from bot.core.policy.configuration import PATH, read_configuration
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import SpecPlace, place_of, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.mending import Mending, mend
from bot.core.specs.model import Finding, Reading, SpecFormat
from bot.core.specs.read import format_of
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths
from bot.errors import UserFault


@dataclass(frozen=True, slots=True)
class Chosen:
    """The specs that are meant, each once, in the order in which they were named, and the paths at which nothing is any more."""

    places: tuple[SpecPlace, ...]
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mended:
    """A spec as it was found, with its files, and what mending makes of it."""

    before: Reading
    files: Files
    mending: Mending

    @property
    def after(self) -> Reading:
        """What there is to say of it afterwards."""
        return replace(self.before, findings=self.mending.left)


@dataclass(frozen=True, slots=True)
class Bench:
    """A work tree with its configuration."""

    folder: Folder
    tree: TreePaths
    context: LintContext

    @classmethod
    def at(cls, start: Path) -> "Bench":
        """The work tree around `start`. Raises `ConfigFault` for a configuration that cannot be used."""
        folder = Folder.around(start)
        data = folder.read((PATH,)).get(PATH)
        tree = TreePaths.of(folder.paths())
        return cls(folder, tree, LintContext(frozenset(tree.paths), read_configuration(data, data)))

    @property
    def config(self) -> RepositoryConfig:
        return self.context.config

    def choose(self, paths: Iterable[Path], *, by_tool: bool = False) -> Chosen:
        """The specs that `paths` (files and folders) belong to, all specs when there are none.

        What a person names is read as a native spec wherever it stands; what a tool names is left out where no spec is expected. A file that
        is gone is looked for in the spec that it was part of. Raises `UserFault` when a person's words lead to no spec.
        """
        named = [self.folder.inside(path) for path in paths]
        if not named and not by_tool:
            named = ["."]
        found: dict[SpecPlace, None] = {}
        gone = []
        for path in named:
            places = tuple(self._of(path, by_tool=by_tool))
            found.update(dict.fromkeys(places))
            if not places and not (self.folder.root / path).exists():
                gone.append(path)
            elif not places and not by_tool:
                hint = f"specs are what matches {', '.join(self.config.specs)}, and the folders of other tools"
                raise UserFault("there is no spec here" if path == "." else f"there is no spec in {path}", hint=hint)
        if gone and not found and not by_tool:
            raise UserFault(f"there is no file {gone[0]}", hint="name a spec")
        return Chosen(tuple(found), tuple(gone))

    def lint(self, places: Iterable[SpecPlace]) -> list[Reading]:
        """The specs as they stand there, each with all that there is to say, and with what they say of each other."""
        readings = [format_of(place).read(place, self._files(place), self.config) for place in places]
        context = replace(self.context, depends={r.path: r.spec.depends for r in readings if r.spec is not None})
        return [replace(reading, findings=lint(reading, context)) for reading in readings]

    def mend(self, place: SpecPlace) -> Mended:
        """What mending would make of the spec; nothing is written."""
        files = self._files(place)

        def look(now: Files) -> tuple[Finding, ...]:
            return self._linted(place, now).findings

        return Mended(self._linted(place, files), files, mend(files, look, place.holds))

    def write(self, mended: Mended) -> None:
        """Put the mended files in their places; those that did not change are not touched."""
        for path, data in mended.mending.files.items():
            self.folder.replace(path, data)

    def _of(self, path: str, *, by_tool: bool) -> Iterator[SpecPlace]:
        there = self.folder.root / path
        if there.is_dir():
            own = place_of(f"{path}/spec.md", self.config)
            whole = own is not None and own.path != f"{path}/spec.md" and own.holds(path)
            inside = self.tree.paths if path == "." else self.tree.below(path)
            yield from [own] if own is not None and whole else places_of(inside, self.config)
            return
        place = place_of(path, self.config)
        if there.exists():
            if place is not None or not by_tool:
                yield place or SpecPlace(path, SpecFormat.NATIVE)
        elif place is not None and self.tree.below(place.path):
            yield place

    def _files(self, place: SpecPlace) -> Files:
        return self.folder.read(format_of(place).wanted(place, self.tree) or (place.path,))

    def _linted(self, place: SpecPlace, files: Files) -> Reading:
        reading = format_of(place).read(place, files, self.config)
        return replace(reading, findings=lint(reading, self.context))
