"""Which files are specs: told by their place, never by their content. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from bot.core.patterns import PathPatterns, readable_patterns
from bot.core.policy.model import RepositoryConfig

NEVER = frozenset({".github", "node_modules", ".git"})
"""Folders, at any depth, in which no spec is read: GitHub's own templates, other people's packages, git itself."""


def is_spec(path: str, config: RepositoryConfig) -> bool:
    """True when the file at `path` (relative, `/` between its parts) is a spec by the repository's globs."""
    return NEVER.isdisjoint(path.split("/")) and _globs(config.specs).matches(path)


def spec_paths(paths: Iterable[str], config: RepositoryConfig) -> tuple[str, ...]:
    """The specs among `paths`, in order."""
    return tuple(sorted(path for path in set(paths) if is_spec(path, config)))


@lru_cache(maxsize=64)
def _globs(specs: tuple[str, ...]) -> PathPatterns:
    return readable_patterns(specs)
