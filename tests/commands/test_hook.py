"""`.pre-commit-hooks.yaml`: the hook is asked about the files that are specs, and about no others."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import is_spec

FILE = Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml"
[HOOK] = yaml.safe_load(FILE.read_text())

PARTS = [
    "specs", ".kiro", "openspec", "changes", "archive", "spec.md", "x.spec.md", ".spec.md", "a.md", ".md", "014-export", "14-x", "014-", "a",
    "20260319-143022-login", "tasks.md", "api.ts", "node_modules", ".github", ".git", "spec.md.txt", "a.md.bak",
]  # fmt: skip


def asked(path: str) -> bool:
    """As pre-commit asks."""
    return re.search(HOOK["files"], path) is not None


def test_the_hook_calls_the_linter_once_for_all_files() -> None:
    assert (HOOK["id"], HOOK["language"], HOOK["pass_filenames"], HOOK["require_serial"]) == (
        "specbot-lint",
        "python",
        True,
        True,
    )
    assert HOOK["entry"].startswith("specbot lint")
    assert "--hook" in HOOK["entry"].split()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("specs/0001-cut.md", True),
        ("specs/a/b/c.md", True),
        ("docs/login.spec.md", True),
        ("x.spec.md", True),
        ("specs/014-note-export/spec.md", True),
        ("specs/014-note-export/contracts/api.ts", True),
        (".kiro/specs/csv-import/requirements.md", True),
        ("openspec/changes/add-login/specs/auth/spec.md", True),
        ("openspec/specs/auth/login/spec.md", True),
        ("specs/notes.txt", False),
        ("src/specs/a.md", False),
        ("README.md", False),
        ("node_modules/pkg/x.spec.md", False),
        (".github/x.spec.md", False),
        (".kiro/steering/tech.md", False),
        ("openspec/changes/archive/2026-01-01-add-login/tasks.md", False),
        ("openspec/config.yaml", False),
        ("openspec/x.spec.md", False),
        ("docs/x.spec.md.bak", False),
    ],
)
def test_files_of_specs_are_asked_about(path: str, expected: bool) -> None:
    assert asked(path) is expected
    assert is_spec(path, RepositoryConfig()) is expected


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("/".join))
def test_the_hook_and_the_bot_agree_about_every_path(path: str) -> None:
    assert asked(path) is is_spec(path, RepositoryConfig())
