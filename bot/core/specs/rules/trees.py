"""What rules ask a tree: its folders, which paths end so, whether a pattern matches anything. Looked up once for all specs of a tree. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bot.core.patterns import readable_patterns
from bot.core.specs.rules.patterns import fixed_folder
from bot.core.specs.tree import TreePaths


@dataclass(frozen=True)
class Tree:
    """The files of a tree with what was found out about them."""

    paths: frozenset[str]
    _known: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder, "" for the root."""
        found = {""}
        for path in self.paths:
            folder = path.rpartition("/")[0]
            while folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def has_file(self, ending: str) -> bool:
        """True when a file's path ends with these parts: a script may have gone into a folder before it named the rest."""
        return _some_ends(self._files_backwards, ending)

    def has_folder(self, ending: str) -> bool:
        """As `has_file`."""
        return _some_ends(self._folders_backwards, ending)

    def matches(self, pattern: str) -> bool:
        """True when a gitignore pattern matches a file."""
        if pattern not in self._known:
            folder = fixed_folder(pattern)
            inside = self._sorted.below(folder) if folder else self._sorted.paths
            self._known[pattern] = any(map(readable_patterns((pattern,)).matches, inside))
        return self._known[pattern]

    @cached_property
    def _sorted(self) -> TreePaths:
        return TreePaths.of(self.paths)

    @cached_property
    def _files_backwards(self) -> tuple[str, ...]:
        return _backwards(self.paths)

    @cached_property
    def _folders_backwards(self) -> tuple[str, ...]:
        return _backwards(self.folders)


@lru_cache(maxsize=4)
def tree_of(paths: frozenset[str]) -> Tree:
    """The tree with these files."""
    return Tree(paths)


def _backwards(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(f"/{path}"[::-1] for path in paths))


def _some_ends(backwards: tuple[str, ...], ending: str) -> bool:
    wanted = f"/{ending}"[::-1]
    at = bisect_left(backwards, wanted)
    return at < len(backwards) and backwards[at].startswith(wanted)
