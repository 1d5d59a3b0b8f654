"""Specs are told by their place."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import is_spec, places_of
from bot.core.specs.model import SpecFormat


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
    found = places_of(["plans/b.md", "plans/README.md", "plans/a.md", "specs/a.md", "plans/x/c.md"], config)
    assert [place.path for place in found] == ["plans/a.md", "plans/b.md"]
    assert not is_spec(".github/a.md", RepositoryConfig(specs=("**",)))


@pytest.mark.parametrize(
    ("path", "spec", "format"),
    [
        ("specs/014-note-export/spec.md", "specs/014-note-export", SpecFormat.SPECKIT),
        ("specs/014-note-export/contracts/api.ts", "specs/014-note-export", SpecFormat.SPECKIT),
        ("specs/20260319-143022-login/tasks.md", "specs/20260319-143022-login", SpecFormat.SPECKIT),
        (".kiro/specs/csv-import/requirements.md", ".kiro/specs/csv-import", SpecFormat.KIRO),
        ("openspec/changes/add-login/specs/auth/spec.md", "openspec/changes/add-login", SpecFormat.OPENSPEC),
        ("openspec/changes/add-login/tasks.md", "openspec/changes/add-login", SpecFormat.OPENSPEC),
        ("openspec/specs/auth/login/spec.md", "openspec/specs/auth/login/spec.md", SpecFormat.OPENSPEC),
        ("specs/014-note-export.md", "specs/014-note-export.md", SpecFormat.NATIVE),
        ("specs/14-x/spec.md", "specs/14-x/spec.md", SpecFormat.NATIVE),
    ],
)
def test_the_place_says_the_format(path: str, spec: str, format: SpecFormat) -> None:
    [place] = places_of([path, path], RepositoryConfig())
    assert (place.path, place.format) == (spec, format)
    assert place.holds(path)


@pytest.mark.parametrize(
    "path",
    [
        ".kiro/steering/tech.md",
        ".kiro/settings/templates/specs/tasks.md",
        "openspec/changes/archive/2026-01-01-add-login/tasks.md",
        "openspec/changes/IMPLEMENTATION_ORDER.md",
        "openspec/config.yaml",
        "openspec/specs/README.md",
        "openspec/x.spec.md",
        "openspec",
        ".kiro",
        "packages/api/openspec/specs/auth/notes.md",
    ],
)
def test_what_lies_beside_foreign_specs_is_none(path: str) -> None:
    assert not is_spec(path, RepositoryConfig())


def test_a_format_that_is_switched_off_leaves_its_places_to_the_globs() -> None:
    config = RepositoryConfig(formats=(SpecFormat.NATIVE,))
    assert [p.format for p in places_of(["specs/001-a/b.md", "openspec/x.spec.md"], config)] == [SpecFormat.NATIVE] * 2
    assert not is_spec("specs/a.md", RepositoryConfig(formats=(SpecFormat.KIRO,)))
