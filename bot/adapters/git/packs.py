"""Objects on their way between git directories: as thin packs, checked by fsck where they arrive."""

from pathlib import Path

from bot.adapters.git.commandline import TOLERATED_FLAWS, GitProgram
from bot.adapters.git.faults import local_fault
from bot.adapters.git.names import tree_id
from bot.errors import Defect, Unsafe
from bot.ids import TreeSha

MAX_PACK_BYTES = 256 << 20
"""An agent's work on top of its base; GitHub refuses single files above 100 MiB."""

UNPACK_BELOW = 500
"""Packs with fewer objects become loose ones: a mirror with thousands of small packs is slow to look things up in."""

_HEADER_BYTES = 12
_COUNT_AT = 8


def pack(program: GitProgram, git_dir: Path, tree: TreeSha, without: TreeSha) -> bytes:
    """Every object of `tree` that is not in the tree `without`, as a thin pack."""
    revisions = f"{tree_id(tree)}\n^{tree_id(without)}\n".encode()
    command = ["pack-objects", "--quiet", "--revs", "--thin", "--stdout", "--delta-base-offset"]
    return program.check(git_dir, command, stdin=revisions, limit=MAX_PACK_BYTES)


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
    """Whether that tree object can be read in `git_dir`."""
    asked = program.check(git_dir, ["cat-file", "--batch-check=%(objecttype)"], stdin=f"{tree_id(tree)}\n".encode())
    return asked.strip() == b"tree"
