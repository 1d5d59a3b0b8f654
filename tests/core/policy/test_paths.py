"""What an agent changed, judged by paths and modes alone."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy.model import RepositoryConfig
from bot.core.policy.paths import (
    MAX_CHANGED_BYTES,
    MAX_CHANGED_FILES,
    FaultKind,
    judge_changes,
    judge_sizes,
    name_fault,
)
from bot.core.ports import ChangedFile, ChangeKind

PROTECTED = RepositoryConfig().protected


@dataclass(frozen=True)
class Change:
    path: str
    old_mode: str = "100644"
    new_mode: str = "100644"


def kinds(
    *changes: Change | str, scope: tuple[str, ...] = (), owns: tuple[str, ...] = (), **more: tuple[str, ...]
) -> list[FaultKind]:
    given = [Change(c) if isinstance(c, str) else c for c in changes]
    faults = judge_changes(given, scope=scope, owns=owns, protected=more.pop("protected", PROTECTED), **more)  # type: ignore[arg-type]  # one type for all keywords
    assert all(fault.reason.endswith(".") for fault in faults)
    return [fault.kind for fault in faults]


def test_what_the_scope_allows_may_stand() -> None:
    changes = [
        ChangedFile(ChangeKind.ADDED, "src/a.py", "000000", "100644", "b"),
        ChangedFile(ChangeKind.DELETED, "src/b.py", "100644", "000000", ""),
    ]
    assert judge_changes(changes, scope=["src/**"], protected=PROTECTED) == ()
    assert kinds("anything/at/all.py") == []


def test_the_scope_and_the_task_bound_what_is_written() -> None:
    assert kinds("docs/a.md", scope=("src/**",)) == [FaultKind.SCOPE]
    assert kinds("src/secret/a", scope=("src/**", "!src/secret/**")) == [FaultKind.SCOPE]
    assert kinds("src/b.py", scope=("src/**",), owns=("src/a.py",)) == [FaultKind.OWNER]
    assert kinds("src/a.py", scope=("src/**",), owns=("src/a.py",)) == []
    assert kinds("a", scope=("[",)) == [FaultKind.SCOPE]


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".GitHub/workflows/ci.yml",
        "CODEOWNERS",
        "docs/codeowners",
        "a/.gitattributes",
        ".gitmodules",
    ],
)
def test_protected_paths_win_over_any_scope_in_any_letters(path: str) -> None:
    assert FaultKind.PROTECTED in kinds(path, scope=("**",))


def test_protection_cannot_be_taken_back_or_broken() -> None:
    assert kinds(".github/x", protected=(".github/**", "!.github/x")) == [FaultKind.PROTECTED]
    assert kinds("a", protected=("[",)) == [FaultKind.PROTECTED]


def test_specs_are_not_edited_by_who_implements_them() -> None:
    assert kinds("specs/a.md", spec_paths=("specs/a.md",)) == [FaultKind.SPEC]
    assert kinds("specs/b.md", scope=("**",), spec_paths=("specs/a.md",)) == []


def test_links_submodules_and_odd_modes_are_refused() -> None:
    assert kinds(Change("a", "000000", "120000")) == [FaultKind.LINK]
    assert kinds(Change("a", "120000", "120000")) == [FaultKind.LINK]
    assert kinds(Change("a", "120000", "000000")) == []
    assert kinds(Change("a", "120000", "100644")) == []
    assert kinds(Change("a", "000000", "160000")) == [FaultKind.GITLINK]
    assert kinds(Change("a", "160000", "000000")) == [FaultKind.GITLINK]
    assert kinds(Change("a", "100644", "100755")) == []
    assert kinds(Change("a", "000000", "100664")) == [FaultKind.MODE]


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "a/.git",
        ".GIT/hooks/x",
        ".git./x",
        ".git /x",
        "git~1/x",
        "GIT~1",
        ".g\u200cit/x",
        ".git::$INDEX_ALLOCATION/x",
        "．git/config",
        ".Git",
    ],
)
def test_the_git_folder_in_disguise(path: str) -> None:
    assert kinds(path) == [FaultKind.GIT_FOLDER]


@pytest.mark.parametrize("path", [".gitignore", "git/x", "a.git/x", ".github2/x", "digit", "git~2"])
def test_names_that_only_look_similar(path: str) -> None:
    assert kinds(path) == []


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        "",
        ".",
        "./a",
        "a\\b",
        "a\nb",
        "a\x00",
        "a\u2028b",
        "\udcff",
        "x" * 300,
        "a/" * 2100 + "b",
    ],
)
def test_unsafe_names(path: str) -> None:
    assert kinds(path) == [FaultKind.NAME]


def test_names_that_some_file_systems_confuse() -> None:
    tree = ("src/Readme.md", "src/caf\u00e9.py", "lib/x.py")
    new = ("000000", "100644")
    assert kinds(Change("src/README.md", *new), tree_paths=tree) == [FaultKind.COLLISION]
    assert kinds(Change("src/cafe\u0301.py", *new), tree_paths=tree) == [FaultKind.COLLISION]
    assert kinds(Change("Lib/y.py", *new), tree_paths=tree) == [FaultKind.COLLISION]
    assert kinds(Change("a.py", *new), Change("A.py", *new)) == [FaultKind.COLLISION]
    assert kinds(Change("lib/y.py", *new), tree_paths=tree) == []
    assert kinds(Change("src/README.md", *new), Change("src/Readme.md", "100644", "000000"), tree_paths=tree) == []


def test_too_much_is_a_fault_of_every_path() -> None:
    many = [Change(f"src/{n}") for n in range(MAX_CHANGED_FILES + 1)]
    faults = judge_changes(many, scope=(), protected=())
    assert {fault.path for fault in faults} == {change.path for change in many}
    assert {fault.kind for fault in faults} == {FaultKind.FILES}
    assert judge_sizes({"a": MAX_CHANGED_BYTES}) == ()
    assert [(f.path, f.kind) for f in judge_sizes({"a": MAX_CHANGED_BYTES, "b": 1})] == [
        ("a", FaultKind.BYTES),
        ("b", FaultKind.BYTES),
    ]


@given(
    st.text(max_size=30),
    st.sampled_from(["000000", "100644", "120000", "x"]),
    st.lists(st.text(max_size=8), max_size=3),
)
def test_any_path_and_any_pattern_is_judged(path: str, mode: str, patterns: list[str]) -> None:
    faults = judge_changes([Change(path, "000000", mode)], scope=patterns, protected=patterns, tree_paths=patterns)
    assert all(fault.path == path for fault in faults)
    assert (name_fault(path) is None) or faults
