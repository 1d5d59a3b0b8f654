"""The same remote and adapter as in the adapter's own tests."""

from tests.adapters.git.conftest import git, origin

__all__ = ["git", "origin"]
