"""Trusted files: tests and test-runner configuration as they were at the starting head. An implementer's version proves nothing.

Before anything is executed, the trusted files of the starting head are laid over the base tree and over the candidate tree:
changed ones are put back, deleted ones restored, added ones dropped.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.core.patterns import BadPattern, PathPatterns, path_patterns, readable_patterns
from bot.core.ports.git import TreeEntry
from bot.errors import ConfigFault

TESTS = (
    "**/tests/**",
    "/test/**",
    "**/test_*.py",
    "**/*_test.py",
    "**/__tests__/**",
    "**/*.test.js",
    "**/*.test.jsx",
    "**/*.test.ts",
    "**/*.test.tsx",
    "**/*.test.mjs",
    "**/*.spec.js",
    "**/*.spec.jsx",
    "**/*.spec.ts",
    "**/*.spec.tsx",
    "**/*_test.go",
)
"""Where tests and their data lie, by the runners' own conventions. `test/` only at the root: deeper it is often product code."""

RUNNER = (
    "**/conftest.py",
    "**/pytest.ini",
    "**/.pytest.ini",
    "**/pytest.toml",
    "**/.pytest.toml",
    "**/tox.ini",
    "**/setup.cfg",
    "**/pyproject.toml",
    "**/.coveragerc",
    "**/noxfile.py",
    "**/sitecustomize.py",
    "**/usercustomize.py",
    "**/*.pth",
    "**/*.dist-info/**",
    "**/*.egg-info/**",
    "**/jest.config.*",
    "**/vitest.config.*",
    "**/.cargo/config",
    "**/.cargo/config.toml",
)
"""What steers a test run without being a test: configuration, plugins (also those that a folder of package metadata registers), and what
an interpreter loads by itself at its start."""

SHADOWS = (
    *("/pytest.py", "/pytest/**", "/_pytest/**", "/pluggy.py", "/pluggy/**", "/iniconfig/**", "/specbot_pytest.py"),
    *(
        "/src/pytest.py",
        "/src/pytest/**",
        "/src/_pytest/**",
        "/src/pluggy.py",
        "/src/pluggy/**",
        "/src/specbot_pytest.py",
    ),
)
"""Modules that would be imported instead of the runner, because the checkout comes first on Python's path."""


@dataclass(frozen=True, slots=True)
class TrustedPaths:
    """Which paths are trusted. `tests` are tests and their data, `runner` what steers the runs."""

    tests: PathPatterns
    runner: PathPatterns

    @classmethod
    def nothing(cls) -> "TrustedPaths":
        """No path at all."""
        return cls(path_patterns(()), path_patterns(()))

    def covers(self, path: str) -> bool:
        return self.tests.matches(path) or self.runner.matches(path)

    def is_test(self, path: str) -> bool:
        return self.tests.matches(path) and not self.runner.matches(path)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What makes a tree's trusted files those of the starting head, ready for `Git.with_files`."""

    put: dict[str, TreeEntry]
    drop: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        return not self.put and not self.drop


def trusted_paths(configured: Sequence[str] = ()) -> TrustedPaths:
    """The trusted paths of a repository; `configured` are its own gitignore patterns, where `!` takes back a default.

    Raises `ConfigFault` for a pattern that cannot be read: a prohibition that nobody understands must not fall away.
    """
    taken_back = [pattern for pattern in configured if pattern.startswith("!")]
    try:
        return TrustedPaths(path_patterns((*TESTS, *configured)), path_patterns((*RUNNER, *SHADOWS, *taken_back)))
    except BadPattern as error:
        hint = "mend the pattern under `trusted` in .github/specbot.yml"
        raise ConfigFault(f"a trusted pattern cannot be read: it {error}", hint=hint) from error


def overlay(
    head: Sequence[TreeEntry],
    tree: Sequence[TreeEntry],
    trusted: TrustedPaths,
    locked: Sequence[TreeEntry] = (),
    gone: Collection[str] = (),
) -> Overlay:
    """What has to be put into and dropped from `tree` (all its entries) so that its trusted files are those of `head`.

    `locked` are the contracts' files: they go before whatever the head has at their paths. `gone` are paths of the head that count as if it had
    nothing there. A file that stands where a trusted file's folder has to be, or below a trusted file's own path, is dropped too.
    """
    wanted = {entry.path: entry for entry in head if trusted.covers(entry.path) and entry.path not in gone}
    wanted |= {entry.path: entry for entry in locked}
    there = {entry.path: entry for entry in tree}
    put = {path: entry for path, entry in wanted.items() if _differs(there.get(path), entry)}
    added = {path for path in there if path not in wanted and trusted.covers(path)}
    folders = {folder for path in put for folder in _folders(path)}
    in_the_way = {path for path in there if path in folders or any(folder in put for folder in _folders(path))}
    return Overlay(put, tuple(sorted(added | in_the_way)))


def meant_to_go(
    head: Sequence[TreeEntry], candidate: Sequence[TreeEntry], trusted: TrustedPaths, removes: Iterable[str]
) -> frozenset[str]:
    """Tests of the head that the candidate has not any more and that the specs name under `removes:` (gitignore patterns). Proofs are run without
    them on either tree: put back, they would ask for what is meant to be gone."""
    wanted = readable_patterns(removes)
    there = {entry.path for entry in candidate}
    return frozenset(
        entry.path
        for entry in head
        if entry.path not in there and trusted.is_test(entry.path) and wanted.matches(entry.path)
    )


def _differs(entry: TreeEntry | None, wanted: TreeEntry) -> bool:
    return entry is None or (entry.blob, entry.mode) != (wanted.blob, wanted.mode)


def _folders(path: str) -> list[str]:
    """`a/b/c` -> `a`, `a/b`."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
