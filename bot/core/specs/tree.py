"""The paths of a tree, looked up by folder. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TreePaths:
    """All file paths of a tree, sorted."""

    paths: tuple[str, ...]

    @classmethod
    def of(cls, paths: Iterable[str]) -> "TreePaths":
        return cls(tuple(sorted(set(paths))))

    def below(self, folder: str) -> tuple[str, ...]:
        """The files in `folder` and its folders, in order."""
        prefix = f"{folder}/"
        return self.paths[bisect_left(self.paths, prefix) : bisect_left(self.paths, f"{folder}0")]

    def __contains__(self, path: str) -> bool:
        at = bisect_left(self.paths, path)
        return at < len(self.paths) and self.paths[at] == path
