"""Specs are told by their place."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.places import is_spec, spec_paths


@pytest.mark.parametrize("path", ["specs/0001-cut.md", "specs/a/b/c.md", "docs/login.spec.md", "x.spec.md"])
def test_specs_by_default(path: str) -> None:
    assert is_spec(path, RepositoryConfig())


@pytest.mark.parametrize(
    "path",
    [
        "specs.md",
        "specs/notes.txt",
        "src/specs/a.md",
        "README.md",
        "node_modules/pkg/specs/a.md",
        "node_modules/pkg/x.spec.md",
        ".github/specs/a.spec.md",
        "specs/node_modules/a.md",
        ".git/x.spec.md",
    ],
)
def test_everything_else_by_default(path: str) -> None:
    assert not is_spec(path, RepositoryConfig())


def test_owners_choose_other_places() -> None:
    config = RepositoryConfig(specs=("plans/*.md", "!plans/README.md"))
    assert spec_paths(["plans/b.md", "plans/README.md", "plans/a.md", "specs/a.md", "plans/x/c.md"], config) == (
        "plans/a.md",
        "plans/b.md",
    )
    assert not is_spec(".github/a.md", RepositoryConfig(specs=("**",)))
