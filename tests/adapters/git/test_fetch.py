"""Commits come into the mirror by their ids, whatever happened before."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.adapters.git.commandline import GitProgram
from bot.adapters.git.git import GitCommandLine
from bot.adapters.sandbox.box_uids import BoxUids
from bot.errors import NotThere, Transient, Unsafe
from bot.ids import PrNumber, Sha
from tests.adapters.git.origin import REPO, NoTokens, Origin, adapter

UNKNOWN = Sha("1" * 40)


def mirror(tmp_path: Path) -> Path:
    return tmp_path / "state" / "mirrors" / "7.git"


def test_commits_come_with_their_history(git: GitCommandLine, origin: Origin) -> None:
    first = origin.commit({"a": b"1"})
    second = origin.commit({"a": b"2"}, first)
    side = origin.commit({"a": b"1", "b": b"1"}, first, branch="side")
    git.fetch(REPO, [second, side])
    assert git.merge_base(REPO, second, side) == first
    assert git.tree(REPO, side) == origin.git("rev-parse", f"{side}^{{tree}}")


def test_what_is_there_is_not_asked_for_again(git: GitCommandLine, origin: Origin) -> None:
    head = origin.commit({"a": b"1"})
    git.fetch(REPO, [head])
    shutil.rmtree(origin.path)
    git.fetch(REPO, [head, head])
    assert git.read(REPO, git.tree(REPO, head), "a") == b"1"


def test_a_commit_that_only_the_pull_request_ref_holds(git: GitCommandLine, origin: Origin) -> None:
    base = origin.commit({"a": b"1"})
    head = origin.commit_tree(origin.tree({"a": b"2"}), base)
    origin.git("update-ref", "refs/pull/5/head", head)
    git.fetch(REPO, [head, base], pull=PrNumber(5), branch="main")
    assert git.merge_base(REPO, head, base) == base


def test_what_ids_do_not_bring_is_looked_for_by_name(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    base = origin.commit({"a": b"1"})
    head = origin.commit({"a": b"2"}, base, branch="topic")
    # One unknown id makes a server refuse the whole request, as one that serves no ids at all would.
    with pytest.raises(NotThere, match=UNKNOWN):
        git.fetch(REPO, [base, head, UNKNOWN], branch="topic", pull=PrNumber(3))
    shutil.rmtree(origin.path)
    git.fetch(REPO, [base, head])
    assert git.merge_base(REPO, base, head) == base


@pytest.mark.parametrize("pull", [None, PrNumber(9)])
@pytest.mark.parametrize("branch", [None, "gone", "main"])
def test_an_unknown_commit_is_not_there(
    git: GitCommandLine, origin: Origin, pull: PrNumber | None, branch: str | None
) -> None:
    origin.commit({"a": b"1"})
    with pytest.raises(NotThere):
        git.fetch(REPO, [UNKNOWN], pull=pull, branch=branch)
    with pytest.raises(NotThere):
        git.tree(REPO, UNKNOWN)


def test_the_branch_is_asked_for_afresh(git: GitCommandLine, origin: Origin) -> None:
    assert git.branch_head(REPO, "main") is None
    first = origin.commit({"a": b"1"})
    origin.commit({"a": b"9"}, branch="x/main")
    assert git.branch_head(REPO, "main") == first
    second = origin.commit({"a": b"2"}, first)
    assert git.branch_head(REPO, "main") == second


def test_no_common_history(git: GitCommandLine, origin: Origin) -> None:
    one, other = origin.commit({"a": b"1"}), origin.commit({"a": b"1"}, branch="other", message="another root")
    git.fetch(REPO, [one, other])
    with pytest.raises(NotThere, match="no history"):
        git.merge_base(REPO, one, other)


def test_a_remote_that_is_gone(tmp_path: Path) -> None:
    git = adapter(tmp_path / "state", tmp_path / "nowhere")
    with pytest.raises(NotThere):
        git.branch_head(REPO, "main")
    (tmp_path / "nowhere").mkdir()
    with pytest.raises(NotThere):
        git.fetch(REPO, [UNKNOWN])


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% /tmp/x",
        "-uexec",
        "--upload-pack=touch x",
        "ssh://host/x",
        "git@host:x",
        "file:///etc",
        "http://example.org/x.git",
        "http://127.0.0.1.example.org/x",
        "https://user:secret@example.org/x.git",
        "https://example.org/x.git?y",
        "https://example.org/../x",
        "https://exa mple.org/x",
        "https://example.org/x\n",
        "https://",
        "/etc/../etc",
        "relative/path",
        "",
    ],
)
def test_only_https_loopback_and_paths_are_addresses(tmp_path: Path, url: str) -> None:
    git = GitCommandLine(tmp_path / "state", lambda repo: url, NoTokens(), BoxUids(tmp_path / "state"))
    with pytest.raises(Unsafe):
        git.branch_head(REPO, "main")


def test_eight_threads_use_one_mirror(git: GitCommandLine, origin: Origin) -> None:
    root = origin.commit({"a": b"0"})
    heads = [origin.commit({"a": b"0", f"f{n}": b"x"}, root, branch=f"b{n}") for n in range(16)]

    def work(head: Sha) -> bytes | None:
        git.fetch(REPO, [head, root])
        tree = git.tree(REPO, head)
        checkout = git.checkout(REPO, tree, f"task {head}")
        (checkout.path / "new").write_text(head)
        kept = git.keep_snapshot(checkout, git.snapshot(checkout))
        git.discard(checkout)
        return git.read(REPO, kept, "new")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, heads)) == [head.encode() for head in heads]


def test_two_processes_worth_of_adapters_share_a_state_directory(origin: Origin, tmp_path: Path) -> None:
    root = origin.commit({"a": b"0"})
    heads = [origin.commit({"a": str(n).encode()}, root, branch=f"b{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        adapters = [adapter(tmp_path / "state", origin.path) for _ in heads]
        list(pool.map(lambda pair: pair[0].fetch(REPO, [pair[1]]), zip(adapters, heads, strict=True)))
    assert [adapters[0].merge_base(REPO, root, head) for head in heads] == [root] * 8


def test_lock_files_of_a_killed_git_are_swept_aside(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    head = origin.commit({"a": b"1"})
    git.fetch(REPO, [head])
    later = origin.commit({"a": b"2"}, head)
    refs = mirror(tmp_path) / "refs" / "bot" / "commits"
    (refs / f"{later}.lock").write_text("")
    (mirror(tmp_path) / "packed-refs.lock").write_text("")
    git.fetch(REPO, [later])
    assert git.merge_base(REPO, head, later) == head


def test_a_half_made_mirror_is_made_anew(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    half = mirror(tmp_path).with_suffix(".new")
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/x\n")
    head = origin.commit({"a": b"1"})
    git.fetch(REPO, [head])
    assert git.read(REPO, git.tree(REPO, head), "a") == b"1"


def test_an_object_without_its_ref_is_not_believed(git: GitCommandLine, origin: Origin, tmp_path: Path) -> None:
    head = origin.commit({"a": b"1"})
    git.branch_head(REPO, "main")
    # As after a crash in the middle: the commit is there, what it refers to is not.
    loose = f"objects/{head[:2]}/{head[2:]}"
    target = mirror(tmp_path) / loose
    target.parent.mkdir(exist_ok=True)
    shutil.copy(origin.path / loose, target)
    git.fetch(REPO, [head])
    assert git.read(REPO, git.tree(REPO, head), "a") == b"1"


def test_a_time_out_ends_the_whole_group(tmp_path: Path) -> None:
    program = GitProgram(tmp_path)
    with pytest.raises(Transient, match="took longer"):
        program.run(tmp_path, ["-c", "alias.wait=!sleep 60", "wait"], seconds=0.2)


def test_too_much_output_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="said more"):
        GitProgram(tmp_path).run(tmp_path, ["-c", "alias.talk=!yes", "talk"], limit=1 << 20)


def test_a_clone_of_another_user(git: GitCommandLine, origin: Origin) -> None:
    head = origin.commit({"a": b"1"})
    for path in (origin.path, *origin.path.rglob("*")):
        # As a normal user this changes nothing; as root, git takes the clone for somebody else's.
        os.chown(path, os.geteuid() or 12345, -1)
    git.fetch(REPO, [head])
    assert git.branch_head(REPO, "main") == head


def test_a_clone_without_its_history(git: GitCommandLine, origin: Origin) -> None:
    first = origin.commit({"a": b"1"})
    head = origin.commit({"a": b"2"}, first)
    (origin.path / "shallow").write_text(f"{head}\n")
    (origin.path / "objects" / first[:2] / first[2:]).unlink()
    git.fetch(REPO, [head])
    assert git.read(REPO, git.tree(REPO, head), "a") == b"2"
    with pytest.raises(NotThere):
        git.merge_base(REPO, head, first)
