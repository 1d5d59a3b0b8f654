"""Objects on their way between git directories: as thin packs, checked by fsck where they arrive."""

from pathlib import Path

from bot.adapters.git.commandline import TOLERATED_FLAWS, GitProgram
from bot.adapters.git.faults import local_fault
from bot.adapters.git.names import commit_id, tree_id
from bot.errors import Defect, Unsafe
from bot.ids import Sha, TreeSha

MAX_PACK_BYTES = 256 << 20
"""An agent's work on top of its base; GitHub refuses single files above 100 MiB."""

UNPACK_BELOW = 500
"""Packs with fewer objects become loose ones: a mirror with thousands of small packs is slow to look things up in."""

_HEADER_BYTES = 12
_COUNT_AT = 8


def pack(program: GitProgram, git_dir: Path, tree: TreeSha, without: TreeSha) -> bytes:
    """Every object of `tree` that is not in the tree `without`, as a thin pack."""
    return _pack(program, git_dir, tree_id(tree), tree_id(without), MAX_PACK_BYTES)


def pack_commit(program: GitProgram, git_dir: Path, commit: Sha, beyond: Sha, limit: int) -> bytes:
    """Every object that `commit` has and `beyond` has not, as a thin pack. Raises `Unsafe` for more than `limit` bytes, `NotThere`."""
    return _pack(program, git_dir, commit_id(commit), commit_id(beyond), limit)


def _pack(program: GitProgram, git_dir: Path, wanted: str, without: str, limit: int) -> bytes:
    revisions = f"{wanted}\n^{without}\n".encode()
    command = ["pack-objects", "--quiet", "--revs", "--thin", "--stdout", "--delta-base-offset"]
    return program.check(git_dir, command, stdin=revisions, limit=limit)


def unpack(program: GitProgram, git_dir: Path, data: bytes) -> None:
    """The pack's objects are in `git_dir`, checked, with all that they refer to. Raises `Unsafe`, `NotThere` (its base is missing)."""
    if len(data) > MAX_PACK_BYTES or len(data) < _HEADER_BYTES or data[:4] != b"PACK":
        raise Unsafe("this is no pack of ours", hint="the stored snapshot is damaged; start the task anew")
    if int.from_bytes(data[_COUNT_AT:_HEADER_BYTES]) < UNPACK_BELOW:
        command = ["unpack-objects", "-q", "--strict"]
    else:
        tolerated = ",".join(f"{flaw}=ignore" for flaw in TOLERATED_FLAWS)
        command = ["index-pack", f"--strict={tolerated}", "--fix-thin", "--stdin"]
    ended = program.run(git_dir, command, stdin=data)
    if ended.code:
        fault = local_fault(command[0], ended.err)
        # The data came from outside: what git says of it is never a defect of ours.
        raise Unsafe(f"the pack is damaged: {fault.message}") if isinstance(fault, Defect) else fault


def has_tree(program: GitProgram, git_dir: Path, tree: TreeSha) -> bool:
    """Whether that tree is in `git_dir`, then with all that lies in it: whatever git writes, it writes what is inside first."""
    return _type(program, git_dir, tree_id(tree)) == "tree"


def has_commit(program: GitProgram, git_dir: Path, commit: Sha) -> bool:
    """Whether that commit is in `git_dir`."""
    return _type(program, git_dir, commit_id(commit)) == "commit"


def _type(program: GitProgram, git_dir: Path, object_id: str) -> str:
    """Git's word for what kind of object it is; for one that is not there, a sentence."""
    asked = program.check(git_dir, ["cat-file", "--batch-check=%(objecttype)"], stdin=f"{object_id}\n".encode())
    return asked.decode().strip()
