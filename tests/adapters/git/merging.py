"""One mirror, and merges of trees in it."""

from collections.abc import Mapping

from bot.adapters.git.git import GitCommandLine
from bot.core.ports import Merged
from bot.ids import TreeSha
from tests.adapters.git.origin import REPO, Content, Origin, fetched

LINES = b"".join(b"line %d\n" % n for n in range(1, 21))
BASE: Mapping[str, Content] = {"a.py": LINES, "docs/read.md": b"# Read\n"}


class Place:
    """One mirror and trees in it."""

    def __init__(self, git: GitCommandLine, origin: Origin) -> None:
        self.git, self.origin = git, origin

    def tree(self, files: Mapping[str, Content]) -> TreeSha:
        return fetched(self.git, self.origin.commit(files))

    def merge(
        self, ours: Mapping[str, Content], theirs: Mapping[str, Content], base: Mapping[str, Content] = BASE
    ) -> Merged:
        return self.git.merge(REPO, self.tree(base), self.tree(ours), self.tree(theirs))

    def files(self, tree: TreeSha) -> dict[str, bytes]:
        return dict(self.git.contents(REPO, self.git.entries(REPO, tree)))

    def paths(self, tree: TreeSha) -> list[str]:
        return [entry.path for entry in self.git.entries(REPO, tree)]
