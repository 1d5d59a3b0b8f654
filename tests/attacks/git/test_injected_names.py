"""Names that would be commands or options to somebody careless: refused cleanly or used as they are."""

import os
from pathlib import Path

import pytest

from bot.adapters.git.faults import plain, remote_fault
from bot.adapters.git.git import GitCommandLine
from bot.errors import Unsafe
from bot.ids import PrNumber, Sha
from tests.adapters.git.origin import BOT, REPO, Origin

BRANCHES = [
    "$(touch${IFS}x)",
    "`touch x`",
    "a;touch${IFS}x",
    'zzz";touch${IFS}"x";#',
    "a|touch${IFS}x",
    "a&&x",
    "-upload-pack=touch x",
    "--upload-pack=touch",
    "--output=x",
    "--exec=x",
    "refs/heads/../x",
    "../../x",
    "+main",
    "main:refs/heads/evil",
    "é" * 125,
    "\u202ecod.exe",
    "x\n--force",
    "*",
]


@pytest.mark.parametrize("branch", BRANCHES)
def test_branches(
    git: GitCommandLine, origin: Origin, tmp_path: Path, branch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    head = origin.commit({"a": b"1"})
    git.fetch(REPO, [head])
    commit = git.commit(REPO, git.tree(REPO, head), [head], "work", BOT)
    try:
        git.push(REPO, commit, branch, expected=None)
    except Unsafe:
        assert origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
        with pytest.raises(Unsafe):
            git.branch_head(REPO, branch)
        with pytest.raises(Unsafe):
            git.fetch(REPO, [Sha("1" * 40)], branch=branch)
    else:
        assert git.branch_head(REPO, branch) == commit
        assert origin.git("for-each-ref", "--format=%(refname)").split("\n") == sorted(
            [f"refs/heads/{branch}", "refs/heads/main"]
        )
        git.push(REPO, commit, branch, expected=None)
    assert git.branch_head(REPO, "main") == head
    assert os.listdir(here) == []


@pytest.mark.parametrize("value", ["--help", "-x", "HEAD", "main", "../x", "a" * 40 + "..", "a" * 40 + "^", "", "\n"])
def test_commits_and_trees_are_taken_by_full_id_only(git: GitCommandLine, origin: Origin, value: str) -> None:
    head = origin.commit({"a": b"1"})
    git.fetch(REPO, [head])
    tree = git.tree(REPO, head)
    evil = Sha(value)
    for call in (
        lambda: git.fetch(REPO, [evil], pull=PrNumber(1)),
        lambda: git.tree(REPO, evil),
        lambda: git.merge_base(REPO, evil, head),
        lambda: git.merge_base(REPO, head, evil),
        lambda: git.entries(REPO, type(tree)(value)),
        lambda: git.read(REPO, type(tree)(value), "a"),
        lambda: git.changed(REPO, tree, type(tree)(value)),
        lambda: git.diff(REPO, type(tree)(value), tree),
        lambda: git.checkout(REPO, type(tree)(value), "t"),
        lambda: git.commit(REPO, tree, [evil], "x", BOT),
        lambda: git.push(REPO, evil, "x", expected=None),
        lambda: git.push(REPO, head, "x", expected=evil),
    ):
        with pytest.raises(Unsafe):
            call()


def test_the_servers_words_are_shown_without_tricks() -> None:
    words = "remote: \x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x07 \u202egnp\u200b\rfatal: x\x00"
    assert plain(words) == "remote: red link gnpfatal: x"
    assert "\x1b" not in remote_fault("fetch", words).message
    assert len(plain("x" * 10_000)) <= 1500
