"""Our judgement of names agrees with git's own."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.git.names import branch_ref, commit_id, new_path, path_fault, raw, text
from bot.errors import Unsafe
from tests.adapters.git.origin import Origin

BRANCHES = [
    "main",
    "specbot/run-1-2-abc-1",
    "a.b",
    "$(touch x)",
    "$(touch${IFS}x)",
    'zzz";echo${IFS}"hello";#',
    "a;b",
    "`id`",
    "-upload-pack=x",
    "--output=x",
    "../x",
    "refs/heads/../x",
    "x..y",
    ".x",
    "x/.y",
    "x.lock",
    "x.lock/y",
    "x/",
    "/x",
    "x//y",
    "x.",
    "x y",
    "x~1",
    "x^",
    "x:y",
    "x?",
    "x*",
    "x[1]",
    "x\\y",
    "x@{1}",
    "a@b",
    "HEAD",
    "x\ty",
    "x\ny",
    "x\x7f",
    "Grün/Ä",
    "\u202egnp",
    "",
]


def git_takes_branch(name: str) -> bool:
    command = ["git", "check-ref-format", "--branch", name]
    return subprocess.run(command, capture_output=True, check=False, env={"PATH": os.environ["PATH"]}).returncode == 0


def we_take_branch(name: str) -> bool:
    try:
        return branch_ref(name) == f"refs/heads/{name}"
    except Unsafe:
        return False


@pytest.mark.parametrize("name", BRANCHES)
def test_branch_names_as_git_takes_them(name: str) -> None:
    assert we_take_branch(name) == git_takes_branch(name)


@pytest.mark.parametrize("name", ["@", "HEAD", "\ud800"])
def test_names_that_mean_something_else_are_no_branches(name: str) -> None:
    assert not we_take_branch(name)


@settings(max_examples=60, deadline=None, database=None)
@given(st.text(alphabet="ab/.-@{~^:*[\\lock \x01ü", min_size=1, max_size=8))
def test_no_branch_is_taken_that_git_refuses(name: str) -> None:
    assert not we_take_branch(name) or git_takes_branch(name)


def test_a_branch_longer_than_github_allows_is_refused() -> None:
    assert branch_ref("ü" * 122) == "refs/heads/" + "ü" * 122
    with pytest.raises(Unsafe):
        branch_ref("ü" * 123)


@pytest.mark.parametrize(
    "value", ["", "HEAD", "abc", "A" * 40, "-" * 40, "a" * 39, "a" * 41, "a" * 40 + "\n", "é" * 40]
)
def test_only_full_ids_are_ids(value: str) -> None:
    with pytest.raises(Unsafe):
        commit_id(value)


PATHS = [
    "a",
    "a/b.txt",
    "src/git/x",
    ".github/workflows/x.yml",
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    "digit",
    "a\\b",
    "naïve.txt",
    "--output=x",
    "-rf",
    "a b",
    "a\nb",
    "..a/b..",
    "...",
    ".git",
    ".GIT",
    ".Git/config",
    "a/.git/hooks/x",
    ".git.",
    ".git ",
    ".git . .",
    ".git::$INDEX_ALLOCATION/x",
    ".git:x",
    "git~1",
    "GIT~1/config",
    "git~2",
    "a\\.git\\config",
    ".g\u200cit",
    "\ufeff.git/config",
    ".gi\u200dt",
    "..",
    "../x",
    "a/../b",
    ".",
    "./x",
    "a/./b",
    "/etc/passwd",
    "a//b",
    "a/",
]


def test_paths_as_git_takes_them(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "o.git")
    blob = origin.blob(b"x")
    environment = {"PATH": os.environ["PATH"], "GIT_DIR": str(origin.path), "HOME": "/nonexistent"}
    switches = ["git", "-c", "core.protectHFS=true", "-c", "core.protectNTFS=true"]
    numbered = [f"{number}/{path}" for number, path in enumerate(PATHS)]
    # Git leaves out, with a warning, each path that it would not write.
    lines = "".join(f"100644 {blob}\t{path}\0" for path in numbered).encode()
    subprocess.run(
        [*switches, "update-index", "-z", "--index-info"], input=lines, env=environment, capture_output=True, check=True
    )
    taken = subprocess.run(["git", "ls-files", "-z"], env=environment, capture_output=True, check=True).stdout
    assert [path for path in numbered if path_fault(path.encode()) is None] == sorted(
        taken.decode().split("\0")[:-1], key=numbered.index
    )
    assert path_fault(b"a") is None
    assert path_fault(b"..")
    assert path_fault(b"/a")


def test_names_that_no_file_system_holds_are_refused() -> None:
    assert path_fault(b"a" * 255) is None
    assert path_fault(b"a" * 256) == "is too long"
    assert path_fault(b"/".join([b"a" * 200] * 20)) == "is too long"
    assert path_fault(b"a\0b")
    assert path_fault(b"")


def test_bytes_that_are_no_text_survive_but_are_not_written_anew() -> None:
    assert raw(text(b"caf\xe9")) == b"caf\xe9"
    with pytest.raises(Unsafe):
        new_path(text(b"caf\xe9"))
    with pytest.raises(Unsafe):
        raw("\ud800")
