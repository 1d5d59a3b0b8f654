"""One of the two trees that a pull request's specs are read from."""

from bot.core.policy.model import RepositoryConfig
from bot.core.pulls import RepoRef
from bot.core.specs.layouts import SpecPlace, place_of
from bot.core.specs.model import Reading, Spec
from bot.core.specs.read import format_of
from bot.core.specs.source import MAX_BYTES
from bot.core.specs.tree import TreePaths
from bot.ids import TreeSha
from bot.workflows.house import House

LARGEST = 8 * MAX_BYTES
"""Of one file that is fetched: what is too large for a spec shall still be refused by the reader, with its place. Beyond that the run ends."""


class Side:
    """One of the two trees that are compared, its files read when they are wanted."""

    def __init__(self, house: House, repo: RepoRef, tree: TreeSha) -> None:
        self._house, self._repo = house, repo
        self._entries = {entry.path: entry for entry in house.git.entries(repo, tree)}
        self._known: dict[str, bytes] = {}
        self.paths = TreePaths.of(self._entries)

    def has(self, place: SpecPlace) -> bool:
        """Whatever it is: a link in a spec's place is a spec that cannot be read, and not one that was taken away."""
        return place.path in self.paths or bool(self.paths.below(place.path))

    def files(self, place: SpecPlace) -> dict[str, bytes]:
        """What the reader of a spec wants of this tree. Specs of one layout want many of the same files."""
        names = format_of(place).wanted(place, self.paths)
        unknown = [self._entries[name] for name in names if name not in self._known]
        self._known |= self._house.git.contents(self._repo, unknown, limit=LARGEST)
        return {name: self._known[name] for name in names if name in self._known}

    def content(self, path: str) -> bytes | None:
        """A file's bytes; None when there is no such file."""
        if path not in self._entries:
            return None
        return self._house.git.contents(self._repo, [self._entries[path]], limit=LARGEST).get(path)

    def reading(self, place: SpecPlace, config: RepositoryConfig) -> Reading:
        """What this tree says in a place."""
        if not self.has(place):
            return Reading(place.path, None, (), deleted=True)
        return format_of(place).read(place, self.files(place), config)

    def spec(self, path: str, config: RepositoryConfig) -> Spec | None:
        """The spec that this tree has at `path`, its file or folder; None when there is none that can be read."""
        place = place_of(path, config) or place_of(f"{path}/spec.md", config)
        files = self.files(place) if place is not None else {}
        if place is None or not self.has(place):
            return None
        return format_of(place).read(place, files, config).spec
