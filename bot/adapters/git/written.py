"""Trees and blobs written without git's index: we know every file of a snapshot, so only the folders above a change are built anew.

Git checks what it is given (`packs.unpack` is strict): an entry in the wrong order, a missing object or a wrong id is refused.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.adapters.git.names import raw

_TREE = "40000"
"""The mode of a folder in a tree."""

_BLOB_KIND, _TREE_KIND = 3, 2
"""Kinds of objects in a pack (git documentation, gitformat-pack)."""

_QUICK = 1
"""zlib's level: the objects are packed again for the bundle, so time counts more than size."""


class Entry(Protocol):
    """A file in a tree."""

    @property
    def mode(self) -> str: ...

    @property
    def blob(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Folders:
    """The tree ids of all folders of a snapshot ("" is its root), and the contents of those that were built."""

    ids: Mapping[str, str]
    built: tuple[bytes, ...]

    @property
    def root(self) -> str:
        return self.ids[""]


def folders(files: Mapping[str, Entry]) -> Folders:
    """All folders of a snapshot with these files, as git writes them today.

    Old tools wrote some trees otherwise (modes with a zero in front), so compare `root` with what git says before relying on the ids.
    """
    return _built(files, _above(files), {})


def changed_folders(before: Folders, files: Mapping[str, Entry], touched: Iterable[str]) -> Folders:
    """The folders of `files`, which differ from those of `before` only at the `touched` paths; `built` are the ones above these."""
    above = _above(touched)
    return _built(files, above, {folder: tree for folder, tree in before.ids.items() if folder not in above})


def pack(blobs: Iterable[bytes], trees: Iterable[bytes]) -> bytes:
    """A pack of whole objects."""
    objects = [_packed(_BLOB_KIND, content) for content in blobs] + [_packed(_TREE_KIND, content) for content in trees]
    body = b"".join([b"PACK" + (2).to_bytes(4) + len(objects).to_bytes(4), *objects])
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _built(files: Mapping[str, Entry], anew: set[str], ids: dict[str, str]) -> Folders:
    """Build the folders `anew`; `ids` are those of all others."""
    entries: dict[str, list[tuple[bytes, bytes]]] = {folder: [] for folder in anew}
    for path, file in files.items():
        folder, _, name = path.rpartition("/")
        if folder in entries:
            entries[folder].append(_entry(name, file.mode, file.blob))
    for path, tree in ids.items():
        folder, _, name = path.rpartition("/")
        if folder in entries:
            entries[folder].append(_entry(name, _TREE, tree))
    built = []
    for path in sorted(anew, key=_depth, reverse=True):
        if not entries[path] and path:
            continue  # git knows no empty folders
        content = b"".join(line for _, line in sorted(entries[path]))
        ids[path] = hashlib.sha1(b"tree %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
        built.append(content)
        if path:
            folder, _, name = path.rpartition("/")
            entries[folder].append(_entry(name, _TREE, ids[path]))
    return Folders(ids, tuple(built))


def _entry(name: str, mode: str, blob: str) -> tuple[bytes, bytes]:
    """Where it stands among its neighbours, and its line. Git sorts a folder as if its name ended with a slash."""
    path = raw(name)
    return path + b"/" if mode == _TREE else path, b"%b %b\0%b" % (mode.encode(), path, bytes.fromhex(blob))


def _above(paths: Iterable[str]) -> set[str]:
    """The folders above these paths, the root always among them."""
    found = {""}
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _packed(kind: int, content: bytes) -> bytes:
    """The kind and the length in git's variable-length form (four bits first, then seven a byte), and the content deflated."""
    head, size = (kind << 4) | (len(content) & 15), len(content) >> 4
    length = bytearray()
    while size:
        length.append(head | 0x80)
        head, size = size & 0x7F, size >> 7
    length.append(head)
    return bytes(length) + zlib.compress(content, _QUICK)
