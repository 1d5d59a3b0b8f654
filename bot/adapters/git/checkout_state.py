"""What we remember of a checkout between snapshots: JSON files in its private git directory, which the box never sees."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bot.adapters.git.names import tree_id
from bot.core.ports import Checkout, TreeEntry
from bot.errors import NotThere
from bot.ids import TreeSha

RULES = "rules"
"""The folder with the base tree's `.gitignore` files."""

_STATE = "snapshot.json"
_BASE = "base.json"


class Known(NamedTuple):
    """A file as the last snapshot saw it. An empty `stamp` means that it must be read again; a gitlink never has one.

    A tuple, because thousands are made for each snapshot, and a frozen dataclass takes several times as long.
    """

    stamp: str
    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class State:
    """The last snapshot: its tree, its files, and the paths found to be ignored (folders with a slash at the end)."""

    tree: TreeSha
    files: dict[str, Known]
    ignored: frozenset[str]


class Base:
    """The tree that a checkout was made from: its ignore rules hold, and what it tracks stays tracked."""

    def __init__(self, checkout: Checkout, snapshot: Iterable[str] = ()) -> None:
        """`snapshot` are the files of the last snapshot: they are tracked too."""
        self._file = checkout.git_dir / _BASE
        self._snapshot = snapshot

    @property
    def tree(self) -> TreeSha:
        return self._content[0]

    def tracks(self, path: str) -> bool:
        """Whether that file is tracked."""
        return path in self._paths

    def tracks_folder(self, path: str) -> bool:
        """Whether a tracked file lies below that folder, or a tracked gitlink in its place."""
        return path in self._folders

    @cached_property
    def _content(self) -> tuple[TreeSha, frozenset[str]]:
        stored = json.loads(_text(self._file))
        return tree_id(stored["tree"]), frozenset(stored["paths"])

    @cached_property
    def _paths(self) -> frozenset[str]:
        return self._content[1].union(self._snapshot)

    @cached_property
    def _folders(self) -> frozenset[str]:
        found = set(self._paths)
        for path in self._paths:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)


def store_base(checkout: Checkout, tree: TreeSha, entries: Iterable[TreeEntry]) -> None:
    """Remember what the checkout was made from."""
    _write(checkout.git_dir / _BASE, {"tree": tree, "paths": [entry.path for entry in entries]})


def load_state(checkout: Checkout) -> State:
    """The last snapshot's state. Raises `NotThere` when the checkout is gone or was never finished."""
    stored = json.loads(_text(checkout.git_dir / _STATE))
    files = {path: Known._make(facts) for path, facts in stored["files"].items()}
    return State(tree_id(stored["tree"]), files, frozenset(stored["ignored"]))


def store_state(checkout: Checkout, state: State) -> None:
    """Remember a snapshot; replaced in one step."""
    _write(checkout.git_dir / _STATE, {"tree": state.tree, "files": state.files, "ignored": sorted(state.ignored)})


def forget_state(checkout: Checkout) -> None:
    """Until the next `store_state` the checkout counts as unfinished."""
    (checkout.git_dir / _STATE).unlink(missing_ok=True)


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except FileNotFoundError:
        raise NotThere(
            "the checkout is gone or unfinished", hint="make it anew and restore the last snapshot"
        ) from None


def _write(file: Path, content: object) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(content))
    draft.replace(file)
