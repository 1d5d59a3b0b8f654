"""Trees that we build ourselves are those that git would write."""

import random

import pytest

from bot.adapters.git.checkout_state import Known
from bot.adapters.git.git import GitCommandLine
from bot.adapters.git.written import changed_folders, folders
from tests.adapters.git.origin import REPO, Origin, fetched

NAMES = ("a", "a.b", "a-b", "a0", "ab", "Z", "ü", "\udcff", "z z")
"""Git sorts a folder `a` between `a.b` and `a0`."""

MODES = ("100644", "100755", "120000", "160000")


def some_files(chance: random.Random, count: int) -> dict[str, Known]:
    """Files at random paths, of which none is another one's folder."""
    found: dict[str, Known] = {}
    for _ in range(count):
        path = "/".join(chance.choices(NAMES, k=chance.randint(1, 4)))
        under_another = any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in found)
        if not under_another:
            found[path] = Known("", chance.choice(MODES), f"{chance.getrandbits(160):040x}")
    return found


def written_by_git(origin: Origin, files: dict[str, Known]) -> str:
    (origin.path / "index").unlink(missing_ok=True)
    lines = (f"{file.mode} {file.blob}\t{path}".encode("utf-8", "surrogateescape") for path, file in files.items())
    origin.git("update-index", "-z", "--index-info", stdin=b"".join(line + b"\0" for line in lines))
    return origin.git("write-tree", "--missing-ok")


@pytest.mark.parametrize("seed", range(8))
def test_git_writes_the_same_tree(origin: Origin, seed: int) -> None:
    files = some_files(random.Random(seed), 40)
    assert folders(files).root == written_by_git(origin, files)


def test_nothing_is_the_empty_tree(origin: Origin) -> None:
    assert folders({}).root == written_by_git(origin, {})


@pytest.mark.parametrize("seed", range(40))
def test_only_what_lies_above_a_change_is_built(seed: int) -> None:
    chance = random.Random(seed)
    before = some_files(chance, 25)
    after = {path: file for path, file in before.items() if chance.random() < 0.8}
    for path, file in some_files(chance, 5).items():
        if not any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in after):
            after[path] = file
    touched = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    built = changed_folders(folders(before), after, touched)
    assert dict(built.ids) == dict(folders(after).ids)
    assert len(built.built) <= 1 + sum(path.count("/") for path in touched)


def test_content_of_any_length_is_stored(git: GitCommandLine, origin: Origin) -> None:
    """The length's form in a pack grows at 16 bytes and at every seventh bit more."""
    checkout = git.checkout(REPO, fetched(git, origin.commit({"a": b"a"})), "task")
    sizes = (0, 1, 15, 16, 2_047, 2_048, 262_143, 262_144, 3_000_000)
    for size in sizes:
        (checkout.path / f"of-{size}").write_bytes(random.Random(size).randbytes(size))
    kept = git.keep_snapshot(checkout, git.snapshot(checkout))
    for size in sizes:
        assert git.read(REPO, kept, f"of-{size}", limit=size) == random.Random(size).randbytes(size)


def test_a_tree_of_an_old_tool_keeps_its_unchanged_folders(git: GitCommandLine, origin: Origin) -> None:
    """Some wrote modes with a zero in front: such folders have ids that nobody would calculate today."""
    old = origin.raw_tree([("0100644", b"deep.py", origin.blob(b"deep\n"))])
    root = origin.raw_tree([("100644", b"a.py", origin.blob(b"a\n")), ("40000", b"old", old)])
    origin.point("refs/heads/main", origin.commit_tree(root))
    checkout = git.checkout(REPO, fetched(git, origin.head()), "task")
    (checkout.path / "a.py").write_text("changed\n")
    kept = git.keep_snapshot(checkout, git.snapshot(checkout))
    assert [change.path for change in git.changed(REPO, git.tree(REPO, origin.head()), kept)] == ["a.py"]
    (checkout.path / "old/deep.py").write_text("changed too\n")
    kept = git.keep_snapshot(checkout, git.snapshot(checkout))
    assert git.read(REPO, kept, "old/deep.py") == b"changed too\n"
