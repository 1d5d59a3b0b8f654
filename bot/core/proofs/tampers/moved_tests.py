"""Trusted tests that were moved and are still tests: the file is gone from its place and nothing is lost."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.trusted import TrustedPaths

_COLLECTED = ("test_*.py", "*_test.py", "*.test.*", "*.spec.*", "*_test.go", "*_test.rs", "test-*.js", "test.js")
"""Names by which runners find tests, wherever they lie."""


def moved_tests(files: Iterable[FileDiff], trusted: TrustedPaths) -> dict[str, FileDiff]:
    """By their old paths. A file that runners found by its name must be found by its new one too: a test nobody collects is deleted."""
    return {file.old: file for file in files if file.moved and _is_still_one(file, trusted)}


def _is_still_one(file: FileDiff, trusted: TrustedPaths) -> bool:
    found = _is_collected(file.new) or not _is_collected(file.old)
    same_kind = file.old.rpartition(".")[2] == file.new.rpartition(".")[2]
    return trusted.is_test(file.old) and trusted.is_test(file.new) and found and same_kind


def _is_collected(path: str) -> bool:
    return any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in _COLLECTED)
