"""Bare git repositories: heads, commits, diffs and merges are what git itself says they are."""
